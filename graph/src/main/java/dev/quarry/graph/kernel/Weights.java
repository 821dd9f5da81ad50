package dev.quarry.graph.kernel;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.RecordReading;
import org.jspecify.annotations.Nullable;

/// The weights of relationships, from a property. Used by one thread at a time.
final class Weights {
  private final RecordReading reading;
  private final int key;
  private final String name;
  private final double otherwise;

  /// @param otherwise the weight of a relationship without the property
  Weights(RecordReading reading, String name, double otherwise) {
    this.reading = reading;
    this.key = reading.catalog().key(name);
    this.name = name;
    this.otherwise = otherwise;
  }

  /// The weight of the relationship that a walk stands on.
  ///
  /// @throws GraphException if it is no number, or less than 0
  double of(Expansion walk) {
    long edgeSlot = walk.edgeSlot();
    if (edgeSlot < 0 || key < 0) {
      return otherwise;
    }
    ArenaReader rows = reading.edgeReader(walk.type(), edgeSlot);
    long row = Ids.row(edgeSlot);
    if (rows.isFloat(row, key)) {
      return sound(rows.getDouble(row, key), walk);
    }
    if (rows.isInteger(row, key)) {
      return sound(rows.getLong(row, key), walk);
    }
    return ofAny(rows.property(row, key), walk);
  }

  private double ofAny(@Nullable Object value, Expansion walk) {
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number) {
      return sound(number.doubleValue(), walk);
    }
    throw wrong(value, walk);
  }

  private double sound(double weight, Expansion walk) {
    if (weight >= 0) {
      return weight;
    }
    throw wrong(weight, walk);
  }

  private GraphException wrong(Object value, Expansion walk) {
    return new GraphException(
        ErrorCode.INVALID_VALUE,
        "the weight `%s` of relationship %s is %s"
            .formatted(name, walk.identity().elementId(), value),
        "weights are numbers that are not negative");
  }
}
