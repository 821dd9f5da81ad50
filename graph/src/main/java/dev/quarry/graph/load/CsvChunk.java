package dev.quarry.graph.load;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A piece of a CSV file, cut between two rows, and where the fields of its rows are.
///
/// ```text
/// text     ┌────┬─┬────────┬──┬─┬───────────────┬──┬ ─ ─ ─ ┐
///          │ 17 │,│ Ulm    │\n│"│ Ulm ""a. D."" │" │       │
///          └────┴─┴────────┴──┴─┴───────────────┴──┴ ─ ─ ─ ┘
/// bounds    0  2   3      6       8 ...            end        from and to of each field in turn
/// first     field 0             field 2                       of each row, and behind the last
/// ```
///
/// The grammar is that of RFC 4180, with CR, LF or both at the end of a row: a field that begins
/// with a quote ends with one, and two of them within are one; elsewhere a quote is a character
/// like others. Rows without any character are passed over. What a quoted field says is moved
/// together where it lies, so every field is a range of the text. The byte at the end is a line end
/// put there, so that no loop has to look for the end. Used by one thread at a time.
final class CsvChunk {
  byte[] text;
  int end;

  /// Bytes of the file that were read by the end of this chunk.
  long bytesRead;

  /// Whether it is the beginning of a row that is longer than rows may be.
  boolean isTooLong;

  /// Line ends in this chunk.
  int lines;

  /// Why what follows the rows is no CSV; null if all is well.
  @Nullable String failure;

  private int rows;
  private int fields;
  private int[] lineOf = new int[1 << 10];
  private int[] first = new int[1 << 10];
  private int[] bounds = new int[1 << 12];
  private int failureLine;

  CsvChunk(int bytes) {
    text = new byte[bytes + TextWords.MARGIN];
  }

  /// Finds the rows and their fields.
  void split(byte delimiter) {
    int malformed = malformed();
    begin();
    int at = 0;
    while (at < end && failure == null) {
      if (!isLineEnd(text[at])) {
        at = row(at, delimiter);
      }
      at = afterLineEnd(at);
      lines++;
    }
    if (malformed >= 0) {
      failAt(malformed);
    }
  }

  /// Finds the fields of the first row only.
  ///
  /// @return where the next row begins
  int splitFirst(byte delimiter) {
    begin();
    int at = 0;
    while (at < end && rows == 0 && failure == null) {
      if (!isLineEnd(text[at])) {
        at = row(at, delimiter);
      }
      at = afterLineEnd(at);
      lines++;
    }
    return Math.min(at, end);
  }

  /// Reads the rows as pairs instead, if all of them are.
  boolean read(PairRows pairs, byte delimiter) {
    begin();
    boolean areAll = !isTooLong && pairs.read(text, end, delimiter);
    lines = areAll ? pairs.count() : 0;
    return areAll;
  }

  private void begin() {
    rows = 0;
    fields = 0;
    lines = 0;
    first[0] = 0;
    failure = null;
    text[end] = '\n';
  }

  /// Finds the fields of a row; returns where it ends.
  private int row(int from, byte delimiter) {
    beginRow();
    long delimiters = TextWords.repeated(delimiter);
    byte[] bytes = text;
    int at = from;
    while (true) {
      int begin = at;
      if (bytes[at] == '"') {
        at = quoted(at, delimiter);
      } else {
        at = TextWords.endOfField(bytes, at, delimiters);
        addField(begin, at);
      }
      if (failure != null || bytes[at] != delimiter) {
        break;
      }
      at++;
    }
    if (failure == null) {
      first[++rows] = fields;
    }
    return at;
  }

  private void beginRow() {
    if (rows + 1 == first.length) {
      lineOf = Arrays.copyOf(lineOf, 2 * rows + 2);
      first = Arrays.copyOf(first, 2 * rows + 2);
    }
    lineOf[rows] = lines;
  }

  private void addField(int from, int to) {
    if (2 * fields == bounds.length) {
      bounds = Arrays.copyOf(bounds, 4 * fields);
    }
    bounds[2 * fields] = from;
    bounds[2 * fields++ + 1] = to;
  }

  /// Goes over a field that begins with a quote; returns the place behind its last one.
  private int quoted(int open, byte delimiter) {
    byte[] bytes = text;
    int to = open + 1;
    boolean isCr = false;
    for (int at = open + 1; at < end; at++) {
      byte c = bytes[at];
      if (c == '"') {
        byte next = bytes[++at];
        if (next != '"' || at == end) {
          addField(open + 1, to);
          if (next != delimiter && !isLineEnd(next)) {
            fail("something follows the quote that closes a field");
          }
          return at;
        }
      }
      lines += c == '\r' || c == '\n' && !isCr ? 1 : 0;
      isCr = c == '\r';
      bytes[to++] = c;
    }
    fail("a quote that opens in this row is never closed");
    return end;
  }

  private void fail(String reason) {
    failure = reason;
    failureLine = lineOf[rows];
  }

  /// Fails with the row in which a byte lies that is no UTF-8.
  private void failAt(int place) {
    int row = 0;
    while (row < rows && bounds[2 * first[row]] <= place) {
      row++;
    }
    rows = Math.max(0, row - 1);
    fail("the text is not UTF-8");
  }

  /// Fails without any rows.
  void failWhole(String reason) {
    begin();
    lineOf[0] = 0;
    fail(reason);
  }

  /// The line, from 0 within this chunk, at which what is no CSV begins.
  int failureLine() {
    return failureLine;
  }

  private int afterLineEnd(int at) {
    return text[at] == '\r' && at + 1 < end && text[at + 1] == '\n' ? at + 2 : at + 1;
  }

  static boolean isLineEnd(byte c) {
    return c == '\n' || c == '\r';
  }

  /// The place of the first byte that is no UTF-8, -1 if there is none.
  private int malformed() {
    if (TextWords.isAscii(text, end)) {
      return -1;
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(text, 0, end);
    CharBuffer chars = CharBuffer.allocate(1 << 12);
    CoderResult result = decoder.decode(bytes, chars, true);
    while (result.isOverflow()) {
      chars.clear();
      result = decoder.decode(bytes, chars, true);
    }
    return result.isError() ? bytes.position() : -1;
  }

  int rows() {
    return rows;
  }

  /// The line at which a row begins, from 0 within this chunk.
  int line(int row) {
    return lineOf[row];
  }

  int fieldCount(int row) {
    return first[row + 1] - first[row];
  }

  /// Where the text of a field begins.
  int from(int row, int field) {
    return bounds[2 * (first[row] + field)];
  }

  /// Where it ends.
  int to(int row, int field) {
    return bounds[2 * (first[row] + field) + 1];
  }

  boolean isEmpty(int row, int field) {
    return from(row, field) == to(row, field);
  }

  String field(int row, int field) {
    int from = from(row, field);
    return new String(text, from, to(row, field) - from, StandardCharsets.UTF_8);
  }
}
