package dev.quarry.query.value;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.Point;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.RelationshipValue;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns Java objects into cells and back, where values enter or leave the engine.
public final class Border {
  private Border() {}

  /// Writes a value that needs no graph: anything but nodes and relationships.
  public static void put(@Nullable Object value, long at, Scratch scratch) {
    put(value, at, scratch, null);
  }

  /// Writes a border value as a cell.
  ///
  /// @param reading where handles are looked up; null if none may occur
  /// @throws EvaluationException if a value of its class cannot be used in a query
  public static void put(
      @Nullable Object value, long at, Scratch scratch, @Nullable Reading reading) {
    put(value, at, scratch, reading, 0);
  }

  private static void put(
      @Nullable Object value, long at, Scratch scratch, @Nullable Reading reading, int depth) {
    switch (value) {
      case null -> Cell.put(at, Cell.NULL, 0);
      case Boolean truth -> Cell.put(at, Cell.BOOLEAN, truth ? 1 : 0);
      case Long number -> Cell.put(at, Cell.INTEGER, number);
      case Integer number -> Cell.put(at, Cell.INTEGER, number);
      case Short number -> Cell.put(at, Cell.INTEGER, number);
      case Byte number -> Cell.put(at, Cell.INTEGER, number);
      case Double number -> Cell.put(at, Cell.FLOAT, Double.doubleToRawLongBits(number));
      case Float number -> Cell.put(at, Cell.FLOAT, Double.doubleToRawLongBits(number));
      case String text -> putBytes(Cell.STRING, ValueCodec.utf8(text), at, scratch);
      case Character c -> putBytes(Cell.STRING, ValueCodec.utf8(c.toString()), at, scratch);
      case Temporal temporal -> putEncoded(temporal, at, scratch);
      case CypherDuration duration -> putEncoded(duration, at, scratch);
      case Point point -> putEncoded(point, at, scratch);
      case List<?> list -> putList(list, at, scratch, reading, depth);
      case Map<?, ?> map -> putMap(map, at, scratch, reading, depth);
      case NodeId node when reading != null ->
          Cell.put(at, Cell.head(Cell.NODE, reading.generation(node.id())), node.id());
      case Node node when reading != null -> {
        if (!reading.exists(node)) {
          reading.copy(node); // raises the error
        }
        Cell.put(
            at,
            Cell.head(Cell.NODE, reading.handles().generation(node)),
            reading.handles().id(node));
      }
      case Relationship relationship when reading != null -> {
        if (!reading.exists(relationship)) {
          reading.copy(relationship); // raises the error
        }
        putRelationship(reading.handles().identity(relationship), at, scratch, reading);
      }
      case Record record -> putMap(components(record), at, scratch, reading, depth);
      default -> {
        if (!value.getClass().isArray()) {
          throw new EvaluationException(
              ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
              "a value of " + value.getClass().getName() + " cannot be given to a query",
              null,
              "give booleans, numbers, strings, temporal values, lists, maps, records or handles");
        }
        putList(elements(value), at, scratch, reading, depth);
      }
    }
  }

  /// Writes the cell of a relationship.
  public static void putRelationship(
      RelationshipIdentity identity, long at, Scratch scratch, Reading reading) {
    long record = scratch.allocate(Cell.RELATIONSHIP_BYTES);
    switch (identity) {
      case RelationshipIdentity.Row row -> {
        long[] ends = reading.ends(row);
        Cell.putRelationship(
            record, reading.typeOf(row), reading.row(row), ends[0], ends[1], -1, row.generation());
      }
      case RelationshipIdentity.Bare bare ->
          Cell.putRelationship(
              record,
              bare.type(),
              reading.row(bare),
              bare.source(),
              bare.target(),
              bare.ordinal(),
              0);
    }
    Cell.put(at, Cell.RELATIONSHIP, record);
  }

  private static void putEncoded(Object value, long at, Scratch scratch) {
    byte[] bytes = ValueCodec.encode(value);
    putBytes(bytes[0], bytes, at, scratch);
  }

  private static void putBytes(int tag, byte[] bytes, long at, Scratch scratch) {
    long copy = scratch.allocate(bytes.length);
    Memory.putBytes(bytes, 0, copy, bytes.length);
    Cell.put(at, Cell.head(tag, bytes.length), copy);
  }

  private static void putList(
      List<?> list, long at, Scratch scratch, @Nullable Reading reading, int depth) {
    Cell.requireDepth(depth);
    long cells = scratch.allocate((long) list.size() * Cell.BYTES);
    long cell = cells;
    for (Object element : list) {
      Pace.look(cell / Cell.BYTES);
      put(element, cell, scratch, reading, depth + 1);
      cell += Cell.BYTES;
    }
    Cell.put(at, Cell.listHead(cells, list.size()), cells);
  }

  private static void putMap(
      Map<?, ?> map, long at, Scratch scratch, @Nullable Reading reading, int depth) {
    Cell.requireDepth(depth);
    long cells = scratch.allocate(2L * map.size() * Cell.BYTES);
    long cell = cells;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      putBytes(Cell.STRING, ValueCodec.utf8(String.valueOf(entry.getKey())), cell, scratch);
      put(entry.getValue(), cell + Cell.BYTES, scratch, reading, depth + 1);
      cell += 2 * Cell.BYTES;
    }
    Cell.put(at, Cell.mapHead(cells, map.size()), cells);
  }

  private static Map<String, @Nullable Object> components(Record record) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        map.put(component.getName(), component.getAccessor().invoke(record));
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw new EvaluationException(
            ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
            "component "
                + component.getName()
                + " of "
                + record.getClass()
                + " cannot be read: "
                + e,
            null,
            "open the record's package to dev.quarry, or give a Map");
      }
    }
    return map;
  }

  private static List<@Nullable Object> elements(Object array) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      list.add(Array.get(array, i));
    }
    return list;
  }

  /// A cell as a border value, owned.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if it would take too much of the Java heap
  public static @Nullable Object get(long head, long body, Reading reading) {
    return get(head, body, reading, new HeapShare());
  }

  /// The same, as a part of a result.
  public static @Nullable Object get(long head, long body, Reading reading, HeapShare share) {
    return switch (Cell.tag(head)) {
      case Cell.NULL -> null;
      case Cell.BOOLEAN -> body != 0;
      case Cell.INTEGER -> {
        share.take(HeapShare.NUMBER);
        yield body;
      }
      case Cell.FLOAT -> {
        share.take(HeapShare.NUMBER);
        yield Double.longBitsToDouble(body);
      }
      case Cell.STRING -> {
        share.takeText(Cell.size(head));
        yield text(head, body);
      }
      case Cell.LIST -> list(head, body, reading, share);
      case Cell.MAP -> map(head, body, reading, share);
      case Cell.NODE -> node(head, body, reading, share);
      case Cell.RELATIONSHIP -> relationship(body, reading, share);
      case Cell.PATH -> path(head, body, reading, share);
      default -> {
        share.take(HeapShare.OBJECT);
        yield Relations.decode(head, body);
      }
    };
  }

  /// A string cell as a string.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if it is too long for the Java heap
  public static String text(long head, long body) {
    HeapShare.requireText(Cell.size(head));
    return Memory.utf8(body, Cell.size(head));
  }

  private static List<@Nullable Object> list(
      long head, long body, Reading reading, HeapShare share) {
    Pace.lookAhead(Cell.cells(head));
    share.take(HeapShare.OBJECT + (long) Cell.size(head) * HeapShare.REFERENCE);
    List<@Nullable Object> list = new ArrayList<>(Cell.size(head));
    for (long i = 0; i < Cell.size(head); i++) {
      Pace.look(i);
      long at = body + i * Cell.BYTES;
      list.add(get(Cell.head(at), Cell.body(at), reading, share));
    }
    return java.util.Collections.unmodifiableList(list);
  }

  private static Map<String, @Nullable Object> map(
      long head, long body, Reading reading, HeapShare share) {
    Pace.lookAhead(Cell.cells(head));
    share.take(2L * HeapShare.OBJECT);
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (long i = 0; i < Cell.size(head); i++) {
      Pace.look(i);
      long at = body + i * 2 * Cell.BYTES;
      long value = at + Cell.BYTES;
      share.takeText(HeapShare.ENTRY + (long) Cell.size(Cell.head(at)));
      map.put(
          text(Cell.head(at), Cell.body(at)),
          get(Cell.head(value), Cell.body(value), reading, share));
    }
    return java.util.Collections.unmodifiableMap(map);
  }

  private static NodeValue node(long head, long body, Reading reading, HeapShare share) {
    Node node = reading.handles().node(body, Cell.size(head));
    NodeValue value =
        reading.exists(node) ? reading.copy(node) : NodeValue.deleted(node.elementId());
    share.takeProperties(value.properties());
    return value;
  }

  private static RelationshipValue relationship(long record, Reading reading, HeapShare share) {
    Relationship relationship = handle(record, reading);
    RelationshipValue value =
        reading.exists(relationship)
            ? reading.copy(relationship)
            : new RelationshipValue(relationship.elementId(), "", "", "", Map.of(), true);
    share.takeProperties(value.properties());
    return value;
  }

  /// The handle of a relationship.
  public static Relationship handle(long record, Reading reading) {
    int type = Cell.relationshipType(record);
    long source = Cell.relationshipSource(record);
    long target = Cell.relationshipTarget(record);
    long ordinal = Cell.relationshipOrdinal(record);
    RelationshipIdentity identity =
        ordinal < 0
            ? reading.rowIdentity(
                type, Cell.relationshipSlot(record), Cell.relationshipGeneration(record))
            : new RelationshipIdentity.Bare(
                type,
                source,
                reading.generation(source),
                target,
                reading.generation(target),
                ordinal);
    return reading.handles().relationship(identity);
  }

  private static PathValue path(long head, long body, Reading reading, HeapShare share) {
    List<NodeValue> nodes = new ArrayList<>();
    List<RelationshipValue> relationships = new ArrayList<>();
    for (long i = 0; i < Cell.size(head); i++) {
      Pace.look(i);
      long at = body + i * Cell.BYTES;
      if (i % 2 == 0) {
        nodes.add(node(Cell.head(at), Cell.body(at), reading, share));
      } else {
        relationships.add(relationship(Cell.body(at), reading, share));
      }
    }
    return new PathValue(nodes, relationships);
  }
}
