package dev.quarry.graph.load;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/// Counts the quotes of a text as it is read: an odd number at its end means that one of them was
/// never closed, which the CSV parser takes for a long field.
final class QuoteCounter extends FilterReader {
  private long quotes;

  QuoteCounter(Reader in) {
    super(in);
  }

  boolean isOdd() {
    return (quotes & 1) != 0;
  }

  @Override
  public int read() throws IOException {
    int c = super.read();
    quotes += c == '"' ? 1 : 0;
    return c;
  }

  @Override
  public int read(char[] target, int from, int length) throws IOException {
    int read = super.read(target, from, length);
    for (int i = from; i < from + read; i++) {
      quotes += target[i] == '"' ? 1 : 0;
    }
    return read;
  }
}
