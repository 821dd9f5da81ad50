package dev.quarry.graph.load;

import java.io.IOException;
import java.io.InputStream;

/// The lines of an edge list: two integers, anything behind them is passed over.
///
/// Reads bytes, not characters: this is the one parser whose speed a load of many edges shows.
final class EdgeLines implements AutoCloseable {
  private final Input input;
  private final InputStream stream;
  private final byte delimiter;
  private final byte[] buffer = new byte[1 << 18];
  private int at;
  private int end;
  private long line;
  private long source;
  private long target;
  private int wrongColumn;

  /// @param delimiter 0 for any of space, tab and comma
  EdgeLines(Input input, char delimiter, long skip) {
    this.input = input;
    this.stream = input.stream();
    this.delimiter = (byte) delimiter;
    for (long i = 0; i < skip && peek() >= 0; i++) {
      skipLine();
      line++;
    }
  }

  Input input() {
    return input;
  }

  /// Goes to the next line that is neither empty nor a comment; false at the end.
  boolean next() {
    while (true) {
      int first = skipBlanks();
      if (first < 0) {
        return false;
      }
      line++;
      if (first == '\n') {
        at++;
        continue;
      }
      if (first == '#' || first == '%') {
        skipLine();
        continue;
      }
      wrongColumn = 0;
      source = number(1);
      skipDelimiter();
      target = wrongColumn == 0 ? number(2) : 0;
      skipLine();
      return true;
    }
  }

  long line() {
    return line;
  }

  long source() {
    return source;
  }

  long target() {
    return target;
  }

  /// The column that is no integer, 0 if both are.
  int wrongColumn() {
    return wrongColumn;
  }

  private long number(int column) {
    int c = peek();
    boolean negative = c == '-';
    if (negative) {
      at++;
      c = peek();
    }
    long value = 0;
    int digits = 0;
    while (c >= '0' && c <= '9') {
      value = value * 10 + (c - '0');
      digits++;
      at++;
      c = at < end ? buffer[at] : peek();
    }
    boolean ends = c < 0 || isBlank(c) || c == '\n' || isDelimiter(c);
    if (digits == 0 || digits > 18 || !ends) {
      wrongColumn = column;
    }
    return negative ? -value : value;
  }

  private boolean isDelimiter(int c) {
    return delimiter == 0 ? c == ',' : c == delimiter;
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private void skipDelimiter() {
    int c = skipBlanks();
    if (c >= 0 && isDelimiter(c)) {
      at++;
      skipBlanks();
    }
  }

  private int skipBlanks() {
    int c = peek();
    while (isBlank(c)) {
      at++;
      c = peek();
    }
    return c;
  }

  private void skipLine() {
    while (true) {
      int c = at < end ? buffer[at] : peek();
      if (c < 0) {
        return;
      }
      at++;
      if (c == '\n') {
        return;
      }
    }
  }

  /// The next byte, -1 at the end.
  private int peek() {
    if (at < end) {
      return buffer[at];
    }
    try {
      end = Math.max(0, stream.read(buffer, 0, buffer.length));
    } catch (IOException e) {
      throw Input.unreadable(input.file(), e);
    }
    at = 0;
    return end == 0 ? -1 : buffer[0];
  }

  @Override
  public void close() {
    input.close();
  }
}
