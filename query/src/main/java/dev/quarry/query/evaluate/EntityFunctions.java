package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.CellSink;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Functions of nodes, relationships, paths and maps.
final class EntityFunctions {
  private EntityFunctions() {}

  static void apply(
      Function function, Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    if (of.isNull()) {
      target.setNull();
      return;
    }
    Reading reading = context.reading();
    Scratch values = context.values();
    if (function == Function.KEYS || function == Function.PROPERTIES) {
      Failures.requireExists(of, reading, span);
    }
    switch (function) {
      case ID -> {
        require(of, span, function, Cell.NODE, Cell.RELATIONSHIP);
        target.setInteger(
            of.tag() == Cell.NODE ? of.body : Math.max(0, Cell.relationshipSlot(of.body)));
      }
      case ELEMENT_ID -> {
        require(of, span, function, Cell.NODE, Cell.RELATIONSHIP);
        String text =
            of.tag() == Cell.NODE
                ? reading.handles().node(of.body, Cell.size(of.head)).elementId()
                : Border.handle(of.body, reading).elementId();
        BasicEvaluators.setText(target, text, values);
      }
      case LABELS -> {
        require(of, span, function, Cell.NODE);
        Failures.requireExists(of, reading, span);
        labels(of.body, reading, values, target);
      }
      case TYPE -> {
        require(of, span, function, Cell.RELATIONSHIP);
        String type = reading.catalog().types().get(Cell.relationshipType(of.body));
        BasicEvaluators.setText(target, type, values);
      }
      case KEYS -> keys(of, reading, values, span, target);
      case PROPERTIES -> {
        require(of, span, function, Cell.NODE, Cell.RELATIONSHIP, Cell.MAP);
        if (of.tag() == Cell.MAP) {
          target.setFrom(of);
        } else {
          long cells = values.allocate(2L * propertyCount(of, reading) * Cell.BYTES);
          long count = putProperties(of, reading, values, cells);
          target.set(Cell.mapHead(cells, count), cells);
        }
      }
      case START_NODE, END_NODE -> {
        require(of, span, function, Cell.RELATIONSHIP);
        long node =
            function == Function.START_NODE
                ? Cell.relationshipSource(of.body)
                : Cell.relationshipTarget(of.body);
        target.set(Cell.head(Cell.NODE, reading.generation(node)), node);
      }
      case NODES, RELATIONSHIPS -> {
        require(of, span, function, Cell.PATH);
        parts(of, function == Function.NODES ? 0 : 1, values, target);
      }
      case LENGTH -> {
        require(of, span, function, Cell.PATH);
        target.setInteger(Cell.size(of.head) / 2);
      }
      default -> throw new AssertionError(function);
    }
  }

  private static void require(Evaluator of, Span span, Function function, int... tags) {
    for (int tag : tags) {
      if (of.tag() == tag) {
        return;
      }
    }
    StringBuilder names = new StringBuilder();
    for (int tag : tags) {
      names.append(names.isEmpty() ? "" : " or ").append(Cell.name(tag));
    }
    String message = function.text() + " needs " + names;
    throw function == Function.LABELS || function == Function.TYPE
        ? Failures.value(message + ", not " + Cell.name(of.tag()), span, null)
        : Failures.type(message, of.head, span);
  }

  private static void labels(long node, Reading reading, Scratch values, Evaluator target) {
    int most = reading.catalog().labels().size();
    int count = 0;
    for (int label = 0; label < most; label++) {
      count += reading.hasLabel(node, label) ? 1 : 0;
    }
    long cells = values.allocate((long) count * Cell.BYTES);
    long at = cells;
    for (int label = 0; label < most; label++) {
      if (reading.hasLabel(node, label)) {
        BasicEvaluators.setText(target, reading.catalog().labels().get(label), values);
        Cell.put(at, target.head, target.body);
        at += Cell.BYTES;
      }
    }
    target.set(Cell.listHead(cells, count), cells);
  }

  private static void keys(
      Evaluator of, Reading reading, Scratch values, Span span, Evaluator target) {
    require(of, span, Function.KEYS, Cell.NODE, Cell.RELATIONSHIP, Cell.MAP);
    long count;
    long pairs;
    if (of.tag() == Cell.MAP) {
      count = Cell.size(of.head);
      pairs = of.body;
    } else {
      pairs = values.allocate(2L * propertyCount(of, reading) * Cell.BYTES);
      count = putProperties(of, reading, values, pairs);
    }
    long cells = values.allocate(count * Cell.BYTES);
    for (long i = 0; i < count; i++) {
      Memory.copy(pairs + 2 * i * Cell.BYTES, cells + i * Cell.BYTES, Cell.BYTES);
    }
    target.set(Cell.listHead(cells, count), cells);
  }

  private static void parts(Evaluator of, int first, Scratch values, Evaluator target) {
    int size = Cell.size(of.head);
    long count = (size + 1 - first) / 2;
    long cells = values.allocate(count * Cell.BYTES);
    for (long i = 0; i < count; i++) {
      Memory.copy(of.body + (2 * i + first) * Cell.BYTES, cells + i * Cell.BYTES, Cell.BYTES);
    }
    target.set(Cell.listHead(cells, count), cells);
  }

  /// Reads a property of a node or a relationship.
  static void property(Evaluator of, int key, Reading reading, CellSink sink) {
    if (of.tag() == Cell.NODE) {
      reading.property(of.body, key, sink);
    } else {
      int type = Cell.relationshipType(of.body);
      reading.property(type, Cell.currentRow(of.body, reading), key, sink);
    }
  }

  /// Tokens of the keys that a relationship may have.
  private static int[] keys(long relationship, Reading reading) {
    return reading.keysOfRow(
        Cell.relationshipType(relationship), Cell.currentRow(relationship, reading));
  }

  /// The most properties that a value can have.
  static int propertyCount(Evaluator of, Reading reading) {
    return switch (of.tag()) {
      case Cell.NODE -> reading.keys(of.body).length;
      case Cell.RELATIONSHIP -> keys(of.body, reading).length;
      case Cell.MAP -> Cell.size(of.head);
      default -> 0;
    };
  }

  /// Writes the properties of a node, relationship or map as pairs of cells.
  ///
  /// @return how many
  static long putProperties(Evaluator of, Reading reading, Scratch values, long to) {
    if (of.tag() == Cell.MAP) {
      Memory.copy(of.body, to, 2L * Cell.size(of.head) * Cell.BYTES);
      return Cell.size(of.head);
    }
    boolean node = of.tag() == Cell.NODE;
    CellSink sink = new CellSink(values);
    long count = 0;
    int[] keys = node ? reading.keys(of.body) : keys(of.body, reading);
    for (int key : keys) {
      property(of, key, reading, sink);
      if (sink.head() != Cell.NULL) {
        long at = to + 2 * count++ * Cell.BYTES;
        Border.put(reading.catalog().keys().get(key), at, values);
        Cell.put(at + Cell.BYTES, sink.head(), sink.body());
      }
    }
    return count;
  }
}
