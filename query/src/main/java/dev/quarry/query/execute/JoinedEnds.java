package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.NodeMarks;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// Counts relationships of a node by their other ends: those that are joined with another node of
/// the row, or those that are not. The latter is asked ([IntersectSide]); once it has marked its
/// neighbours, lists are counted as they lie (decision 053).
///
/// Lists of both directions are walked one after the other, and of self-loops, which are in two
/// lists and are one relationship (rule S19), the second is taken off.
final class JoinedEnds {
  private static final long NONE = -1;

  private final Execution execution;
  private final Reading reading;
  private final LogicalPlan.CountNeighbours plan;
  private final LogicalPlan.JoinedWith joined;
  private final IntersectSide other;
  private Expansion[] walks = {};
  private int label;
  private int labelledArena = -1;
  private boolean isBound;

  JoinedEnds(Execution execution, LogicalPlan.CountNeighbours plan, LogicalPlan.JoinedWith joined) {
    this.execution = execution;
    this.reading = execution.reading();
    this.plan = plan;
    this.joined = joined;
    this.other =
        new IntersectSide(
            execution,
            new LogicalPlan.Intersect.Side(-1, -1, joined.direction(), joined.types()),
            -1);
  }

  /// Looks names up anew (rule S9).
  ///
  /// @param newLabel token of the label of ends, as [Degrees] has it
  void refresh(Catalog catalog, int newLabel) {
    other.refresh(catalog);
    label = newLabel;
    labelledArena = -1;
    int @Nullable [] types = Expand.tokens(plan.types(), catalog);
    Direction[] directions =
        plan.direction() == Direction.BOTH
            ? new Direction[] {Direction.OUTGOING, Direction.INCOMING}
            : new Direction[] {plan.direction()};
    walks = new Expansion[directions.length];
    for (int i = 0; i < walks.length; i++) {
      walks[i] = execution.newExpansion(directions[i], types, label);
    }
  }

  /// Forgets the nodes, since their lists may have changed.
  void forget() {
    other.forget();
  }

  /// Counts for all rows of a batch. The lists of many nodes are looked up together.
  ///
  /// @param nodes one for each row
  void countAll(Batch batch, long[] nodes, long[] found) {
    for (int from = 0; from < batch.size(); from += Expansion.PREPARED) {
      int count = Math.min(Expansion.PREPARED, batch.size() - from);
      for (Expansion walk : walks) {
        walk.prepare(nodes, from, count);
      }
      for (int i = 0; i < count; i++) {
        turnTo(batch, from + i);
        found[from + i] = prepared(i, nodes[from + i]);
      }
    }
  }

  private long prepared(int index, long node) {
    long count = 0;
    for (int i = 0; i < walks.length; i++) {
      long again = i == 0 ? NONE : node;
      if (walks[i].preparedSlice(index) >= 0) {
        count += slice(walks[i], again);
      } else {
        walks[i].openPrepared(index);
        count += slices(walks[i], again);
      }
    }
    return count;
  }

  /// Counts for one row.
  long count(Batch batch, int row, long node) {
    turnTo(batch, row);
    long count = 0;
    for (int i = 0; i < walks.length; i++) {
      walks[i].open(node);
      count += slices(walks[i], i == 0 ? NONE : node);
    }
    return count;
  }

  /// Whether a relationship of the row counts if it leads to a node.
  boolean counts(Batch batch, int row, long end) {
    turnTo(batch, row);
    return counts(end);
  }

  /// Turns to the other node of a row. Null is joined with none.
  private void turnTo(Batch batch, int row) {
    boolean isNode = Cell.tag(batch.head(joined.node(), row)) == Cell.NODE;
    isBound = isNode && other.turnTo(batch.body(joined.node(), row)) > 0;
  }

  private long slices(Expansion walk, long again) {
    long count = 0;
    while (walk.nextSlice() > 0) {
      count += slice(walk, again);
    }
    return count;
  }

  /// @param again the node that is walked from, if self-loops have been counted already
  private long slice(Expansion walk, long again) {
    int all = walk.sliceCount();
    execution.pace().steps(all);
    if (isBound && all > 0) {
      other.prepare(all, execution.pace());
    }
    NodeMarks marks = isBound ? other.marks() : null;
    long count = 0;
    if (marks != null && reading.haveLabel(walk.sliceArena(), label)) {
      long met = marks.count(walk);
      count = joined.negated() ? all - met : met;
    } else {
      for (int i = 0; i < all; i++) {
        count += counts(walk.sliceNeighbour(i)) ? 1 : 0;
      }
    }
    long loops = again == NONE ? 0 : walk.sliceCount(again);
    return loops > 0 && counts(again) ? count - loops : count;
  }

  private boolean counts(long end) {
    if (!isWanted(end)) {
      return false;
    }
    NodeMarks marks = isBound ? other.marks() : null;
    boolean isJoined = marks != null ? marks.has(end) : isBound && other.ways(end) > 0;
    return isJoined != joined.negated();
  }

  /// Whether a node has the label. Most ends are of one arena, whose nodes all have it.
  private boolean isWanted(long end) {
    int arena = Ids.arena(end);
    if (arena != labelledArena && reading.haveLabel(arena, label)) {
      labelledArena = arena;
    }
    return arena == labelledArena || reading.hasLabel(end, label);
  }
}
