package dev.quarry.graph.load;

import java.util.Arrays;

/// A piece of an edge list, cut between two lines, and what its lines say.
///
/// ```text
/// text   ┌──────────────┬───────────────────────────┬──┬ ─ ─ ─ ┐
///        │ passed over  │ lines                     │\n│
///        └──────────────┴───────────────────────────┴──┴ ─ ─ ─ ┘
///        0              from                        end
/// ```
///
/// The byte at the end is a line end put there, so that no loop has to look for the end. Lines are
/// two integers; anything behind them is passed over. This is the parser whose speed a load of many
/// edges shows: it reads an array of text into an array. Used by one thread at a time.
final class EdgeChunk {
  /// Bytes of the shortest line that is an edge, `1 2` and its end.
  private static final int SHORTEST = 4;

  private static final int MOST_DIGITS = 18;

  final byte[] text;
  int from;
  int end;

  /// Whether the last line goes on in the next chunk.
  boolean isCut;

  /// Bytes of the file that were read by the end of this chunk.
  long bytesRead;

  /// Lines that begin in this chunk; those that were passed over count.
  int lines;

  /// Sources and targets in turn.
  final long[] ends;

  int edges;

  /// Line, from 1 within this chunk, and column of what is no integer, in turn.
  int[] wrong = new int[2];

  int wrongs;

  private int at;
  private boolean isNumber;

  EdgeChunk(int bytes) {
    text = new byte[bytes + TextWords.MARGIN];
    ends = new long[2 * (bytes / SHORTEST + 1)];
  }

  /// Reads the lines.
  ///
  /// @param delimiter between the integers; 0 for any of space, tab and comma
  void parse(byte delimiter) {
    byte between = delimiter == 0 ? (byte) ',' : delimiter;
    text[end] = '\n';
    edges = 0;
    wrongs = 0;
    at = from;
    while (at < end) {
      byte first = skipBlanks();
      lines++;
      boolean isEmpty = first == '\n' && !isCutHere(at);
      if (!isEmpty && first != '#' && first != '%') {
        edge(between);
      }
      at = lineEnd(text, at) + 1;
    }
  }

  /// Puts slots, which the ends are by now, together as [Records] have them; returns the bits that
  /// are set in any.
  long pack() {
    long bits = 0;
    for (int i = 0; i < edges; i++) {
      ends[i] = ends[2 * i] << 32 | ends[2 * i + 1];
      bits |= ends[i];
    }
    return bits;
  }

  private void edge(byte between) {
    long source = number(between);
    if (!isNumber) {
      reject(1);
      return;
    }
    if (skipBlanks() == between && between != '\n') {
      at++;
      skipBlanks();
    }
    long target = number(between);
    if (!isNumber) {
      reject(2);
      return;
    }
    ends[2 * edges] = source;
    ends[2 * edges++ + 1] = target;
  }

  private void reject(int column) {
    if (2 * wrongs == wrong.length) {
      wrong = Arrays.copyOf(wrong, 2 * wrong.length);
    }
    wrong[2 * wrongs] = lines;
    wrong[2 * wrongs++ + 1] = column;
  }

  /// Reads an integer; sets whether there is one that ends where a field does.
  private long number(byte between) {
    byte[] bytes = text;
    boolean negative = bytes[at] == '-';
    int begin = at + (negative ? 1 : 0);
    int i = begin + TextWords.digits(bytes, begin);
    long value = TextWords.number(bytes, begin, i - begin);
    int digit = bytes[i] - '0';
    while (digit >= 0 && digit <= 9) { // behind the sixteenth
      value = value * 10 + digit;
      digit = bytes[++i] - '0';
    }
    byte next = bytes[i];
    boolean ends = isBlank(next) || next == between || next == '\n' && !isCutHere(i);
    isNumber = ends && i > begin && i - begin <= MOST_DIGITS;
    at = i;
    return negative ? -value : value;
  }

  /// Whether the line end here stands for more of the line.
  private boolean isCutHere(int place) {
    return isCut && place == end;
  }

  private byte skipBlanks() {
    int i = at;
    while (isBlank(text[i])) {
      i++;
    }
    at = i;
    return text[i];
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  /// The place of the next line end; there must be one.
  static int lineEnd(byte[] text, int at) {
    int i = at;
    while (text[i] != '\n') {
      i++;
    }
    return i;
  }
}
