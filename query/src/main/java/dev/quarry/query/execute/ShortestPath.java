package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row one or all of the shortest paths between two nodes.
///
/// The search goes breadth first from both ends, level by level, always from the end with the
/// smaller frontier. As long as no node was reached from both, the ends are further apart than the
/// sum of the depths; so the first level that meets the other side does so at that side's frontier,
/// and every shortest path leads over exactly one node of it. For one path the search ends at the
/// first such node; for all it completes the level, and the paths are then made one by one.
///
/// A shortest path repeats no node. A node is joined with itself by the path of length 0 where that
/// is asked for, else by none.
final class ShortestPath extends FlatMap {
  private final Reading reading;
  private final LogicalPlan.ShortestPath plan;
  private final boolean needsList;
  private final Evaluator[] ofRelationships;
  private final Evaluator[] ofNodes;
  private final Scratch memory;
  private final Scratch tested;
  private final SearchSide fromSource;
  private final SearchSide fromTarget;
  private final LinkedPaths paths = new LinkedPaths();
  private @Nullable Catalog catalog;
  private @Nullable Expansion forward;
  private @Nullable Expansion backward;
  private @Nullable SearchSide other;
  private long middle;
  private boolean inMiddle;

  ShortestPath(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.ShortestPath plan,
      boolean needsList) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.plan = plan;
    this.needsList = needsList;
    this.memory = execution.newScratch();
    this.tested = execution.newScratch();
    this.ofRelationships = compileConditions(plan.ofRelationships());
    this.ofNodes = compileConditions(plan.ofNodes());
    this.fromSource = new SearchSide(memory);
    this.fromTarget = new SearchSide(memory);
  }

  private Evaluator[] compileConditions(List<LogicalPlan.ElementCondition> conditions) {
    return conditions.stream()
        .map(condition -> compile(condition.predicate(), tested))
        .toArray(Evaluator[]::new);
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (Cell.tag(batch.head(plan.from(), row)) != Cell.NODE
        || Cell.tag(batch.head(plan.to(), row)) != Cell.NODE) {
      return false;
    }
    refresh();
    memory.reset();
    middle = 0;
    inMiddle = false;
    long source = batch.body(plan.from(), row);
    long target = batch.body(plan.to(), row);
    if (!mayHold(source, batch, row) || !mayHold(target, batch, row)) {
      return false;
    }
    fromSource.begin(source);
    fromTarget.begin(target);
    if (source == target) {
      other = fromTarget;
      middle = plan.least() == 0 ? fromSource.frontier() : 0;
    } else {
      search(batch, row);
    }
    return middle != 0;
  }

  /// Looks the types up anew (rule S9).
  private void refresh() {
    if (catalog == reading.catalog() && forward != null) {
      return;
    }
    catalog = reading.catalog();
    int[] tokens = Expand.tokens(plan.types(), reading.catalog());
    forward = execution.newExpansion(plan.direction(), tokens);
    backward = execution.newExpansion(plan.direction().reverse(), tokens);
  }

  private void search(Batch batch, int row) {
    while (middle == 0 && fromSource.frontierCount() > 0 && fromTarget.frontierCount() > 0) {
      long depth = fromSource.depth() + fromTarget.depth();
      if (plan.most() >= 0 && depth >= plan.most()) {
        return;
      }
      if (fromSource.frontierCount() <= fromTarget.frontierCount()) {
        expand(fromSource, fromTarget, java.util.Objects.requireNonNull(forward), batch, row);
      } else {
        expand(fromTarget, fromSource, java.util.Objects.requireNonNull(backward), batch, row);
      }
    }
  }

  /// Reaches the next level of one side, up to the first node that the other side knows, or whole
  /// if all paths are wanted.
  private void expand(
      SearchSide side, SearchSide opposite, Expansion expansion, Batch batch, int row) {
    other = opposite;
    long end = side.depth() + 1;
    for (long at = side.frontier();
        at != 0 && SearchSide.depth(at) < end;
        at = SearchSide.next(at)) {
      expansion.open(SearchSide.node(at));
      while (expansion.next()) {
        execution.pace().step();
        long reached = take(side, at, expansion, batch, row);
        if (reached != 0 && !plan.all() && opposite.find(SearchSide.node(reached)) != 0) {
          middle = reached;
          return;
        }
      }
    }
    side.advance();
    if (plan.all()) {
      middle = nextMiddle(side.frontier());
    }
  }

  /// Notes the node at the other end of a relationship, if this is a shortest way to it.
  ///
  /// @return the node; 0 if it is not
  private long take(SearchSide side, long from, Expansion expansion, Batch batch, int row) {
    long node = expansion.neighbour();
    long known = side.find(node);
    if (known != 0 && (!plan.all() || SearchSide.depth(known) <= SearchSide.depth(from))) {
      return 0;
    }
    long mark = memory.mark();
    long relationship = Expand.record(expansion, reading, memory);
    if (!mayUse(relationship, batch, row) || known == 0 && !mayHold(node, batch, row)) {
      memory.release(mark);
      return 0;
    }
    long reached = known == 0 ? side.reach(node) : known;
    side.link(reached, relationship, from);
    return reached;
  }

  private boolean mayUse(long relationship, Batch batch, int row) {
    for (int i = 0; i < ofRelationships.length; i++) {
      batch.put(plan.ofRelationships().get(i).slot(), row, Cell.RELATIONSHIP, relationship);
      if (!holds(ofRelationships[i], batch, row)) {
        return false;
      }
    }
    return true;
  }

  private boolean mayHold(long node, Batch batch, int row) {
    for (int i = 0; i < ofNodes.length; i++) {
      long head = Cell.head(Cell.NODE, reading.generation(node));
      batch.put(plan.ofNodes().get(i).slot(), row, head, node);
      if (!holds(ofNodes[i], batch, row)) {
        return false;
      }
    }
    return true;
  }

  private boolean holds(Evaluator condition, Batch batch, int row) {
    tested.reset();
    condition.evaluate(batch, row);
    return condition.isTrue();
  }

  /// The first node from here on that the other side knows too; 0 if there is none.
  private long nextMiddle(long from) {
    SearchSide opposite = java.util.Objects.requireNonNull(other);
    long at = from;
    while (at != 0 && opposite.find(SearchSide.node(at)) == 0) {
      execution.pace().step();
      at = SearchSide.next(at);
    }
    return at;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    if (!choose()) {
      return false;
    }
    if (needsList) {
      long cells = values().allocate((long) paths.length() * Cell.BYTES);
      execution.pace().bytes((long) paths.length() * Cell.RELATIONSHIP_BYTES);
      for (int i = 0; i < paths.length(); i++) {
        long copy = values().allocate(Cell.RELATIONSHIP_BYTES);
        Memory.copy(paths.relationship(i), copy, Cell.RELATIONSHIP_BYTES);
        Cell.put(cells + (long) i * Cell.BYTES, Cell.RELATIONSHIP, copy);
      }
      into.put(plan.relationships(), to, Cell.head(Cell.LIST, paths.length()), cells);
    }
    return true;
  }

  /// Turns to the next path: of the same node in the middle, then of the next.
  private boolean choose() {
    if (inMiddle) {
      if (plan.all() && paths.advance()) {
        return true;
      }
      middle = plan.all() ? nextMiddle(SearchSide.next(middle)) : 0;
    }
    inMiddle = middle != 0;
    if (inMiddle) {
      long same = java.util.Objects.requireNonNull(other).find(SearchSide.node(middle));
      boolean bySource = other == fromTarget;
      paths.begin(bySource ? middle : same, bySource ? same : middle);
    }
    return inMiddle;
  }
}
