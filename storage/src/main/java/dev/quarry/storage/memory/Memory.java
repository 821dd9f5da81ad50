package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Raw access by address: the one class that reads and writes native memory. Little-endian.
///
/// An address is opaque. Where native access is enabled for Quarry it is the absolute address, and
/// every access goes through one segment over all memory. Elsewhere, where that would print a
/// warning, it is a range and an offset in it:
///
/// ```text
///  63            40 39                                    0
/// ┌────────────────┬───────────────────────────────────────┐
/// │  range, from 1 │  offset in the range                  │
/// └────────────────┴───────────────────────────────────────┘
/// ```
///
/// Bounds and lifetime are the caller's duty: whoever hands out an address says how long it lives.
/// In *check mode* (with assertions on, or with `-Dquarry.check=true`) every access is compared
/// with [Ranges], and a wrong one is a typed error. Threads: any, under the caller's publication
/// rules.
public final class Memory {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long HIGHEST = (1L << 57) - 1;
  private static final int MANY = 1 << 20;
  private static final int FEW = 64;
  private static final int PIECE = 4096;

  // What [#crc32c] copies to, for whoever comes first; others make one. It is as large as a page,
  // and would be most of the garbage of commits whose pages have to be verified.
  private static final AtomicReference<byte @Nullable []> sparePiece = new AtomicReference<>();

  /// Whether an address is absolute.
  static final boolean ABSOLUTE = Memory.class.getModule().isNativeAccessEnabled();

  private static final boolean CHECKED = checked();
  private static final MemorySegment ALL = ABSOLUTE ? allMemory() : MemorySegment.NULL;

  private Memory() {}

  /// Whether every access is validated.
  public static boolean checkMode() {
    return CHECKED;
  }

  public static byte getByte(long a) {
    check(a, 1);
    return segment(a).get(ValueLayout.JAVA_BYTE, offset(a));
  }

  public static short getShort(long a) {
    check(a, 2);
    return segment(a).get(SHORT, offset(a));
  }

  public static int getInt(long a) {
    check(a, 4);
    return segment(a).get(INT, offset(a));
  }

  public static long getLong(long a) {
    check(a, 8);
    return segment(a).get(LONG, offset(a));
  }

  public static double getDouble(long a) {
    check(a, 8);
    return segment(a).get(DOUBLE, offset(a));
  }

  public static void putByte(long a, byte value) {
    check(a, 1);
    segment(a).set(ValueLayout.JAVA_BYTE, offset(a), value);
  }

  public static void putShort(long a, short value) {
    check(a, 2);
    segment(a).set(SHORT, offset(a), value);
  }

  public static void putInt(long a, int value) {
    check(a, 4);
    segment(a).set(INT, offset(a), value);
  }

  public static void putLong(long a, long value) {
    check(a, 8);
    segment(a).set(LONG, offset(a), value);
  }

  public static void putDouble(long a, double value) {
    check(a, 8);
    segment(a).set(DOUBLE, offset(a), value);
  }

  /// Copies bytes; the two places may overlap.
  public static void copy(long from, long to, long bytes) {
    check(from, bytes);
    check(to, bytes);
    if (bytes > 0) {
      MemorySegment.copy(segment(from), offset(from), segment(to), offset(to), bytes);
    }
  }

  /// Sets bytes to one value.
  public static void fill(long a, long bytes, byte value) {
    check(a, bytes);
    if (bytes > 0) {
      segment(a).asSlice(offset(a), bytes).fill(value);
    }
  }

  /// Sets bytes to zero, as [#fill] does; in less time where they are few.
  public static void clear(long a, int bytes) {
    if (bytes > FEW) {
      fill(a, bytes, (byte) 0);
      return;
    }
    check(a, bytes);
    MemorySegment segment = segment(a);
    long at = offset(a);
    int words = bytes & -8;
    for (int i = 0; i < words; i += 8) {
      segment.set(LONG, at + i, 0);
    }
    for (int i = words; i < bytes; i++) {
      segment.set(ValueLayout.JAVA_BYTE, at + i, (byte) 0);
    }
  }

  /// Compares as unsigned bytes; a proper prefix is the smaller one.
  public static int compareBytes(long a, long aBytes, long b, long bBytes) {
    long common = Math.min(aBytes, bBytes);
    long at = mismatch(a, b, common);
    if (at < 0) {
      return Long.compare(aBytes, bBytes);
    }
    return Byte.compareUnsigned(getByte(a + at), getByte(b + at));
  }

  /// Whether two ranges of the same length hold the same bytes.
  public static boolean equal(long a, long b, long bytes) {
    return mismatch(a, b, bytes) < 0;
  }

  /// Whether a range holds the same bytes as a range of an array.
  public static boolean equal(long a, byte[] other, int from, int bytes) {
    if (bytes == 0) {
      return true;
    }
    check(a, bytes);
    MemorySegment array = MemorySegment.ofArray(other);
    return MemorySegment.mismatch(
            segment(a), offset(a), offset(a) + bytes, array, from, (long) from + bytes)
        < 0;
  }

  private static long mismatch(long a, long b, long bytes) {
    if (bytes == 0) {
      return -1;
    }
    check(a, bytes);
    check(b, bytes);
    return MemorySegment.mismatch(
        segment(a), offset(a), offset(a) + bytes, segment(b), offset(b), offset(b) + bytes);
  }

  /// A 64-bit hash of bytes, the same in every run: words are mixed as in MurmurHash3's finaliser.
  public static long hash(long a, long bytes) {
    long hash = bytes * 0x9E3779B97F4A7C15L;
    long at = 0;
    for (; at + 8 <= bytes; at += 8) {
      hash = mix(hash ^ getLong(a + at));
    }
    long tail = 0;
    for (int shift = 0; at < bytes; at++, shift += 8) {
      tail |= (getByte(a + at) & 0xFFL) << shift;
    }
    return mix(hash ^ tail);
  }

  /// The same of a range of an array.
  public static long hash(byte[] bytes, int from, int count) {
    long hash = count * 0x9E3779B97F4A7C15L;
    int end = from + count;
    int at = from;
    for (; at + 8 <= end; at += 8) {
      hash = mix(hash ^ word(bytes, at, at + 8));
    }
    return mix(hash ^ word(bytes, at, end));
  }

  private static long word(byte[] bytes, int from, int to) {
    long word = 0;
    for (int at = to - 1; at >= from; at--) {
      word = word << 8 | bytes[at] & 0xFFL;
    }
    return word;
  }

  /// Spreads the bits of a word over all bits.
  public static long mix(long word) {
    long z = (word ^ (word >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return z ^ (z >>> 33);
  }

  /// The CRC32C of a seed, as 4 bytes, followed by a range.
  ///
  /// The range may lie in a map whose file is cut meanwhile. While bytes are copied, that is an
  /// [InternalError]; while they are summed up, it would end the JVM. So they are copied first.
  public static int crc32c(int seed, long a, int bytes) {
    CRC32C crc = new CRC32C();
    crc.update(seed);
    crc.update(seed >>> 8);
    crc.update(seed >>> 16);
    crc.update(seed >>> 24);
    byte[] spare = sparePiece.getAndSet(null);
    byte[] piece = spare == null ? new byte[PIECE] : spare;
    for (int done = 0; done < bytes; done += PIECE) {
      int count = Math.min(PIECE, bytes - done);
      getBytes(a + done, piece, 0, count);
      crc.update(piece, 0, count);
    }
    sparePiece.setRelease(piece);
    return (int) crc.getValue();
  }

  public static void putBytes(byte[] source, int from, long a, int count) {
    check(a, count);
    MemorySegment.copy(source, from, segment(a), ValueLayout.JAVA_BYTE, offset(a), count);
  }

  public static void getBytes(long a, byte[] target, int to, int count) {
    check(a, count);
    MemorySegment.copy(segment(a), ValueLayout.JAVA_BYTE, offset(a), target, to, count);
  }

  public static void getInts(long a, int[] target, int to, int count) {
    check(a, count * 4L);
    MemorySegment.copy(segment(a), INT, offset(a), target, to, count);
  }

  public static void getLongs(long a, long[] target, int to, int count) {
    check(a, count * 8L);
    MemorySegment.copy(segment(a), LONG, offset(a), target, to, count);
  }

  public static void putInts(int[] source, int from, long a, int count) {
    check(a, count * 4L);
    MemorySegment.copy(source, from, segment(a), INT, offset(a), count);
  }

  public static void putLongs(long[] source, int from, long a, int count) {
    check(a, count * 8L);
    MemorySegment.copy(source, from, segment(a), LONG, offset(a), count);
  }

  /// Copies the low bits of words: `to[i] = from[i] & mask`.
  public static void copyMasked(long from, long to, int count, long mask) {
    check(from, count * 8L);
    check(to, count * 8L);
    MemorySegment source = segment(from);
    MemorySegment target = segment(to);
    long sourceAt = offset(from);
    long targetAt = offset(to);
    for (int i = 0; i < count; i++) {
      target.set(LONG, targetAt + i * 8L, source.get(LONG, sourceAt + i * 8L) & mask);
    }
  }

  /// How many words, from the first on, have the bits of the first where a mask has ones.
  public static int alike(long words, int count, long mask) {
    check(words, count * 8L);
    MemorySegment segment = segment(words);
    long at = offset(words);
    long first = segment.get(LONG, at) & mask;
    int i = 1;
    while (i < count && (segment.get(LONG, at + i * 8L) & mask) == first) {
      i++;
    }
    return i;
  }

  /// Replaces numbers of cells of 8 bytes with the cells: `words[i] = cells[words[i] & mask]`.
  ///
  /// @param mask one less than the number of cells, a power of two
  public static void gather(long words, int count, long cells, long mask) {
    check(words, count * 8L);
    check(cells, (mask + 1) * 8);
    MemorySegment segment = segment(words);
    MemorySegment source = segment(cells);
    long at = offset(words);
    long sourceAt = offset(cells);
    for (int i = 0; i < count; i++) {
      long cell = segment.get(LONG, at + i * 8L) & mask;
      segment.set(LONG, at + i * 8L, source.get(LONG, sourceAt + cell * 8));
    }
  }

  /// Widens unsigned 4-byte entries: `target[to + i] = entry i | or`.
  public static void unsignedIntsToLongs(long a, long[] target, int to, int count, long or) {
    widen(a, 4, target, to, count, or);
  }

  /// Widens the low halves of 8-byte entries: `target[to + i] = low 32 bits of entry i | or`.
  public static void lowIntsToLongs(long a, long[] target, int to, int count, long or) {
    widen(a, 8, target, to, count, or);
  }

  /// Widens the high halves of 8-byte entries: `target[to + i] = high 32 bits of entry i | or`.
  public static void highIntsToLongs(long a, long[] target, int to, int count, long or) {
    if (count > 0) {
      check(a, count * 8L);
      widenUnchecked(a + 4, 8, target, to, count, or);
    }
  }

  private static void widen(long a, int stride, long[] target, int to, int count, long or) {
    if (count > 0) {
      check(a, (long) count * stride);
      widenUnchecked(a, stride, target, to, count, or);
    }
  }

  private static void widenUnchecked(
      long a, int stride, long[] target, int to, int count, long or) {
    MemorySegment segment = segment(a);
    long at = offset(a);
    for (int i = 0; i < count; i++) {
      target[to + i] = (segment.get(INT, at + (long) i * stride) & 0xFFFFFFFFL) | or;
    }
  }

  /// Reads the first and the last bytes of many lists, so that their cache misses overlap; the
  /// result means nothing.
  ///
  /// @param addresses of lists; one that is not above 0 is passed over
  /// @param lengths how many entries each has
  /// @param width bytes of an entry, at least 4
  /// @param wanted a bit for each list that is meant
  public static int touch(long[] addresses, int[] lengths, int width, long wanted) {
    int read = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int i = Long.numberOfTrailingZeros(bits);
      long a = addresses[i];
      if (a > 0) {
        long last = a + (lengths[i] - 1L) * width;
        check(a, last + 4 - a);
        MemorySegment segment = segment(a);
        read += segment.get(INT, offset(a)) + segment.get(INT, offset(last));
      }
    }
    return read;
  }

  /// The sum of up to 3 unsigned 4-byte entries; 12 bytes are read, however many they are, for a
  /// branch on a number that was read just now is often guessed wrongly.
  public static long sumFew(long a, int count) {
    check(a, 12);
    MemorySegment segment = segment(a);
    long at = offset(a);
    long first = segment.get(INT, at) & 0xFFFFFFFFL & -(long) count >> 63;
    long second = segment.get(INT, at + 4) & 0xFFFFFFFFL & 1L - count >> 63;
    long third = segment.get(INT, at + 8) & 0xFFFFFFFFL & 2L - count >> 63;
    return first + second + third;
  }

  /// The sum of unsigned 4-byte entries.
  public static long sumInts(long a, int count) {
    if (count == 0) {
      return 0;
    }
    long sum = 0;
    int from = 0;
    for (; count - from > MANY; from += MANY) {
      sum += sumSome(a + from * 4L, MANY);
    }
    return sum + sumSome(a + from * 4L, count - from);
  }

  /// Adds signed numbers, as the compiler knows how to add several of them at once.
  private static long sumSome(long a, int count) {
    check(a, count * 4L);
    MemorySegment segment = segment(a);
    long at = offset(a);
    int end = Math.min(count, MANY);
    long sum = 0;
    for (int i = 0; i < end; i++) {
      sum += segment.get(INT, at + i * 4L) ^ Integer.MIN_VALUE;
    }
    return sum + ((long) count << 31);
  }

  /// The text of a range of UTF-8.
  public static String utf8(long a, int bytes) {
    byte[] copy = new byte[bytes];
    if (bytes > 0) {
      getBytes(a, copy, 0, bytes);
    }
    return new String(copy, StandardCharsets.UTF_8);
  }

  /// A little-endian buffer over a range, for one I/O call; it must not outlive the range.
  public static ByteBuffer view(long a, int bytes) {
    if (bytes == 0) {
      return ByteBuffer.allocate(0);
    }
    check(a, bytes);
    return segment(a).asSlice(offset(a), bytes).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Whether an error is a fault in a map, as when a file was cut short under us.
  public static boolean isMapFault(InternalError error) {
    return String.valueOf(error.getMessage()).contains("unsafe memory access operation");
  }

  /// Lets a fault in a map come that is still on its way: in compiled code the access gives
  /// anything, and its [InternalError] is raised where the thread can be stopped next, as it can on
  /// the way back from a native method.
  public static void awaitFaults() {
    Thread.holdsLock(Memory.class);
  }

  static MemorySegment segment(long a) {
    return ABSOLUTE ? ALL : Ranges.segment(a);
  }

  /// Where an address is in its segment. The mask takes nothing away, no address is that high; it
  /// tells the compiler that an address, and an address plus what a loop adds to it, lies in the
  /// segment over all memory, so that nothing compares it with the bounds.
  static long offset(long a) {
    return ABSOLUTE ? a & HIGHEST : a & Ranges.OFFSET_MASK;
  }

  static void check(long a, long bytes) {
    if (CHECKED) {
      Ranges.check(a, bytes);
    }
  }

  // Restricted, hence only where native access is enabled: bounds are then Ranges' business.
  @SuppressWarnings("restricted")
  private static MemorySegment allMemory() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }

  private static boolean checked() {
    boolean assertions = false;
    assert assertions = true;
    return assertions || Boolean.getBoolean("quarry.check");
  }
}
