package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Counts the relationships of a node of each row, and multiplies.
final class CountNeighbours extends Counting {
  private final LogicalPlan.CountNeighbours plan;
  private final Reading reading;
  private @Nullable Catalog catalog;
  private @Nullable Degrees degrees;
  private int label;
  private long[] nodes = new long[0];

  CountNeighbours(Execution execution, Operator input, LogicalPlan.CountNeighbours plan) {
    super(execution, input, plan.product());
    this.plan = plan;
    this.reading = execution.reading();
  }

  @Override
  void refresh() {
    if (degrees == null || catalog != reading.catalog()) {
      catalog = reading.catalog();
      int[] types = Expand.tokens(plan.types(), reading.catalog());
      label = plan.label() == null ? Degrees.ANY_LABEL : reading.catalog().label(plan.label());
      degrees = reading.degrees(plan.direction(), types, label);
    }
  }

  @Override
  void count(Batch batch, long[] found) {
    Degrees known = Objects.requireNonNull(degrees);
    if (nodes.length < batch.size()) {
      nodes = new long[batch.capacity()];
    }
    boolean plain = plan.except().isEmpty() && plan.exceptNodes().isEmpty() && !plan.optional();
    if (plain && takeNodes(batch, plan.from(), nodes)) {
      execution.pace().steps(batch.size());
      known.ofAll(nodes, batch.size(), found);
    } else {
      for (int row = 0; row < batch.size(); row++) {
        execution.pace().step();
        found[row] = counted(batch, row, known);
      }
    }
    for (int row = 0; plan.multiplicity() >= 0 && row < batch.size(); row++) {
      found[row] = Multiplicity.times(batch.body(plan.multiplicity(), row), found[row]);
    }
  }

  /// Takes the nodes of a column.
  ///
  /// @return false where some rows have none
  private static boolean takeNodes(Batch batch, int slot, long[] nodes) {
    Vector column = batch.vector(slot);
    if (column.tag() != Cell.NODE || column.hasNulls()) {
      return false;
    }
    Memory.getLongs(column.bodies(), nodes, 0, batch.size());
    return true;
  }

  private long counted(Batch batch, int row, Degrees known) {
    long number = 0;
    if (Cell.tag(batch.head(plan.from(), row)) == Cell.NODE && areNodes(batch, row)) {
      long node = batch.body(plan.from(), row);
      number = known.of(node);
      for (int i = 0; number > 0 && i < plan.exceptNodes().size(); i++) {
        number -= leadingTo(i, batch, row, node, known);
      }
      for (int i = 0; number > 0 && i < plan.except().size(); i++) {
        number -= isCounted(plan.except().get(i), batch, row, node) ? 1 : 0;
      }
      assert number >= 0 : number;
    }
    return plan.optional() ? Math.max(1, number) : number;
  }

  /// No node is known to differ from null.
  private boolean areNodes(Batch batch, int row) {
    boolean nodes = true;
    for (int slot : plan.exceptNodes()) {
      nodes &= Cell.tag(batch.head(slot, row)) == Cell.NODE;
    }
    return nodes;
  }

  /// How many relationships lead to one of the nodes that do not count, and to none before it.
  private long leadingTo(int index, Batch batch, int row, long node, Degrees known) {
    long other = batch.body(plan.exceptNodes().get(index), row);
    return isExcept(other, batch, row, index) ? 0 : known.between(node, other);
  }

  /// Whether a node is among the first that do not count.
  private boolean isExcept(long node, Batch batch, int row, int first) {
    for (int i = 0; i < first; i++) {
      if (batch.body(plan.exceptNodes().get(i), row) == node) {
        return true;
      }
    }
    return false;
  }

  /// Whether a relationship of the row is among those that are counted so far.
  private boolean isCounted(LogicalPlan.Ends ends, Batch batch, int row, long node) {
    long source = batch.body(ends.source(), row);
    long target = batch.body(ends.target(), row);
    boolean leaves = source == node && plan.direction() != Direction.INCOMING;
    boolean enters = target == node && plan.direction() != Direction.OUTGOING;
    long other = leaves ? target : source;
    return (leaves || enters)
        && hasLabel(other)
        && !isExcept(other, batch, row, plan.exceptNodes().size());
  }

  private boolean hasLabel(long node) {
    return label == Degrees.ANY_LABEL || label >= 0 && reading.hasLabel(node, label);
  }
}
