package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.NodeMarks;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import java.util.BitSet;

/// Counts for each row the combinations of relationships by which several bound nodes are joined
/// with the same node, and multiplies: an [Intersect] of which nobody needs a node or relationship.
///
/// Where the one side that is asked has marked its nodes, the list of the other is counted as it
/// lies. Then what leads to nodes in doubt (rule S19) is taken off, and counted one by one.
final class CountIntersect extends Counting {
  private static final BitSet NOTHING = new BitSet();

  private final IntersectSides sides;
  private final Combinations combinations;
  private final DoubtfulNodes doubtful;
  private final int multiplicity;
  private final long[] chunk = new long[256];

  CountIntersect(Execution execution, Operator input, LogicalPlan.Intersect plan) {
    super(execution, input, plan.product());
    this.multiplicity = plan.multiplicity();
    this.sides = new IntersectSides(execution, plan, NOTHING);
    this.combinations = new Combinations(execution, sides.order(), sides.pairs(plan));
    this.doubtful = new DoubtfulNodes(sides.pairs(plan));
  }

  @Override
  void open() {
    super.open();
    sides.forget();
  }

  @Override
  void refresh() {
    sides.refresh();
  }

  @Override
  void count(Batch batch, long[] found) {
    sides.beginBatch();
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      long before = multiplicity < 0 ? 1 : batch.body(multiplicity, row);
      found[row] = Multiplicity.times(before, count(batch, row));
    }
  }

  private long count(Batch batch, int row) {
    if (!sides.turnTo(batch, row)) {
      return 0;
    }
    doubtful.begin(batch, row);
    if (doubtful.isEveryNode()) {
      return combinations(batch, row, sides.first().openAll());
    }
    NodeMarks marks = sides.order().length == 2 ? sides.order()[1].exactMarks() : null;
    long count = marks == null ? countNodes() : countMarked(marks);
    while (doubtful.next()) {
      count += combinations(batch, row, sides.first().openBetween(doubtful.node()));
    }
    return count;
  }

  /// The combinations by way of nodes without doubt; notes those in doubt.
  private long countNodes() {
    Expansion walk = sides.first().openAll();
    long count = 0;
    for (int walked = walk.fill(chunk); walked > 0; walked = walk.fill(chunk)) {
      execution.pace().steps(walked);
      int left = sides.select(chunk, walked);
      for (int i = 0; i < left; i++) {
        long ways = sides.waysTo(chunk[i]);
        if (ways > 0 && sides.isWanted(chunk[i]) && !doubtful.note(chunk[i])) {
          count = Multiplicity.plus(count, ways);
        }
      }
    }
    return count;
  }

  /// The same, by the marks of the side that is asked: each relationship to a marked node is one.
  private long countMarked(NodeMarks marks) {
    Expansion whole = sides.first().wholeSlice();
    if (whole != null) {
      return countSlice(whole, marks);
    }
    Expansion walk = sides.first().openAll();
    long count = 0;
    while (walk.nextSlice() > 0) {
      count += countSlice(walk, marks);
    }
    return count;
  }

  private long countSlice(Expansion walk, NodeMarks marks) {
    execution.pace().steps(walk.sliceCount());
    boolean areWanted = sides.areWanted(walk.sliceArena());
    long count = areWanted ? marks.count(walk) : countWanted(walk, marks);
    for (int i = 0; i < doubtful.count(); i++) {
      count -= countDoubtful(walk, doubtful.node(i), marks);
    }
    return count;
  }

  /// How many relationships of a slice were counted though they lead to a node in doubt; notes it.
  private long countDoubtful(Expansion walk, long node, NodeMarks marks) {
    long count = marks.has(node) && sides.isWanted(node) ? walk.sliceCount(node) : 0;
    if (count > 0) {
      doubtful.note(node);
    }
    return count;
  }

  private long countWanted(Expansion walk, NodeMarks marks) {
    long count = 0;
    for (int i = 0; i < walk.sliceCount(); i++) {
      long node = walk.sliceNeighbour(i);
      count += marks.has(node) && sides.isWanted(node) ? 1 : 0;
    }
    return count;
  }

  /// The combinations of some relationships of the side that is walked, one by one.
  private long combinations(Batch batch, int row, Expansion first) {
    long count = 0;
    combinations.begin(batch, row, first);
    while (combinations.next()) {
      count += sides.isWanted(combinations.node()) ? 1 : 0;
    }
    return count;
  }
}
