package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row the nodes that are joined with each of several bound nodes, one row for each
/// combination of relationships.
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
/// Where combinations are counted, a row of a node has all of them; if the node is not needed
/// either, one row has those of all nodes.
///
/// The multiway join of this kind is from Ngo, Porat, Ré and Rudra, "Worst-case optimal join
/// algorithms" (2012).
final class Intersect extends FlatMap {
  private final Reading reading;
  private final int to;
  private final IntersectSide[] sides;
  private final IntersectSide[] order;
  private final Combinations combinations;
  private final DoubtfulNodes doubtful;
  private final boolean needsRelationships;
  private final @Nullable String label;
  private final int multiplicity;
  private final int product;
  private int token;
  private final long[] chunk = new long[256];
  private @Nullable Catalog catalog;
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
    this.label = plan.label();
    this.multiplicity = plan.multiplicity();
    this.product = plan.product();
    this.sides =
        plan.sides().stream()
            .map(side -> side(execution, side, needed))
            .toArray(IntersectSide[]::new);
    this.order = sides.clone();
    List<MustDiffer> pairs = MustDiffer.of(plan.different(), sides);
    this.combinations = new Combinations(execution, order, pairs);
    this.doubtful = new DoubtfulNodes(pairs);
    this.needsRelationships = List.of(sides).stream().anyMatch(side -> side.relationship() >= 0);
  }

  private static IntersectSide side(
      Execution execution, LogicalPlan.Intersect.Side side, BitSet needed) {
    boolean isNeeded = side.relationship() >= 0 && needed.get(side.relationship());
    return new IntersectSide(execution, side, isNeeded ? side.relationship() : -1);
  }

  @Override
  void open() {
    super.open();
    for (IntersectSide side : sides) {
      side.forget();
    }
  }

  @Override
  boolean begin(Batch batch, int row) {
    refresh();
    for (IntersectSide side : sides) {
      boolean isNode = Cell.tag(batch.head(side.from(), row)) == Cell.NODE;
      if (!isNode || side.turnTo(batch.body(side.from(), row)) == 0) {
        return false;
      }
    }
    arrange();
    doubtful.begin(batch, row);
    walk = order[0].openAll();
    combines = needsRelationships || doubtful.isEveryNode();
    if (combines) {
      combinations.begin(batch, row, walk);
    } else {
      combinations.end();
      beginNodes();
    }
    return true;
  }

  private void refresh() {
    if (catalog != reading.catalog()) {
      catalog = reading.catalog();
      token = label == null ? -1 : reading.catalog().label(label);
      for (IntersectSide side : sides) {
        side.refresh(reading.catalog());
      }
    }
  }

  /// Puts the side to be walked first, then those that are asked without a search, and makes them
  /// ready.
  private void arrange() {
    IntersectSide first = sides[0];
    long least = Long.MAX_VALUE;
    for (IntersectSide side : sides) {
      long cost = side.steps();
      for (IntersectSide other : sides) {
        cost += other == side ? 0 : other.costOf(side.steps());
      }
      if (cost < least) {
        least = cost;
        first = side;
      }
    }
    int counted = 1;
    int searched = sides.length;
    order[0] = first;
    for (IntersectSide side : sides) {
      if (side != first) {
        side.prepare(first.steps(), execution.pace());
        order[side.isCounted() ? counted++ : --searched] = side;
      }
    }
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    return produceSome(batch, row, into, toRow, 1) > 0;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int toRow, int most) {
    if (product >= 0) {
      return to < 0 ? countAll(batch, row, into, toRow) : countSome(batch, row, into, toRow, most);
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

  // Counts.

  /// One row for all combinations that are left, if there are any.
  private int countAll(Batch batch, int row, Batch into, int toRow) {
    long count = 0;
    while (!combines && nextNode()) {
      count = Multiplicity.plus(count, ways);
    }
    combines = true;
    while (nextCombination(batch, row)) {
      count++;
    }
    if (count == 0) {
      return 0;
    }
    putProduct(batch, row, into, toRow, count);
    return 1;
  }

  /// A row for each node without doubt, and one for each combination of one in doubt.
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
        ways = waysTo(node);
        if (ways > 0 && isWanted(node) && !doubtful.note(node)) {
          return true;
        }
      }
      beginNodes();
      met = all.fill(chunk);
      if (met == 0) {
        return false;
      }
      execution.pace().steps(met);
    }
  }

  private long waysTo(long candidate) {
    long found = 1;
    for (int i = 1; found > 0 && i < order.length; i++) {
      found *= order[i].ways(candidate);
    }
    return found;
  }

  // Combinations.

  private boolean nextCombination(Batch batch, int row) {
    while (true) {
      if (combinations.next()) {
        if (isWanted(combinations.node())) {
          return true;
        }
      } else if (doubtful.next()) {
        combinations.begin(batch, row, order[0].openBetween(doubtful.node()));
      } else {
        return false;
      }
    }
  }

  private boolean isWanted(long found) {
    return label == null || token >= 0 && reading.hasLabel(found, token);
  }

  private void putCombination(Batch into, int toRow) {
    if (to >= 0) {
      putNode(into, toRow, combinations.node());
    }
    for (int i = 0; i < order.length; i++) {
      int slot = order[i].relationship();
      if (slot >= 0) {
        long record = Expand.record(combinations.walk(i), reading, values);
        into.put(slot, toRow, Cell.RELATIONSHIP, record);
      }
    }
  }

  private void putNode(Batch into, int toRow, long found) {
    into.put(to, toRow, Cell.head(Cell.NODE, reading.generation(found)), found);
  }
}
