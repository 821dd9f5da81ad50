package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.NodeBlock;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Weights;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Counts the relationships of a node of each row, and multiplies.
final class CountNeighbours extends Counting {
  private final LogicalPlan.CountNeighbours plan;
  private final Reading reading;
  private final @Nullable RelationshipsBetween between; // null where no node is left out
  private final @Nullable JoinedEnds joined; // null where ends are not asked
  private final DegreeMemo memo = new DegreeMemo();
  private @Nullable Catalog catalog;
  private @Nullable Degrees degrees;
  private int label;
  private long[] nodes = new long[0];

  CountNeighbours(Execution execution, Operator input, LogicalPlan.CountNeighbours plan) {
    super(execution, input, plan.product());
    this.plan = plan;
    this.reading = execution.reading();
    this.between =
        plan.exceptNodes().isEmpty()
            ? null
            : new RelationshipsBetween(execution, plan.direction(), plan.types());
    this.joined = plan.joined() == null ? null : new JoinedEnds(execution, plan, plan.joined());
  }

  @Override
  void open() {
    super.open();
    if (between != null) {
      between.forget();
    }
    if (joined != null) {
      joined.forget();
    }
    memo.forget();
  }

  @Override
  void refresh() {
    if (degrees == null || catalog != reading.catalog()) {
      catalog = reading.catalog();
      int[] types = Expand.tokens(plan.types(), reading.catalog());
      label = plan.label() == null ? Degrees.ANY_LABEL : reading.catalog().label(plan.label());
      degrees = reading.degrees(plan.direction(), types, label);
      if (between != null) {
        between.refresh(reading.catalog());
      }
      if (joined != null) {
        joined.refresh(reading.catalog(), label);
      }
      memo.forget();
    }
  }

  @Override
  void count(Batch batch, long[] found) {
    Degrees known = Objects.requireNonNull(degrees);
    if (nodes.length < batch.size()) {
      nodes = new long[batch.capacity()];
    }
    execution.pace().steps(batch.size());
    if (takeNodes(batch, plan.from(), nodes)) {
      countAll(batch, found, known);
    } else {
      for (int row = 0; row < batch.size(); row++) {
        boolean isNode = Cell.tag(batch.head(plan.from(), row)) == Cell.NODE;
        nodes[row] = isNode ? batch.body(plan.from(), row) : 0;
        found[row] = isNode ? countOne(batch, row, known) : 0;
      }
    }
    boolean plain = plan.except().isEmpty() && plan.exceptNodes().isEmpty() && !plan.optional();
    for (int row = 0; !plain && row < batch.size(); row++) {
      found[row] = counted(batch, row, found[row]);
    }
    for (int row = 0; plan.multiplicity() >= 0 && row < batch.size(); row++) {
      found[row] = Multiplicity.times(batch.body(plan.multiplicity(), row), found[row]);
    }
  }

  /// Multiplies the numbers of the nodes of a block instead of those of rows.
  ///
  /// @return false if that must be done row by row; then no number is right any more
  boolean multiply(NodeBlock block, Weights weights) {
    refresh();
    return Objects.requireNonNull(degrees).addAll(block, weights.factors()) && weights.multiply();
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

  /// Of both directions self-loops are looked for, so what is known of a node is kept.
  private void countAll(Batch batch, long[] found, Degrees known) {
    if (joined != null) {
      joined.countAll(batch, nodes, found);
      return;
    }
    if (plan.direction() != Direction.BOTH) {
      known.ofAll(nodes, batch.size(), found);
      return;
    }
    for (int row = 0; row < batch.size(); row++) {
      found[row] = memo.of(nodes[row], known);
    }
  }

  private long countOne(Batch batch, int row, Degrees known) {
    return joined == null ? known.of(nodes[row]) : joined.count(batch, row, nodes[row]);
  }

  /// What is left of the relationships of a row.
  private long counted(Batch batch, int row, long all) {
    long number = all == 0 || areNodes(batch, row) ? all : 0;
    for (int i = 0; number > 0 && i < plan.exceptNodes().size(); i++) {
      number -= leadingTo(i, batch, row, nodes[row]);
    }
    for (int i = 0; number > 0 && i < plan.except().size(); i++) {
      number -= isCounted(plan.except().get(i), batch, row, nodes[row]) ? 1 : 0;
    }
    assert number >= 0 : number;
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
  private long leadingTo(int index, Batch batch, int row, long node) {
    long other = batch.body(plan.exceptNodes().get(index), row);
    boolean counts = !isExcept(other, batch, row, index) && isWanted(other, batch, row);
    return counts ? Objects.requireNonNull(between).count(node, other) : 0;
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
        && isWanted(other, batch, row)
        && !isExcept(other, batch, row, plan.exceptNodes().size());
  }

  /// Whether what leads to a node counts.
  private boolean isWanted(long node, Batch batch, int row) {
    return joined != null ? joined.counts(batch, row, node) : reading.hasLabel(node, label);
  }
}
