package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
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
  private static final long[] NONE = {};

  private final Reading reading;
  private final RowExpansion rows;
  private final int relationship;
  private final int to;
  private final LeftOut leftOut;
  private final int batchRows;
  private long[] neighbours = NONE;
  private int length; // of the row's list, or more

  /// @param relationship slot, -1 if nobody needs it
  /// @param label that the other ends must have, null for any
  Expand(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.Expand plan,
      int relationship,
      @Nullable String label) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.rows = new RowExpansion(execution, plan, label);
    this.relationship = relationship;
    this.to = plan.to();
    this.leftOut = new LeftOut(plan.direction(), plan.except());
    this.batchRows = execution.batchRows();
  }

  static int @Nullable [] tokens(List<String> types, Catalog catalog) {
    if (types.isEmpty()) {
      return null;
    }
    int[] tokens = new int[types.size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = catalog.type(types.get(i));
    }
    return tokens;
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
    int slice = relationship < 0 ? rows.slice() : -1;
    if (slice == 0) {
      return false;
    }
    length = slice < 0 ? batchRows : slice;
    rows.open();
    leftOut.begin(batch, row, rows.node());
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    return produceSome(batch, row, into, toRow, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int toRow, int most) {
    int some = Math.min(Math.min(most, length), batchRows);
    if (neighbours.length < some) { // few rows, as most queries have, need little
      neighbours = new long[Math.max(some, Math.min(2 * neighbours.length, batchRows))];
    }
    if (relationship >= 0) {
      return produceWithRelationships(into, toRow, some);
    }
    int count = 0;
    int filled = rows.expansion().fill(neighbours, some);
    while (filled > 0 && count == 0) {
      execution.pace().step();
      count = withLabel(leftOut.takeFrom(neighbours, filled));
      filled = count > 0 ? filled : rows.expansion().fill(neighbours, some);
    }
    NodeRows.put(reading, into.vector(to), toRow, neighbours, count);
    return count;
  }

  /// Moves the other ends that have the label to the front; returns how many there are.
  private int withLabel(int count) {
    int token = rows.label();
    if (token == Degrees.ANY_LABEL) {
      return count;
    }
    int kept = 0;
    int arena = -1;
    boolean all = false;
    for (int i = 0; i < count; i++) {
      long node = neighbours[i];
      if (Ids.arena(node) != arena) {
        arena = Ids.arena(node);
        all = reading.haveLabel(arena, token);
      }
      neighbours[kept] = node;
      kept += all || reading.hasLabel(node, token) ? 1 : 0;
    }
    return kept;
  }

  private int produceWithRelationships(Batch into, int toRow, int most) {
    Expansion current = rows.expansion();
    int count = 0;
    while (count < most && current.next()) {
      if (!reading.hasLabel(current.neighbour(), rows.label())) {
        execution.pace().step();
        continue;
      }
      neighbours[count] = current.neighbour();
      into.put(relationship, toRow + count, Cell.RELATIONSHIP, record(current, reading, values()));
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
