package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.NodeMarks;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One of the bound nodes of an intersection, and its relationships: walked, or asked which of them
/// lead to a candidate.
///
/// It is asked in one of three ways, each of which costs more at first and less for a candidate:
///
/// 1. a search in sorted lists,
/// 2. a table of all of them ([NeighbourCounts]),
/// 3. marks of their other ends ([NodeMarks]), and the table only where one has parallels.
///
/// The latter two are worth it if the node stays for many rows, which nobody knows; so they are
/// made once the searches have cost as much as that does, and the two together cost at most twice
/// what the better one does. Likewise marks, whose memory grows with the graph, are taken once
/// making tables has cost as much as to clear it. The marks of a node stay until another's are
/// made. Costs are in entries that are walked over, about a nanosecond each.
final class IntersectSide {
  private static final long COST_OF_SEARCH = 128;
  private static final long COST_OF_ENTRY = 4;
  private static final long COST_OF_QUESTION = 1;

  /// What it costs to open its lists once more, to be ready or not to be any more.
  private static final long COST_OF_OPENING = 64;

  /// How many bytes are cleared at the cost of one entry.
  private static final long CLEARED_BYTES = 16;

  private static final int NOT_PREPARED = -1;

  private final Execution execution;
  private final LogicalPlan.Intersect.Side plan;
  private final int relationship;
  private final NeighbourCounts counts;
  private final NodeMarks marks;
  private @Nullable Expansion all;
  private @Nullable Expansion between;
  private @Nullable Expansion whole;
  private long node = -1;
  private long steps;
  private long spent;
  private long stayed; // for how many rows after its first
  private boolean isCounted;
  private final long[] nodes = new long[Expansion.PREPARED];
  private int preparedFrom;
  private int preparedEnd;
  private int slice = NOT_PREPARED;
  private long markedNode = -1;
  private long spentOnTables;
  private long worthMarks;

  /// @param relationship slot, -1 if nobody needs it
  IntersectSide(Execution execution, LogicalPlan.Intersect.Side plan, int relationship) {
    this.execution = execution;
    this.plan = plan;
    this.relationship = relationship;
    this.counts = new NeighbourCounts(execution.newScratch());
    this.marks = new NodeMarks(execution.reading(), execution.newScratch());
  }

  /// Slot of the node.
  int from() {
    return plan.from();
  }

  /// Slot of the relationship in the pattern.
  int planned() {
    return plan.relationship();
  }

  /// Slot where the relationship is put, -1 if nobody needs it.
  int relationship() {
    return relationship;
  }

  /// Looks types up anew (rule S9).
  void refresh(Catalog catalog) {
    int @Nullable [] tokens = Expand.tokens(plan.types(), catalog);
    all = execution.newExpansion(plan.direction(), tokens);
    between = execution.newExpansion(plan.direction(), tokens);
    whole = execution.newExpansion(plan.direction(), tokens);
    forget();
  }

  /// Forgets the node, since its lists may have changed.
  void forget() {
    node = -1;
    beginBatch();
    isCounted = false;
    counts.clear();
    markedNode = -1;
    marks.clear();
    spentOnTables = 0;
    worthMarks = 0;
  }

  /// Begins with another batch of rows.
  void beginBatch() {
    preparedEnd = 0;
  }

  /// Turns to the node of a row of a batch. Where it changes from row to row, the lists of many are
  /// looked up together.
  ///
  /// @return the most relationships that a walk meets; 0 also where there is no node
  long turnTo(Batch batch, int row) {
    if (Cell.tag(batch.head(plan.from(), row)) != Cell.NODE) {
      return 0;
    }
    long newNode = batch.body(plan.from(), row);
    stayed++;
    if (newNode != node && row >= preparedEnd) {
      prepareLists(batch, row, newNode);
    }
    if (newNode != node && row < preparedEnd) {
      slice = whole().preparedSlice(row - preparedFrom);
      if (slice != NOT_PREPARED) {
        begin(newNode, slice);
        return steps;
      }
    }
    return turnTo(newNode);
  }

  private void prepareLists(Batch batch, int row, long first) {
    int count = 0;
    int most = Math.min(nodes.length, batch.size() - row);
    while (count < most && Cell.tag(batch.head(plan.from(), row + count)) == Cell.NODE) {
      long next = batch.body(plan.from(), row + count);
      if (count > 0 && next == nodes[count - 1] || (next ^ first) > Ids.SLOT_MASK) {
        break;
      }
      nodes[count++] = next;
    }
    if (count > 1) {
      whole().prepare(nodes, 0, count);
      preparedFrom = row;
      preparedEnd = row + count;
    }
  }

  /// Turns to a node.
  ///
  /// @return the most relationships that a walk meets
  long turnTo(long newNode) {
    if (node != newNode) {
      begin(newNode, all().mostSteps(newNode));
      slice = NOT_PREPARED;
    }
    return steps;
  }

  private void begin(long newNode, long newSteps) {
    node = newNode;
    steps = newSteps;
    spent = 0;
    stayed = 0;
    isCounted = false;
  }

  long node() {
    return node;
  }

  long steps() {
    return steps;
  }

  /// What it will cost to ask it for so many candidates. A node that stayed for some rows is
  /// expected to stay for as many more, which share what it costs to be ready for them.
  long costOf(long candidates) {
    long asked = candidates * COST_OF_QUESTION;
    return isReady()
        ? asked
        : Math.min(
            candidates * COST_OF_SEARCH,
            asked + Math.max(0, COST_OF_OPENING + steps * COST_OF_ENTRY - spent) / (1 + stayed));
  }

  /// Makes ready to be asked for so many candidates.
  void prepare(long candidates, Pace pace) {
    if (isReady()) {
      return;
    }
    spent += candidates * COST_OF_SEARCH;
    if (spent > steps * COST_OF_ENTRY) {
      boolean isMarked = markedNode == node || mark(pace);
      if (!isMarked || marks.hasRepeats()) {
        count(pace);
      }
    }
  }

  private void count(Pace pace) {
    if (counts.hasRoom(steps)) {
      counts.count(openAll(), steps, pace);
      isCounted = true;
    }
  }

  /// Marks the other ends; false if that is not worth its memory yet.
  private boolean mark(Pace pace) {
    spentOnTables += steps * COST_OF_ENTRY;
    if (spentOnTables < worthMarks) {
      return false;
    }
    unmark(pace);
    markedNode = node;
    Expansion walk = openAll();
    for (int met = walk.nextSlice(); met > 0; met = walk.nextSlice()) {
      pace.steps(met);
      if (!marks.mark(walk, spentOnTables * CLEARED_BYTES)) {
        unmark(pace);
        worthMarks = 2 * spentOnTables;
        return false;
      }
    }
    return true;
  }

  private void unmark(Pace pace) {
    if (markedNode >= 0) {
      Expansion walk = all();
      walk.open(markedNode);
      for (int met = walk.nextSlice(); met > 0; met = walk.nextSlice()) {
        pace.steps(met);
        marks.unmark(walk);
      }
      markedNode = -1;
    }
  }

  /// Whether it is asked without a search, most of the time.
  boolean isReady() {
    return isCounted || exactMarks() != null;
  }

  /// Its marks, if they tell whether there is one relationship to a node or none; else null.
  @Nullable NodeMarks exactMarks() {
    return markedNode == node && !marks.hasRepeats() ? marks : null;
  }

  /// Its marks, which tell whether there are relationships to a node; null if it has none.
  @Nullable NodeMarks marks() {
    return markedNode == node ? marks : null;
  }

  /// Keeps those of some candidates to which it may have a relationship, as far as it knows without
  /// a search.
  ///
  /// @return how many there are, at the front
  int select(long[] candidates, int count) {
    return markedNode == node ? marks.select(candidates, count) : count;
  }

  /// Whether it may have a relationship to a candidate: no search is made to find out.
  boolean mayReach(long candidate) {
    if (markedNode == node) {
      return marks.has(candidate);
    }
    return !isCounted || counts.of(candidate) > 0;
  }

  /// How many relationships it has to a candidate.
  long ways(long candidate) {
    if (markedNode == node) {
      if (!marks.has(candidate)) {
        return 0;
      }
      if (!marks.hasRepeats()) {
        return 1;
      }
    }
    if (isCounted) {
      int known = counts.of(candidate);
      if (known < NeighbourCounts.MANY) {
        return known;
      }
    }
    return search(candidate);
  }

  /// The same, by a search.
  long search(long candidate) {
    long ways = 0;
    Expansion walk = openBetween(candidate);
    while (walk.next()) {
      execution.pace().step();
      ways++;
    }
    return ways;
  }

  /// A walk over all its relationships, which lasts until it is asked for another or prepared.
  Expansion openAll() {
    all().open(node);
    return all();
  }

  /// A walk that is at the one slice that has all its relationships; null if they are not known to
  /// lie in one piece.
  @Nullable Expansion wholeSlice() {
    return slice == NOT_PREPARED ? null : whole();
  }

  /// A walk over those to a candidate, which lasts until it is asked for another.
  Expansion openBetween(long candidate) {
    Expansion walk = Objects.requireNonNull(between);
    walk.open(node, candidate);
    return walk;
  }

  private Expansion whole() {
    return Objects.requireNonNull(whole);
  }

  private Expansion all() {
    return Objects.requireNonNull(all);
  }

  /// Whether a relationship of this side may lead to a candidate and be one that is given.
  boolean mayBe(long source, long target, long candidate) {
    boolean forth = source == node && target == candidate;
    boolean back = target == node && source == candidate;
    return switch (plan.direction()) {
      case OUTGOING -> forth;
      case INCOMING -> back;
      case BOTH -> forth || back;
    };
  }

  /// Whether one side follows relationships forth and another back.
  boolean isOpposite(IntersectSide other) {
    return plan.direction() != Direction.BOTH
        && plan.direction() == other.plan.direction().reverse();
  }
}
