package dev.quarry.graph.value;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns storable values into bytes and back.
///
/// ```text
/// byte 0     1
///      ┌─────┬──────────────────────────────────────────────────────────────────────────┐
///      │ tag │ BOOLEAN 1 · INTEGER, FLOAT 8 · STRING UTF-8 to the end · DATE days 8      │
///      │     │ LOCAL_TIME nanoseconds 8 · TIME nanoseconds 8, offset 4                   │
///      │     │ LOCAL_DATETIME seconds 8, nanoseconds 4 · DATETIME the same, zone id UTF-8 │
///      │     │ DURATION months, days, seconds 8 each, nanoseconds 4                      │
///      │     │ POINT srid 4, x, y, z 8 each · LIST: for each element length 4, its bytes │
///      └─────┴──────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Numbers are big-endian here: these bytes are only ever read whole. Threads: any.
public final class ValueCodec {
  private ValueCodec() {}

  /// The value as one of the border types: narrow numbers widened, arrays as lists.
  ///
  /// @throws GraphException if it cannot be stored
  public static Object canonical(Object value) {
    return switch (value) {
      case Integer number -> number.longValue();
      case Short number -> number.longValue();
      case Byte number -> number.longValue();
      case Float number -> number.doubleValue();
      case List<?> list -> canonicalList(list);
      default -> value.getClass().isArray() ? canonicalList(listOf(value)) : value;
    };
  }

  /// The kind of a value in its canonical form.
  ///
  /// @throws GraphException if it cannot be stored
  public static Tag tagOf(Object value) {
    return switch (value) {
      case Boolean truth -> Tag.BOOLEAN;
      case Long number -> Tag.INTEGER;
      case Double number -> Tag.FLOAT;
      case String text -> Tag.STRING;
      case LocalDate date -> Tag.DATE;
      case LocalTime time -> Tag.LOCAL_TIME;
      case OffsetTime time -> Tag.TIME;
      case LocalDateTime time -> Tag.LOCAL_DATETIME;
      case ZonedDateTime time -> Tag.DATETIME;
      case CypherDuration duration -> Tag.DURATION;
      case Point point -> Tag.POINT;
      case List<?> list -> Tag.LIST;
      default -> throw notStorable(value, "a value of " + value.getClass().getSimpleName());
    };
  }

  /// Tag and bytes of a value in its canonical form.
  public static byte[] encode(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(tagOf(value).code());
      payload(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The value of tag and bytes.
  ///
  /// @throws CorruptPageException if they are none
  public static Object decode(byte[] bytes) {
    return decode(bytes, true);
  }

  private static Object decode(byte[] bytes, boolean mayBeList) {
    try (DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes))) {
      Tag tag = Tag.of(in.readByte());
      if (tag == Tag.LIST && !mayBeList) {
        throw new IOException("a list of lists");
      }
      return payload(in, tag, bytes.length - 1);
    } catch (IOException
        | IllegalArgumentException
        | DateTimeException
        | ArithmeticException
        | GraphException e) {
      throw noValue(bytes.length, e, e);
    }
  }

  /// The tag of a value that is read where it lies, with as many bytes behind it as its kind always
  /// has.
  ///
  /// @param code its first byte
  /// @param bytes of all of it, the tag included
  /// @throws CorruptPageException if there is no such value
  public static Tag tag(int code, int bytes) {
    Tag tag;
    try {
      tag = Tag.of(code);
    } catch (IllegalArgumentException e) {
      throw noValue(bytes, e, e);
    }
    int least = leastPayload(tag);
    if (bytes - 1 < least) {
      throw noValue(bytes, "a value of kind " + tag + " has " + least + " behind its tag", null);
    }
    return tag;
  }

  /// Compares the length of an element with what is left of its list.
  ///
  /// @param left bytes from its length on to the end of the list
  /// @throws CorruptPageException if it does not fit in
  public static void ensureElement(int length, int left) {
    if (length < 1 || length > left - 4) {
      throw noValue(left, elementTooLong(length, left), null);
    }
  }

  /// What is told where bytes are no value.
  public static CorruptPageException noValue(int bytes, Object why, @Nullable Exception cause) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a property of " + bytes + " bytes is no value: " + why,
        "run `quarry check`",
        cause);
  }

  private static int leastPayload(Tag tag) {
    return switch (tag) {
      case BOOLEAN -> 1;
      case INTEGER, FLOAT, DATE, LOCAL_TIME -> 8;
      case TIME, LOCAL_DATETIME, DATETIME -> 12;
      case DURATION, POINT -> 28;
      case STRING, LIST -> 0;
    };
  }

  /// A text as UTF-8.
  ///
  /// @throws GraphException if it holds half of a surrogate pair
  public static byte[] utf8(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      return copy;
    } catch (CharacterCodingException e) {
      throw new GraphException(
          ErrorCode.INVALID_UNICODE_CHARACTER,
          "a string holds half of a surrogate pair and cannot be stored",
          "repair the text before storing it",
          e);
    }
  }

  private static void payload(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case Boolean truth -> out.writeByte(truth ? 1 : 0);
      case Long number -> out.writeLong(number);
      case Double number -> out.writeDouble(number);
      case String text -> out.write(utf8(text));
      case LocalDate date -> out.writeLong(date.toEpochDay());
      case LocalTime time -> out.writeLong(time.toNanoOfDay());
      case OffsetTime time -> {
        out.writeLong(time.toLocalTime().toNanoOfDay());
        out.writeInt(time.getOffset().getTotalSeconds());
      }
      case LocalDateTime time -> seconds(out, time);
      case ZonedDateTime time -> {
        seconds(out, time.withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime());
        out.write(utf8(time.getZone().getId()));
      }
      case CypherDuration duration -> {
        out.writeLong(duration.months());
        out.writeLong(duration.days());
        out.writeLong(duration.seconds());
        out.writeInt(duration.nanoseconds());
      }
      case Point point -> {
        out.writeInt(point.srid());
        out.writeDouble(point.x());
        out.writeDouble(point.y());
        out.writeDouble(point.z());
      }
      case List<?> list -> {
        for (Object element : list) {
          byte[] bytes = encode(element);
          out.writeInt(bytes.length);
          out.write(bytes);
        }
      }
      default -> throw new AssertionError(value);
    }
  }

  private static Object payload(DataInput in, Tag tag, int length) throws IOException {
    return switch (tag) {
      case BOOLEAN -> in.readByte() != 0;
      case INTEGER -> in.readLong();
      case FLOAT -> in.readDouble();
      case STRING -> text(in, length);
      case DATE -> LocalDate.ofEpochDay(in.readLong());
      case LOCAL_TIME -> LocalTime.ofNanoOfDay(in.readLong());
      case TIME ->
          OffsetTime.of(
              LocalTime.ofNanoOfDay(in.readLong()), ZoneOffset.ofTotalSeconds(in.readInt()));
      case LOCAL_DATETIME ->
          LocalDateTime.ofEpochSecond(in.readLong(), in.readInt(), ZoneOffset.UTC);
      case DATETIME -> {
        LocalDateTime instant =
            LocalDateTime.ofEpochSecond(in.readLong(), in.readInt(), ZoneOffset.UTC);
        yield instant.atZone(ZoneOffset.UTC).withZoneSameInstant(ZoneId.of(text(in, length - 12)));
      }
      case DURATION ->
          new CypherDuration(in.readLong(), in.readLong(), in.readLong(), in.readInt());
      case POINT -> new Point(in.readInt(), in.readDouble(), in.readDouble(), in.readDouble());
      case LIST -> list(in, length);
    };
  }

  private static List<Object> list(DataInput in, int length) throws IOException {
    List<Object> list = new ArrayList<>();
    for (int left = length; left > 0; ) {
      int bytes = in.readInt();
      if (bytes < 1 || bytes > left - 4) {
        throw new IOException(elementTooLong(bytes, left));
      }
      byte[] element = new byte[bytes];
      in.readFully(element);
      list.add(decode(element, false));
      left -= 4 + element.length;
    }
    return List.copyOf(list);
  }

  private static String elementTooLong(int bytes, int left) {
    return "an element of " + bytes + " bytes, " + left + " are left";
  }

  private static String text(DataInput in, int length) throws IOException {
    if (length < 0) {
      throw new EOFException("a text of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void seconds(DataOutputStream out, LocalDateTime time) throws IOException {
    out.writeLong(time.toEpochSecond(ZoneOffset.UTC));
    out.writeInt(time.getNano());
  }

  private static List<Object> canonicalList(List<?> list) {
    List<Object> canonical = new ArrayList<>();
    Tag first = null;
    for (Object element : list) {
      if (element == null) {
        throw notStorable(list, "a list with a null");
      }
      Object value = canonical(element);
      Tag tag = tagOf(value);
      if (tag == Tag.LIST) {
        throw notStorable(list, "a list of lists");
      }
      if (first != null && first != tag) {
        throw notStorable(list, "a list of " + first + " and " + tag);
      }
      first = tag;
      canonical.add(value);
    }
    return List.copyOf(canonical);
  }

  private static List<Object> listOf(Object array) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      list.add(Array.get(array, i));
    }
    return list;
  }

  private static GraphException notStorable(Object value, String what) {
    return new GraphException(
        ErrorCode.INVALID_PROPERTY_TYPE,
        what + " cannot be stored as a property",
        "store booleans, numbers, strings, temporal values, durations, points, or lists of one of"
            + " them");
  }
}
