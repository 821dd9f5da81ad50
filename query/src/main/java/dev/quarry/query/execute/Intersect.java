package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// For each row the nodes that are joined with each of several bound nodes, one row for each
/// combination of relationships. Where only their number counts, see [CountIntersect].
///
/// The relationships of one side are walked, and for each node that they lead to the other sides
/// are asked how many of theirs do too. The side that is walked is the one with which that costs
/// least; so no node costs more than in the shortest list, and none makes a row that another side
/// drops.
///
/// Relationships are looked at one by one only where somebody above needs them, or where two that
/// must differ may be the same (rule S19). They have the same ends then, so of two sides that is
/// where they begin with the same node; of a side and a relationship that is bound already, at most
/// one node of the row is in doubt.
///
/// ```text
/// Rows of a row:   nodes without doubt, each as often as there are combinations
///                  nodes in doubt, each with the combinations whose relationships differ
/// ```
///
/// Where combinations are counted, a row of a node has all of them.
///
/// The multiway join of this kind is from Ngo, Porat, Ré and Rudra, "Worst-case optimal join
/// algorithms" (2012).
final class Intersect extends FlatMap {
  private final Reading reading;
  private final int to;
  private final IntersectSides sides;
  private final Combinations combinations;
  private final DoubtfulNodes doubtful;
  private final boolean needsRelationships;
  private final int multiplicity;
  private final int product;
  private final long[] chunk = new long[256];
  private int met;
  private int at;
  private @Nullable Expansion walk;
  private long node;
  private long ways;
  private boolean combines;

  /// @param needed slots that are needed above
  Intersect(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.Intersect plan,
      BitSet needed) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.to = needed.get(plan.to()) ? plan.to() : -1;
    this.multiplicity = plan.multiplicity();
    this.product = plan.product();
    this.sides = new IntersectSides(execution, plan, needed);
    this.combinations = new Combinations(execution, sides.order(), sides.pairs(plan));
    this.doubtful = new DoubtfulNodes(sides.pairs(plan));
    this.needsRelationships = sides.needRelationships();
  }

  @Override
  void open() {
    super.open();
    sides.forget();
  }

  @Override
  void beginBatch() {
    sides.beginBatch();
  }

  @Override
  boolean begin(Batch batch, int row) {
    sides.refresh();
    if (!sides.turnTo(batch, row)) {
      return false;
    }
    doubtful.begin(batch, row);
    walk = sides.first().openAll();
    combines = needsRelationships || doubtful.isEveryNode();
    if (combines) {
      combinations.begin(batch, row, walk);
    } else {
      combinations.end();
      beginNodes();
    }
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    return produceSome(batch, row, into, toRow, 1) > 0;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int toRow, int most) {
    if (product >= 0) {
      return countSome(batch, row, into, toRow, most);
    }
    int made = 0;
    if (!combines) {
      made = produceNodes(into, toRow, most);
      combines = made < most;
    }
    while (made < most && nextCombination(batch, row)) {
      putCombination(into, toRow + made);
      made++;
    }
    return made;
  }

  /// A row for each node without doubt that says how often, and one for each combination of one in
  /// doubt.
  private int countSome(Batch batch, int row, Batch into, int toRow, int most) {
    int made = 0;
    while (made < most && !combines) {
      if (nextNode()) {
        putNode(into, toRow + made, node);
        putProduct(batch, row, into, toRow + made, ways);
        made++;
      } else {
        combines = true;
      }
    }
    while (made < most && nextCombination(batch, row)) {
      putNode(into, toRow + made, combinations.node());
      putProduct(batch, row, into, toRow + made, 1);
      made++;
    }
    return made;
  }

  private void putProduct(Batch batch, int row, Batch into, int toRow, long count) {
    long before = multiplicity < 0 ? 1 : batch.body(multiplicity, row);
    into.put(product, toRow, Cell.INTEGER, Multiplicity.times(before, count));
  }

  // Nodes without doubt.

  private void beginNodes() {
    ways = 0;
    met = 0;
    at = 0;
  }

  private int produceNodes(Batch into, int toRow, int most) {
    int made = 0;
    while (made < most && (ways > 0 || nextNode())) {
      int some = (int) Math.min(ways, most - made);
      for (int i = 0; to >= 0 && i < some; i++) {
        putNode(into, toRow + made + i, node);
      }
      ways -= some;
      made += some;
    }
    return made;
  }

  /// Goes to the next node that all sides reach, and counts the ways.
  private boolean nextNode() {
    Expansion all = java.util.Objects.requireNonNull(walk);
    while (true) {
      while (at < met) {
        node = chunk[at++];
        ways = sides.waysTo(node);
        if (ways > 0 && sides.isWanted(node) && !doubtful.note(node)) {
          return true;
        }
      }
      beginNodes();
      int walked = all.fill(chunk);
      if (walked == 0) {
        return false;
      }
      execution.pace().steps(walked);
      met = sides.select(chunk, walked);
    }
  }

  // Combinations.

  private boolean nextCombination(Batch batch, int row) {
    while (true) {
      if (combinations.next()) {
        if (sides.isWanted(combinations.node())) {
          return true;
        }
      } else if (doubtful.next()) {
        combinations.begin(batch, row, sides.first().openBetween(doubtful.node()));
      } else {
        return false;
      }
    }
  }

  private void putCombination(Batch into, int toRow) {
    if (to >= 0) {
      putNode(into, toRow, combinations.node());
    }
    IntersectSide[] order = sides.order();
    for (int i = 0; i < order.length; i++) {
      int slot = order[i].relationship();
      if (slot >= 0) {
        long record = Expand.record(combinations.walk(i), reading, values());
        into.put(slot, toRow, Cell.RELATIONSHIP, record);
      }
    }
  }

  private void putNode(Batch into, int toRow, long found) {
    into.put(to, toRow, Cell.head(Cell.NODE, reading.generation(found)), found);
  }
}
