package dev.quarry.query.procedure;

import dev.quarry.error.EvaluationException;
import dev.quarry.graph.ValueType;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.HeapShare;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cells against types: whether a value is of a type, and a value of a type as a border value.
public final class TypedValues {
  private TypedValues() {}

  /// Whether a value may be given where a type is asked for.
  public static boolean fits(ValueType type, long head, long body) {
    int tag = Cell.tag(head);
    if (tag == Cell.NULL) {
      return type.nullable();
    }
    if (!fits(type.kind(), tag)) {
      return false;
    }
    ValueType element = type.element();
    if (element != null) {
      for (long i = 0; i < Cell.size(head); i++) {
        long at = body + i * Cell.BYTES;
        if (!fits(element, Cell.head(at), Cell.body(at))) {
          return false;
        }
      }
    }
    return true;
  }

  /// Whether values of a tag, which is not that of null, may be given where a kind is asked for.
  public static boolean fits(ValueType.Kind kind, int tag) {
    return switch (kind) {
      case ANY -> true;
      case FLOAT, NUMBER -> Cell.isNumber(tag);
      case BOOLEAN -> tag == Cell.BOOLEAN;
      case INTEGER -> tag == Cell.INTEGER;
      case STRING -> tag == Cell.STRING;
      case DATE -> tag == Cell.DATE;
      case LOCAL_TIME -> tag == Cell.LOCAL_TIME;
      case TIME -> tag == Cell.TIME;
      case LOCAL_DATETIME -> tag == Cell.LOCAL_DATETIME;
      case DATETIME -> tag == Cell.DATETIME;
      case DURATION -> tag == Cell.DURATION;
      case POINT -> tag == Cell.POINT;
      case LIST -> tag == Cell.LIST;
      case MAP -> tag == Cell.MAP;
      case NODE -> tag == Cell.NODE;
      case RELATIONSHIP -> tag == Cell.RELATIONSHIP;
      case PATH -> tag == Cell.PATH;
    };
  }

  /// Writes a border value as a cell; an integer becomes a float where the type asks for floats.
  ///
  /// @return whether it fits the type
  public static boolean put(
      ValueType type, @Nullable Object value, long at, Scratch scratch, Reading reading) {
    boolean fits = isPut(value, at, scratch, reading) && fits(type, Cell.head(at), Cell.body(at));
    if (fits) {
      widen(type, at);
    }
    return fits;
  }

  /// Writes a value; false if it is none that the engine knows.
  private static boolean isPut(@Nullable Object value, long at, Scratch scratch, Reading reading) {
    try {
      Border.put(value, at, scratch, reading);
      return true;
    } catch (EvaluationException unknown) {
      return false;
    }
  }

  private static void widen(ValueType type, long at) {
    long head = Cell.head(at);
    if (type.kind() == ValueType.Kind.FLOAT && Cell.tag(head) == Cell.INTEGER) {
      Cell.put(at, Cell.FLOAT, Double.doubleToRawLongBits(Cell.body(at)));
    }
    ValueType element = type.element();
    if (element != null && Cell.tag(head) == Cell.LIST) {
      for (long i = 0; i < Cell.size(head); i++) {
        widen(element, Cell.body(at) + i * Cell.BYTES);
      }
    }
  }

  /// A value as a border value, owned; an integer is a float where the type asks for floats.
  ///
  /// @param handles whether nodes and relationships become handles, else they are copied
  public static @Nullable Object get(
      ValueType type, long head, long body, Reading reading, boolean handles) {
    return get(type, head, body, reading, handles, new HeapShare());
  }

  private static @Nullable Object get(
      ValueType type, long head, long body, Reading reading, boolean handles, HeapShare share) {
    int tag = Cell.tag(head);
    if (tag == Cell.INTEGER && type.kind() == ValueType.Kind.FLOAT) {
      return (double) body;
    }
    if (tag == Cell.NODE && handles) {
      return reading.handles().node(body, Cell.size(head));
    }
    if (tag == Cell.RELATIONSHIP && handles) {
      return Border.handle(body, reading);
    }
    return switch (tag) {
      case Cell.LIST -> list(type, head, body, reading, handles, share);
      case Cell.MAP -> map(head, body, reading, handles, share);
      default -> Border.get(head, body, reading, share);
    };
  }

  private static List<@Nullable Object> list(
      ValueType type, long head, long body, Reading reading, boolean handles, HeapShare share) {
    ValueType element = type.element() == null ? ValueType.of(ValueType.Kind.ANY) : type.element();
    share.take((long) Cell.size(head) * Cell.BYTES);
    List<@Nullable Object> list = new ArrayList<>(Cell.size(head));
    for (long i = 0; i < Cell.size(head); i++) {
      long at = body + i * Cell.BYTES;
      list.add(get(element, Cell.head(at), Cell.body(at), reading, handles, share));
    }
    return Collections.unmodifiableList(list);
  }

  private static Map<String, @Nullable Object> map(
      long head, long body, Reading reading, boolean handles, HeapShare share) {
    ValueType any = ValueType.of(ValueType.Kind.ANY);
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (long i = 0; i < Cell.size(head); i++) {
      long at = body + i * 2 * Cell.BYTES;
      long value = at + Cell.BYTES;
      share.take(4L * Cell.BYTES + Cell.size(Cell.head(at)));
      map.put(
          Border.text(Cell.head(at), Cell.body(at)),
          get(any, Cell.head(value), Cell.body(value), reading, handles, share));
    }
    return Collections.unmodifiableMap(map);
  }
}
