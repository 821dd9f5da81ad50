package dev.quarry.graph.index;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/// What an index keeps of the values of one record: two words, of which equal values have the same.
///
/// ```text
/// entry of the tree, 24 bytes
/// byte 0                8                16               24
///      ┌────────────────┬────────────────┬────────────────┐    compared from right to left,
///      │ record         │ hash           │ order          │    as unsigned words
///      └────────────────┴────────────────┴────────────────┘
///
/// order    63      56 55                                            0
///         ┌──────────┬───────────────────────────────────────────────┐
///         │ rank     │ the first value, in the order of its kind     │
///         └──────────┴───────────────────────────────────────────────┘
///
/// rank  kind             the 56 bits
///  3    list             0
///  5    point            reference system 2, x 54: the high bits of its order
///  6    zoned datetime   seconds of the instant + 2⁵⁵
///  7    local datetime   seconds + 2⁵⁵
///  8    date             days + 2⁵⁵
///  9    zoned time       nanoseconds of the day in UTC + 2⁵⁵
/// 10    local time       nanoseconds of the day
/// 11    duration         average length in seconds, as a number
/// 12    string           its first 7 bytes of UTF-8, padded with zeros
/// 13    boolean          0 or 1
/// 14    number           the high bits of its order as a float; NaN is above all
/// ```
///
/// The order of a float is its bits, with the sign flipped if it is positive and all bits if it is
/// negative. Ranks follow the order of ORDER BY. A value that is smaller never has a greater order;
/// values that differ may share it. The hash is over all values of the record, in the order of the
/// keys. Both are part of the file format. Threads: any.
///
/// @param order of the first value
/// @param hash of all values
public record IndexKey(long order, long hash) {
  static final int BITS = 56;
  static final long LOW = (1L << BITS) - 1;
  private static final long MIDDLE = 1L << BITS - 1;
  private static final int STRING = 12;
  private static final int NUMBER = 14;
  private static final long NUMBER_SEED = 14;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /// The key of the values of a record, in their canonical form.
  public static IndexKey of(List<Object> values) {
    long hash = values.size();
    for (Object value : values) {
      hash = Memory.mix(hash * 31 + hash(value));
    }
    return new IndexKey(order(values.getFirst()), hash);
  }

  /// The order of an integer.
  public static long order(long number) {
    return (long) NUMBER << BITS | floatOrder((double) number) >>> 8;
  }

  /// The hash of a record whose only value is an integer.
  public static long hashOfOne(long number) {
    return Memory.mix(31 + hash(number));
  }

  static long order(Object value) {
    return (long) rank(value) << BITS | bits(value);
  }

  /// The smallest order of a text that begins with these bytes.
  static long firstOrder(byte[] prefix) {
    return (long) STRING << BITS | text(prefix, (byte) 0);
  }

  /// The greatest order of a text that begins with these bytes.
  static long lastOrder(byte[] prefix) {
    return (long) STRING << BITS | text(prefix, (byte) 0xFF);
  }

  /// The smallest order of the values of this one's kind.
  static long firstOfKind(Object value) {
    return (long) rank(value) << BITS;
  }

  /// The greatest order of the values of this one's kind.
  static long lastOfKind(Object value) {
    return firstOfKind(value) | LOW;
  }

  private static int rank(Object value) {
    return switch (value) {
      case List<?> list -> 3;
      case Point point -> 5;
      case ZonedDateTime time -> 6;
      case LocalDateTime time -> 7;
      case LocalDate date -> 8;
      case OffsetTime time -> 9;
      case LocalTime time -> 10;
      case CypherDuration duration -> 11;
      case String text -> STRING;
      case Boolean truth -> 13;
      case Long number -> NUMBER;
      case Double number -> NUMBER;
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  private static long bits(Object value) {
    return switch (value) {
      case List<?> list -> 0;
      case Point point -> (long) system(point) << BITS - 2 | floatOrder(point.x()) >>> 10;
      case ZonedDateTime time -> signed(time.toEpochSecond());
      case LocalDateTime time -> signed(time.toEpochSecond(ZoneOffset.UTC));
      case LocalDate date -> signed(date.toEpochDay());
      case OffsetTime time ->
          signed(
              time.toLocalTime().toNanoOfDay()
                  - time.getOffset().getTotalSeconds() * NANOS_PER_SECOND);
      case LocalTime time -> time.toNanoOfDay();
      case CypherDuration duration -> floatOrder(averageSeconds(duration)) >>> 8;
      case String text -> text(ValueCodec.utf8(text), (byte) 0);
      case Boolean truth -> truth ? 1 : 0;
      case Long number -> floatOrder((double) number) >>> 8;
      case Double number -> floatOrder(number) >>> 8;
      default -> throw new IllegalArgumentException(value.getClass().getName());
    };
  }

  private static long signed(long number) {
    assert number >= -MIDDLE : number;
    assert number < MIDDLE : number;
    return number + MIDDLE;
  }

  private static int system(Point point) {
    return switch (point.srid()) {
      case Point.WGS_84 -> 0;
      case Point.WGS_84_3D -> 1;
      case Point.CARTESIAN -> 2;
      default -> 3;
    };
  }

  /// Negative zero counts as zero, and there is one NaN.
  private static long floatOrder(double number) {
    long bits = Double.doubleToLongBits(number + 0.0);
    return bits ^ (bits >> 63 | Long.MIN_VALUE);
  }

  private static double averageSeconds(CypherDuration duration) {
    return duration.months() * 2_629_746.0 + duration.days() * 86_400.0 + duration.seconds();
  }

  private static long text(byte[] utf8, byte padding) {
    long bits = 0;
    for (int i = 0; i < 7; i++) {
      bits = bits << 8 | (i < utf8.length ? utf8[i] : padding) & 0xFF;
    }
    return bits;
  }

  /// The hash of one value, in its canonical form. Equal values have the same (rule S14).
  public static long hash(Object value) {
    return switch (value) {
      case Long number -> hash((long) number);
      case Double number -> hash((double) number);
      case String text -> hash(ValueCodec.utf8(text)) + STRING;
      case List<?> list -> {
        long hash = list.size();
        for (Object element : list) {
          hash = Memory.mix(hash * 31 + hash(element));
        }
        yield hash;
      }
      case Point point ->
          hash(
              ValueCodec.encode(
                  new Point(point.srid(), point.x() + 0.0, point.y() + 0.0, point.z() + 0.0)));
      default -> hash(ValueCodec.encode(value));
    };
  }

  /// The hash of an integer.
  public static long hash(long number) {
    return Memory.mix(number + NUMBER_SEED);
  }

  /// The hash of a float: one that is a whole number has that of the number.
  public static long hash(double number) {
    boolean whole = number >= -0x1p63 && number < 0x1p63 && number == (long) number;
    return whole ? hash((long) number) : Memory.mix(Double.doubleToLongBits(number));
  }

  private static long hash(byte[] bytes) {
    ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long hash = bytes.length * 0x9E3779B97F4A7C15L;
    while (words.remaining() >= 8) {
      hash = Memory.mix(hash ^ words.getLong());
    }
    long tail = 0;
    for (int shift = 0; words.hasRemaining(); shift += 8) {
      tail |= (words.get() & 0xFFL) << shift;
    }
    return Memory.mix(hash ^ tail);
  }
}
