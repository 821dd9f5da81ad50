package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row the relationships of a node, one row each. The lists of many rows are looked up
/// together; where nobody needs the relationships, other ends are taken from them as they lie.
final class Expand extends FlatMap {
  private final Reading reading;
  private final RowExpansion rows;
  private final int relationship;
  private final int to;
  private final int batchRows;
  private long[] neighbours = new long[0];

  /// @param relationship slot, -1 if nobody needs it
  Expand(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.Expand plan,
      int relationship) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.rows = new RowExpansion(execution, plan);
    this.relationship = relationship;
    this.to = plan.to();
    this.batchRows = execution.batchRows();
  }

  static int @Nullable [] tokens(List<String> types, Catalog catalog) {
    return types.isEmpty() ? null : types.stream().mapToInt(catalog::type).toArray();
  }

  @Override
  void beginBatch() {
    rows.beginBatch();
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (!rows.turnTo(batch, row)) {
      return false;
    }
    rows.open();
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    return produceSome(batch, row, into, toRow, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int toRow, int most) {
    int some = Math.min(most, batchRows);
    if (neighbours.length < some) {
      neighbours = new long[some]; // few rows, as most queries have, need little
    }
    if (relationship >= 0) {
      return produceWithRelationships(into, toRow, some);
    }
    int count = rows.expansion().fill(neighbours, some);
    NodeRows.put(reading, into.vector(to), toRow, neighbours, count);
    return count;
  }

  private int produceWithRelationships(Batch into, int toRow, int most) {
    Expansion current = rows.expansion();
    int count = 0;
    while (count < most && current.next()) {
      neighbours[count] = current.neighbour();
      into.put(relationship, toRow + count, Cell.RELATIONSHIP, record(current, reading, values));
      count++;
    }
    NodeRows.put(reading, into.vector(to), toRow, neighbours, count);
    return count;
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
