package dev.quarry.graph.load;

import java.util.Arrays;

/// Rows that are two integers and nothing else, as most files of bare relationships have: they are
/// read without looking for their fields first.
///
/// Whatever else there is, quotes, signs, blanks, ids that are no integers, empty rows, is left to
/// [CsvChunk]: nothing is known of the rows then. Used by one thread at a time.
final class PairRows {
  /// The first and the second integer of each row.
  long[] firsts = new long[1 << 10];

  long[] seconds = new long[1 << 10];

  private int count;

  /// Reads all rows of a text, behind which there is a line end, and [TextWords#MARGIN] bytes.
  ///
  /// @return whether there are no others
  boolean read(byte[] text, int end, byte delimiter) {
    count = 0;
    int at = delimiter >= '0' && delimiter <= '9' ? -1 : 0;
    while (at >= 0 && at < end) {
      at = row(text, at, delimiter);
    }
    return at >= 0;
  }

  /// How many there are.
  int count() {
    return count;
  }

  /// Reads a row; returns where the next one begins, -1 if it is another.
  private int row(byte[] text, int from, byte delimiter) {
    int between = from + TextWords.digits(text, from);
    if (text[between] != delimiter) {
      return -1;
    }
    int to = between + 1 + TextWords.digits(text, between + 1);
    long first = number(text, from, between);
    long second = number(text, between + 1, to);
    boolean isCr = text[to] == '\r';
    int last = isCr ? to + 1 : to;
    if (first < 0 || second < 0 || text[last] != '\n') {
      return -1;
    }
    if (count == firsts.length) {
      firsts = Arrays.copyOf(firsts, 2 * count);
      seconds = Arrays.copyOf(seconds, 2 * count);
    }
    firsts[count] = first;
    seconds[count++] = second;
    return last + 1;
  }

  /// The integer that an id is written like, see [IdMap#integer]; negative if it is none.
  private static long number(byte[] text, int from, int to) {
    boolean isPadded = text[from] == '0' && to - from > 1;
    return isPadded ? -1 : TextWords.number(text, from, to - from);
  }
}
