package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan.Intersect.Known;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Walks over the combinations of one relationship of each side of an [Intersect] that lead to one
/// node, and that differ where they must.
///
/// The walks are nested: each begins anew for each relationship of those before it.
final class Combinations {
  private static final long UNKNOWN = -1;

  private final Execution execution;
  private final Reading reading;
  private final IntersectSide[] order;
  private final List<MustDiffer> pairs;
  private final @Nullable Expansion[] walks;
  private final Scratch record;
  private final Scratch representative;
  private long known;
  private @Nullable Expansion between;
  private @Nullable Catalog betweenBy;
  private @Nullable Batch batch;
  private int row;
  private int open;

  /// @param order the sides, in the order of walks; may be rearranged before [#begin]
  Combinations(Execution execution, IntersectSide[] order, List<MustDiffer> pairs) {
    this.execution = execution;
    this.reading = execution.reading();
    this.order = order;
    this.pairs = pairs;
    this.walks = new Expansion[order.length];
    this.record = execution.newScratch();
    this.representative = execution.newScratch();
  }

  /// Begins with some relationships of the first side.
  void begin(Batch newBatch, int newRow, Expansion first) {
    batch = newBatch;
    row = newRow;
    known = UNKNOWN;
    walks[0] = first;
    open = 1;
  }

  /// Leaves what is left.
  void end() {
    open = 0;
  }

  /// Goes to the next combination; false at the end.
  boolean next() {
    while (open > 0) {
      int place = open - 1;
      Expansion walk = walk(place);
      execution.pace().step();
      if (!walk.next()) {
        open--;
      } else if (isReached(place) && differs(place)) {
        if (open == order.length) {
          return true;
        }
        walks[open] = order[open].openBetween(node());
        open++;
      }
    }
    return false;
  }

  /// The node to which the relationships lead.
  long node() {
    return walk(0).neighbour();
  }

  /// The walk of a side, which is at its relationship.
  ///
  /// @param place of the side in the order
  Expansion walk(int place) {
    return Objects.requireNonNull(walks[place]);
  }

  /// Most nodes are not reached by others, which some sides know without a search.
  private boolean isReached(int place) {
    for (int i = 1; place == 0 && i < order.length; i++) {
      if (!order[i].mayReach(node())) {
        return false;
      }
    }
    return true;
  }

  /// Whether the relationship at a place differs from those before it, where it must.
  private boolean differs(int place) {
    for (MustDiffer pair : pairs) {
      IntersectSide second = pair.second();
      if (second == null) {
        if (pair.side() == order[place] && isBound(walk(place), pair)) {
          return false;
        }
      } else {
        int one = placeOf(pair.side());
        int other = placeOf(second);
        if (Math.max(one, other) == place && isSame(walk(one), walk(other))) {
          return false;
        }
      }
    }
    return true;
  }

  private int placeOf(IntersectSide side) {
    int place = 0;
    while (order[place] != side) {
      place++;
    }
    return place;
  }

  private boolean isBound(Expansion walk, MustDiffer pair) {
    Batch rows = Objects.requireNonNull(batch);
    boolean isThere =
        pair.known() != null || Cell.tag(rows.head(pair.slot(), row)) == Cell.RELATIONSHIP;
    if (!isThere) {
      return false;
    }
    long bound = pair.known() != null ? standsFor(pair.known()) : rows.body(pair.slot(), row);
    if (Cell.relationshipSource(bound) != walk.source()
        || Cell.relationshipTarget(bound) != walk.target()) {
      return false;
    }
    record.reset();
    return Cell.sameRelationship(bound, Expand.record(walk, reading, record));
  }

  /// One of the relationships that may be the bound one: the first, for all sides of a row.
  private long standsFor(Known bound) {
    if (known == UNKNOWN) {
      Batch rows = Objects.requireNonNull(batch);
      Expansion walk = between(bound);
      walk.open(rows.body(bound.from(), row), rows.body(bound.to(), row));
      boolean exists = walk.next();
      assert exists : bound;
      representative.reset();
      known = Expand.record(walk, reading, representative);
    }
    return known;
  }

  /// What walks from one end of the bound relationship to the other. Types are looked up anew where
  /// the catalog has changed (rule S9).
  private Expansion between(Known bound) {
    Expansion walk = between;
    if (walk == null || betweenBy != reading.catalog()) {
      betweenBy = reading.catalog();
      walk = execution.newExpansion(bound.direction(), Expand.tokens(bound.types(), betweenBy));
      between = walk;
    }
    return walk;
  }

  private static boolean isSame(Expansion a, Expansion b) {
    return a.type() == b.type()
        && a.source() == b.source()
        && a.target() == b.target()
        && a.edgeSlot() == b.edgeSlot()
        && (a.edgeSlot() >= 0 || a.ordinal() == b.ordinal());
  }
}
