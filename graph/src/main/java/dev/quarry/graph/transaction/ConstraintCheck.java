package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.index.Lookup;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.value.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks whether constraints hold in one state of the graph, and names who violates them. Used by
/// one thread at a time.
public final class ConstraintCheck {
  private static final int LONGEST_VALUE = 80;
  private static final int BATCH = 1024;

  private final RecordReading reading;
  private final Runnable check;

  public ConstraintCheck(RecordReading reading) {
    this(reading, () -> {});
  }

  /// @param check called now and then while all records are looked at; ends that by throwing
  ConstraintCheck(RecordReading reading, Runnable check) {
    this.reading = reading;
    this.check = check;
  }

  private Catalog catalog() {
    return reading.catalog();
  }

  /// Looks at all records of a constraint.
  ///
  /// @throws GraphException for the first that violates it
  public void whole(ConstraintDefinition constraint) {
    if (constraint.kind() != ConstraintKind.UNIQUE) {
      everyRecord(constraint);
    }
    if (constraint.kind().isUnique()) {
      everyRepeat(constraint);
    }
  }

  /// Looks at one record, if it is still there and the constraint is about it.
  ///
  /// @param record a node, an edge slot, or [Touched#BARE]
  /// @throws GraphException if it violates the constraint
  void one(ConstraintDefinition constraint, long record) {
    if (record == Touched.BARE) {
      noneIsBare(constraint);
    } else if (concerns(constraint, record)) {
      properties(constraint, record);
      if (constraint.kind().isUnique()) {
        unique(constraint, record);
      }
    }
  }

  private boolean concerns(ConstraintDefinition constraint, long record) {
    return constraint.ofRelationships()
        ? reader(constraint, record).slots().isLive(Ids.row(record))
            && !reading.isDroppedRow(constraint.token(), record)
        : reading.nodeArena(record).slots().isLive(Ids.slot(record))
            && reading.hasLabel(record, constraint.token());
  }

  private void everyRecord(ConstraintDefinition constraint) {
    long[] ids = new long[BATCH];
    if (constraint.ofRelationships()) {
      RowScan rows = reading.scanRows(constraint.token());
      for (int count = rows.fill(ids, BATCH); count > 0; count = rows.fill(ids, BATCH)) {
        check.run();
        for (int i = 0; i < count; i++) {
          properties(constraint, ids[i]);
        }
      }
      noneIsBare(constraint);
      return;
    }
    NodeScan scan = reading.scan(constraint.token());
    for (int count = scan.fill(ids, BATCH); count > 0; count = scan.fill(ids, BATCH)) {
      check.run();
      for (int i = 0; i < count; i++) {
        properties(constraint, ids[i]);
      }
    }
  }

  /// Presence and types of the properties of a record.
  private void properties(ConstraintDefinition constraint, long record) {
    ArenaReader reader = reader(constraint, record);
    long slot = slot(constraint, record);
    for (int key : constraint.keys()) {
      if (constraint.kind().isExistence() && reader.isNull(slot, key)) {
        throw missing(constraint, key, elementId(constraint, record));
      }
      if (!constraint.types().isEmpty()) {
        Object value = reader.property(slot, key);
        if (value != null && !isAccepted(constraint.types(), value)) {
          throw otherType(constraint, key, value, elementId(constraint, record));
        }
      }
    }
  }

  private static boolean isAccepted(List<PropertyType> types, Object value) {
    for (PropertyType type : types) {
      if (type.accepts(value)) {
        return true;
      }
    }
    return false;
  }

  /// No relationship of the type is without properties.
  private void noneIsBare(ConstraintDefinition constraint) {
    int type = constraint.token();
    if (constraint.kind().isExistence()
        && reading.counts().relationships(type) != reading.counts().rows(type)) {
      throw missing(constraint, constraint.keys().getFirst(), someBare(type));
    }
  }

  private String someBare(int type) {
    Expansion expansion = reading.expansion(Direction.OUTGOING, new int[] {type});
    NodeScan scan = reading.scanAll();
    long[] ids = new long[BATCH];
    for (int count = scan.fill(ids, BATCH); count > 0; count = scan.fill(ids, BATCH)) {
      for (int i = 0; i < count; i++) {
        expansion.open(ids[i]);
        while (expansion.next()) {
          if (expansion.edgeSlot() < 0) {
            return expansion.identity().elementId();
          }
        }
      }
    }
    return "without properties";
  }

  /// No other record has the values of this one.
  private void unique(ConstraintDefinition constraint, long record) {
    List<Object> values = values(constraint, record);
    if (values == null) {
      return;
    }
    long[] found = new long[2];
    try (IndexSeek seek = reading.seek(index(constraint), Lookup.equal(values))) {
      int count = seek.fill(found, 2);
      for (int i = 0; i < count; i++) {
        if (found[i] != record) {
          throw repeated(constraint, values, record, found[i]);
        }
      }
    }
  }

  /// Looks at entries that share both words with the next one: only they can be equal.
  private void everyRepeat(ConstraintDefinition constraint) {
    IndexCursor cursor = new IndexCursor(reading.pages(), index(constraint).space());
    cursor.open(0, 0);
    if (!cursor.next()) {
      return;
    }
    long order = cursor.order();
    long hash = cursor.hash();
    long record = cursor.record();
    while (cursor.next()) {
      boolean repeated = cursor.order() == order && cursor.hash() == hash;
      if (repeated && !reading.isDropped(index(constraint), record)) {
        unique(constraint, record);
      }
      order = cursor.order();
      hash = cursor.hash();
      record = cursor.record();
    }
  }

  /// The values of a record that take part in uniqueness; null if one is missing, or equals not
  /// even itself.
  private @Nullable List<Object> values(ConstraintDefinition constraint, long record) {
    List<Object> values = new ArrayList<>();
    for (int key : constraint.keys()) {
      Object value = reader(constraint, record).property(slot(constraint, record), key);
      if (value == null || !Comparison.equal(value, value)) {
        return null;
      }
      values.add(value);
    }
    return values;
  }

  private IndexDefinition index(ConstraintDefinition constraint) {
    IndexDefinition index = catalog().index(constraint.name());
    if (index == null) {
      throw new IllegalStateException("constraint " + constraint.name() + " has no index");
    }
    return index;
  }

  private ArenaReader reader(ConstraintDefinition constraint, long record) {
    return constraint.ofRelationships()
        ? reading.edgeReader(constraint.token(), record)
        : reading.nodeArena(record);
  }

  private static long slot(ConstraintDefinition constraint, long record) {
    return constraint.ofRelationships() ? Ids.row(record) : Ids.slot(record);
  }

  private String elementId(ConstraintDefinition constraint, long record) {
    return constraint.ofRelationships()
        ? reading.identityOfRow(constraint.token(), record).elementId()
        : reading.handle(record).elementId();
  }

  private GraphException missing(ConstraintDefinition constraint, int key, String elementId) {
    return new GraphException(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        "%s must have the property %s, but %s %s has none (constraint `%s`)"
            .formatted(
                subject(constraint), name(key), what(constraint), elementId, constraint.name()),
        "set the property in the same statement, or drop the constraint");
  }

  private GraphException otherType(
      ConstraintDefinition constraint, int key, Object value, String elementId) {
    return new GraphException(
        ErrorCode.PROPERTY_TYPE_VIOLATION,
        "the property %s of %s must be of type %s, but %s %s has the value %s (constraint `%s`)"
            .formatted(
                name(key),
                subject(constraint),
                constraint.typesText(),
                what(constraint),
                elementId,
                text(value),
                constraint.name()),
        "convert the value, or drop the constraint");
  }

  private GraphException repeated(
      ConstraintDefinition constraint, List<Object> values, long record, long other) {
    String keys = constraint.keys().stream().map(this::name).collect(Collectors.joining(", "));
    String texts = values.stream().map(ConstraintCheck::text).collect(Collectors.joining(", "));
    return new GraphException(
        ErrorCode.UNIQUENESS_VIOLATION,
        "%s must be unique by %s, but %ss %s and %s both have %s (constraint `%s`)"
            .formatted(
                subject(constraint),
                keys,
                what(constraint),
                elementId(constraint, Math.min(record, other)),
                elementId(constraint, Math.max(record, other)),
                texts,
                constraint.name()),
        "change one of the two, or drop the constraint");
  }

  private String subject(ConstraintDefinition constraint) {
    return constraint.ofRelationships()
        ? "relationships of type `" + catalog().types().get(constraint.token()) + "`"
        : "nodes with label `" + catalog().labels().get(constraint.token()) + "`";
  }

  private static String what(ConstraintDefinition constraint) {
    return constraint.ofRelationships() ? "relationship" : "node";
  }

  private String name(int key) {
    return "`" + catalog().keys().get(key) + "`";
  }

  private static String text(Object value) {
    String text = value instanceof String ? "'" + value + "'" : value.toString();
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
  }
}
