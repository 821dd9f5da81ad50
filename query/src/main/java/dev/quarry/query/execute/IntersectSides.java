package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bound nodes of an intersection for one row after the other: which of them is walked, and in
/// which order the others are asked for the nodes that it leads to.
final class IntersectSides {
  private final Execution execution;
  private final Reading reading;
  private final IntersectSide[] sides;
  private final IntersectSide[] order;
  private final @Nullable String label;
  private int token;
  private @Nullable Catalog catalog;

  /// @param needed slots that are needed above
  IntersectSides(Execution execution, LogicalPlan.Intersect plan, BitSet needed) {
    this.execution = execution;
    this.reading = execution.reading();
    this.label = plan.label();
    this.sides =
        plan.sides().stream()
            .map(side -> side(execution, side, needed))
            .toArray(IntersectSide[]::new);
    this.order = sides.clone();
  }

  private static IntersectSide side(
      Execution execution, LogicalPlan.Intersect.Side side, BitSet needed) {
    boolean isNeeded = side.relationship() >= 0 && needed.get(side.relationship());
    return new IntersectSide(execution, side, isNeeded ? side.relationship() : -1);
  }

  /// What must differ of their relationships and those that are bound.
  List<MustDiffer> pairs(LogicalPlan.Intersect plan) {
    return MustDiffer.of(plan.different(), sides);
  }

  /// The sides: first the one that is walked, then those that are asked without a search.
  IntersectSide[] order() {
    return order;
  }

  /// The side that is walked.
  IntersectSide first() {
    return order[0];
  }

  /// Whether somebody needs their relationships.
  boolean needRelationships() {
    return List.of(sides).stream().anyMatch(side -> side.relationship() >= 0);
  }

  /// Forgets their nodes, since lists may have changed.
  void forget() {
    for (IntersectSide side : sides) {
      side.forget();
    }
  }

  /// Looks names up anew where the catalog has changed (rule S9).
  void refresh() {
    if (catalog != reading.catalog()) {
      catalog = reading.catalog();
      token = label == null ? Degrees.ANY_LABEL : reading.catalog().label(label);
      for (IntersectSide side : sides) {
        side.refresh(reading.catalog());
      }
    }
  }

  /// Begins with another batch of rows.
  void beginBatch() {
    for (IntersectSide side : sides) {
      side.beginBatch();
    }
  }

  /// Turns to the nodes of a row of the batch.
  ///
  /// @return false if one is null or has no relationships
  boolean turnTo(Batch batch, int row) {
    for (IntersectSide side : sides) {
      if (side.turnTo(batch, row) == 0) {
        return false;
      }
    }
    arrange();
    return true;
  }

  /// Puts the side to be walked first, with which all costs least, then those that are asked
  /// without a search, and makes them ready.
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
    int ready = 1;
    int searched = sides.length;
    order[0] = first;
    for (IntersectSide side : sides) {
      if (side != first) {
        side.prepare(first.steps(), execution.pace());
        order[side.isReady() ? ready++ : --searched] = side;
      }
    }
  }

  /// Keeps those of some nodes that the side that is walked leads to which others may reach, as far
  /// as they know without a search.
  ///
  /// @return how many there are, at the front
  int select(long[] nodes, int count) {
    int left = count;
    for (int i = 1; left > 0 && i < order.length; i++) {
      left = order[i].select(nodes, left);
    }
    return left;
  }

  /// How many combinations of relationships of the sides that are asked lead to a node.
  long waysTo(long node) {
    long found = 1;
    for (int i = 1; found > 0 && i < order.length; i++) {
      found *= order[i].ways(node);
    }
    return found;
  }

  /// Whether a node has the label that is asked for.
  boolean isWanted(long node) {
    return reading.hasLabel(node, token);
  }

  /// Whether all nodes of an arena have it, as the catalog alone tells.
  ///
  /// @param arena -1 for any
  boolean areWanted(int arena) {
    return reading.haveLabel(arena, token);
  }
}
