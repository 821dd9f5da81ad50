package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row the relationships of a node, one row each.
final class Expand extends FlatMap {
  private final Reading reading;
  private final int from;
  private final int relationship;
  private final int to;
  private final Direction direction;
  private final List<String> types;
  private @Nullable Catalog catalog;
  private @Nullable Expansion expansion;

  /// @param relationship slot, -1 if nobody needs it
  Expand(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      int from,
      int relationship,
      int to,
      Direction direction,
      List<String> types) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.from = from;
    this.relationship = relationship;
    this.to = to;
    this.direction = direction;
    this.types = types;
  }

  static int @Nullable [] tokens(List<String> types, Catalog catalog) {
    return types.isEmpty() ? null : types.stream().mapToInt(catalog::type).toArray();
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (Cell.tag(batch.head(from, row)) != Cell.NODE) {
      return false;
    }
    Expansion current = expansion;
    if (current == null || catalog != reading.catalog()) { // types are looked up anew (rule S9)
      catalog = reading.catalog();
      current = execution.newExpansion(direction, tokens(types, catalog));
      expansion = current;
    }
    current.open(batch.body(from, row));
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    Expansion current = java.util.Objects.requireNonNull(expansion);
    if (!current.next()) {
      return false;
    }
    long neighbour = current.neighbour();
    into.put(to, toRow, Cell.head(Cell.NODE, reading.generation(neighbour)), neighbour);
    if (relationship >= 0) {
      into.put(relationship, toRow, Cell.RELATIONSHIP, record(current, reading, values));
    }
    return true;
  }

  /// Writes what stands for the relationship at which an expansion is.
  static long record(Expansion expansion, Reading reading, Scratch values) {
    long at = values.allocate(Cell.RELATIONSHIP_BYTES);
    long slot = expansion.edgeSlot();
    int type = expansion.type();
    long ordinal = slot < 0 ? expansion.ordinal() : reading.origin(type, slot);
    int generation = ordinal >= 0 ? 0 : reading.edgeGeneration(type, slot);
    Cell.putRelationship(
        at, type, slot, expansion.source(), expansion.target(), ordinal, generation);
    return at;
  }
}
