package dev.quarry.graph.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts a CSV file into chunks between rows.
///
/// What follows the last row that ends in a chunk is kept for the next one. A chunk grows until a
/// row ends in it. Used by one thread at a time.
final class CsvChunks {
  static final int CHUNK_BYTES = 1 << 18;

  /// Bytes that one row may have.
  static final int MOST_ROW_BYTES = 1 << 24;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final Input input;
  private final InputStream stream;
  private final byte delimiter;
  private final int usual;
  private byte[] kept = {};
  private boolean isOver; // nothing follows that could be a row

  /// @param chunkBytes how many a chunk has, unless a row is longer
  CsvChunks(Input input, byte delimiter, int chunkBytes) {
    this.input = input;
    this.stream = new BufferedInputStream(input.stream(), 1 << 13);
    this.delimiter = delimiter;
    this.usual = chunkBytes;
  }

  CsvChunk newChunk() {
    return new CsvChunk(usual);
  }

  /// Goes over a byte order mark and lines that are not wanted, at the beginning of the file.
  ///
  /// @return how many lines there were, at most as many as are not wanted
  long pass(long lines) {
    try {
      stream.mark(BYTE_ORDER_MARK.length);
      if (!Arrays.equals(stream.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
        stream.reset();
      }
      long passed = 0;
      while (passed < lines && passLine()) {
        passed++;
      }
      return passed;
    } catch (IOException e) {
      throw Input.unreadable(input.file(), e);
    }
  }

  private boolean passLine() throws IOException {
    int c = stream.read();
    if (c < 0) {
      return false;
    }
    while (c >= 0 && c != '\n' && c != '\r') {
      c = stream.read();
    }
    if (c == '\r') {
      stream.mark(1);
      if (stream.read() != '\n') {
        stream.reset();
      }
    }
    return true;
  }

  /// The fields of the first row; what follows it comes with the first chunk.
  ///
  /// @param chunk to read it with; it says how many lines were read, and why the row is no CSV
  /// @return no fields if there is no row
  List<String> header(CsvChunk chunk) {
    int lines = 0;
    boolean found = false;
    while (!found && fill(chunk)) {
      int next = chunk.isTooLong ? failTooLong(chunk) : chunk.splitFirst(delimiter);
      lines += chunk.lines;
      found = chunk.rows() > 0 || chunk.failure != null;
      if (found) {
        keep(chunk, next);
      }
    }
    chunk.lines = lines;
    List<String> fields = new ArrayList<>();
    for (int i = 0; found && chunk.failure == null && i < chunk.fieldCount(0); i++) {
      fields.add(chunk.field(0, i));
    }
    return fields;
  }

  private void keep(CsvChunk chunk, int from) {
    byte[] all = Arrays.copyOfRange(chunk.text, from, chunk.end + kept.length);
    System.arraycopy(kept, 0, all, chunk.end - from, kept.length);
    kept = all;
    isOver = false;
  }

  /// Fills a chunk with whole rows.
  ///
  /// @return false if there are no more
  boolean fill(CsvChunk chunk) {
    if (isOver) {
      return false;
    }
    chunk.isTooLong = false;
    int room = Math.max(usual, kept.length);
    if (chunk.text.length != room + TextWords.MARGIN) {
      chunk.text = new byte[room + TextWords.MARGIN];
    }
    System.arraycopy(kept, 0, chunk.text, 0, kept.length);
    int length = kept.length;
    while (true) {
      int wanted = chunk.text.length - TextWords.MARGIN;
      length += read(chunk.text, length, wanted - length);
      boolean isLast = length < wanted;
      int rows = isLast ? length : afterLastRow(chunk.text, length, delimiter);
      if (isLast || rows > 0) {
        isOver = isLast;
        chunk.end = rows;
        kept = Arrays.copyOfRange(chunk.text, rows, length);
        chunk.bytesRead = input.bytesRead();
        return rows > 0;
      }
      if (wanted >= MOST_ROW_BYTES) {
        isOver = true;
        chunk.isTooLong = true;
        chunk.end = length;
        return true;
      }
      chunk.text =
          Arrays.copyOf(chunk.text, Math.min(2 * wanted, MOST_ROW_BYTES) + TextWords.MARGIN);
    }
  }

  private int read(byte[] target, int from, int count) {
    try {
      return stream.readNBytes(target, from, count);
    } catch (IOException e) {
      throw Input.unreadable(input.file(), e);
    }
  }

  byte delimiter() {
    return delimiter;
  }

  /// Finds the fields of a chunk that was filled. Any thread may do so.
  void split(CsvChunk chunk) {
    if (chunk.isTooLong) {
      failTooLong(chunk);
    } else {
      chunk.split(delimiter);
    }
  }

  private static int failTooLong(CsvChunk chunk) {
    chunk.failWhole(
        "a row has more than %d bytes; is a quote that opens in it never closed?"
            .formatted(MOST_ROW_BYTES));
    return chunk.end;
  }

  /// The place behind the last row that ends in a text, whose first row begins with it.
  static int afterLastRow(byte[] text, int length, byte delimiter) {
    return TextWords.has(text, length, (byte) '"')
        ? afterLastRowOfQuotes(text, length, delimiter)
        : afterLastLine(text, length);
  }

  /// A CR at the end may have an LF behind it.
  private static int afterLastLine(byte[] text, int length) {
    int at = length;
    while (at > 0 && text[at - 1] != '\n' && (text[at - 1] != '\r' || at == length)) {
      at--;
    }
    return at;
  }

  private static int afterLastRowOfQuotes(byte[] text, int length, byte delimiter) {
    int last = 0;
    boolean begins = true; // a field
    boolean isQuoted = false;
    for (int at = 0; at < length; at++) {
      byte c = text[at];
      if (isQuoted) {
        // Of two quotes within a field the first ends it, and the second begins it again: a field
        // still begins where its quotes end.
        isQuoted = c != '"';
      } else if (c == '"' && begins) {
        isQuoted = true;
      } else {
        boolean ends = CsvChunk.isLineEnd(c);
        begins = ends || c == delimiter;
        boolean isCrOfMore = c == '\r' && (at + 1 == length || text[at + 1] == '\n');
        last = ends && !isCrOfMore ? at + 1 : last;
      }
    }
    return last;
  }
}
