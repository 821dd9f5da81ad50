package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Pace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One of the bound nodes of an [Intersect], and its relationships: walked, or asked which of them
/// lead to a candidate.
///
/// It is asked by a search in sorted lists, or in a table that is made of all of them. A table is
/// worth it if the node stays for many rows, which nobody knows; so it is made once the searches
/// have cost as much as it does, and the two together cost at most twice what the better one does.
/// Costs are in entries that are walked over.
final class IntersectSide {
  private static final long COST_OF_SEARCH = 16;
  private static final long COST_OF_ENTRY = 4;

  private final Execution execution;
  private final LogicalPlan.Intersect.Side plan;
  private final int relationship;
  private final NeighbourCounts counts;
  private @Nullable Expansion all;
  private @Nullable Expansion between;
  private long node = -1;
  private long steps;
  private long spent;
  private boolean isCounted;

  /// @param relationship slot, -1 if nobody needs it
  IntersectSide(Execution execution, LogicalPlan.Intersect.Side plan, int relationship) {
    this.execution = execution;
    this.plan = plan;
    this.relationship = relationship;
    this.counts = new NeighbourCounts(execution.newScratch());
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
    forget();
  }

  /// Forgets the node, since its lists may have changed.
  void forget() {
    node = -1;
    isCounted = false;
    counts.clear();
  }

  /// Turns to the node of a row.
  ///
  /// @return the most relationships that a walk meets
  long turnTo(long newNode) {
    if (node != newNode) {
      node = newNode;
      steps = all().mostSteps(newNode);
      spent = 0;
      isCounted = false;
    }
    return steps;
  }

  long node() {
    return node;
  }

  long steps() {
    return steps;
  }

  /// What it will cost to ask it for so many candidates.
  long costOf(long candidates) {
    return isCounted
        ? 0
        : Math.min(candidates * COST_OF_SEARCH, Math.max(0, steps * COST_OF_ENTRY - spent));
  }

  /// Makes ready to be asked for so many candidates.
  void prepare(long candidates, Pace pace) {
    if (isCounted) {
      return;
    }
    spent += candidates * COST_OF_SEARCH;
    if (spent > steps * COST_OF_ENTRY && counts.hasRoom(steps)) {
      all().open(node);
      counts.count(all(), steps, pace);
      isCounted = true;
    }
  }

  boolean isCounted() {
    return isCounted;
  }

  /// Whether it may have a relationship to a candidate: no search is made to find out.
  boolean mayReach(long candidate) {
    return !isCounted || counts.of(candidate) > 0;
  }

  /// How many relationships it has to a candidate.
  long ways(long candidate) {
    if (isCounted) {
      int known = counts.of(candidate);
      if (known < NeighbourCounts.MANY) {
        return known;
      }
    }
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

  /// A walk over those to a candidate, which lasts until it is asked for another.
  Expansion openBetween(long candidate) {
    Expansion walk = Objects.requireNonNull(between);
    walk.open(node, candidate);
    return walk;
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
