package dev.quarry.graph.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks at a text eight bytes at a time, as one word.
///
/// ```text
/// text    2  0  2  6  ,  …                first byte lowest
/// word    32 30 32 36 2C …
/// ^ 2C    1E 1C 1E 1A 00 …                a byte is zero where the text has what is looked for
/// zeros   00 00 00 00 80 …                its lowest one is exact
/// ```
///
/// So what is found in most fields takes no loop, and no branch that depends on their lengths. How
/// to find a zero byte: L. Lamport, *Multiple byte processing with full-word instructions*, CACM 18
/// (1975); how to add up digits by pairs: D. Lemire, *Quickly parsing eight digits*, 2018.
///
/// Words may reach [#MARGIN] - 1 bytes beyond the last one that is asked for: a text must have so
/// many more.
final class TextWords {
  /// Bytes behind a text that can be read, one of them for what ends it.
  static final int MARGIN = Long.BYTES;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGH_BITS = ONES << 7;
  private static final long LINE_FEEDS = ONES * '\n';
  private static final long RETURNS = ONES * '\r';
  private static final long ZERO_DIGITS = ONES * '0';
  private static final long BEYOND_NINE = ONES * (0x80 - 10);

  /// Bytes that are looked at by one call: what is called often is compiled sooner than a loop that
  /// is long, and until then each word takes as long as many bytes.
  private static final int PIECE = 256;

  private static final int MOST_DIGITS = 2 * Long.BYTES;
  private static final long[] TENS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };

  private TextWords() {}

  private static long word(byte[] text, int at) {
    return (long) WORD.get(text, at);
  }

  /// A word of eight times the same character of ASCII.
  static long repeated(byte c) {
    return ONES * c;
  }

  /// A word with a bit for the first zero byte of another one, and maybe for some behind it.
  private static long zeros(long word) {
    return word - ONES & ~word & HIGH_BITS;
  }

  /// The place of the next delimiter or line end, of which there must be one.
  ///
  /// @param delimiters the delimiter, [#repeated]
  static int endOfField(byte[] text, int from, long delimiters) {
    int at = from;
    while (true) {
      long word = word(text, at);
      long found = zeros(word ^ delimiters) | zeros(word ^ LINE_FEEDS) | zeros(word ^ RETURNS);
      if (found != 0) {
        return at + (Long.numberOfTrailingZeros(found) >>> 3);
      }
      at += Long.BYTES;
    }
  }

  /// Whether all bytes are characters of ASCII.
  static boolean isAscii(byte[] text, int length) {
    long any = 0;
    for (int from = 0; from < length; from += PIECE) {
      any |= union(text, from, Math.min(from + PIECE, length));
    }
    return (any & HIGH_BITS) == 0;
  }

  private static long union(byte[] text, int from, int to) {
    long any = 0;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      any |= word(text, at);
    }
    for (; at < to; at++) {
      any |= text[at];
    }
    return any;
  }

  /// Whether a character of ASCII is among the bytes.
  static boolean has(byte[] text, int length, byte c) {
    int from = 0;
    while (from < length && !has(text, from, Math.min(from + PIECE, length), c)) {
      from += PIECE;
    }
    return from < length;
  }

  private static boolean has(byte[] text, int from, int to, byte c) {
    long wanted = repeated(c);
    int at = from;
    while (at <= to - Long.BYTES) {
      if (zeros(word(text, at) ^ wanted) != 0) {
        return true;
      }
      at += Long.BYTES;
    }
    while (at < to && text[at] != c) {
      at++;
    }
    return at < to;
  }

  /// How many digits of ASCII stand from a place on, at most 16.
  static int digits(byte[] text, int from) {
    int first = upToEightDigits(text, from);
    return first < Long.BYTES ? first : first + upToEightDigits(text, from + Long.BYTES);
  }

  private static int upToEightDigits(byte[] text, int from) {
    return Long.numberOfTrailingZeros(beyondDigits(word(text, from) ^ ZERO_DIGITS)) >>> 3;
  }

  /// A word with a bit for the first byte that is above 9, and for none before it.
  private static long beyondDigits(long digits) {
    return (digits + BEYOND_NINE | digits) & HIGH_BITS;
  }

  /// The number that digits of ASCII mean.
  ///
  /// @return -1 if they are more than 16 or none, or any is no digit
  static long number(byte[] text, int from, int length) {
    if (length <= 0 || length > MOST_DIGITS) {
      return -1;
    }
    if (length <= Long.BYTES) {
      return upToEight(text, from, length);
    }
    int more = length - Long.BYTES;
    long first = upToEight(text, from, Long.BYTES);
    long last = upToEight(text, from + Long.BYTES, more);
    return first < 0 || last < 0 ? -1 : first * TENS[more] + last;
  }

  /// What is behind the digits is shifted out, and zeros come in ahead of them.
  private static long upToEight(byte[] text, int from, int length) {
    long digits = (word(text, from) ^ ZERO_DIGITS) << Long.SIZE - Byte.SIZE * length;
    if (beyondDigits(digits) != 0) {
      return -1;
    }
    long pairs = digits * (10 << 8 | 1) >>> 8 & 0x00FF_00FF_00FF_00FFL;
    long fours = pairs * (100L << 16 | 1) >>> 16 & 0x0000_FFFF_0000_FFFFL;
    return fours * (10_000L << 32 | 1) >>> 32;
  }
}
