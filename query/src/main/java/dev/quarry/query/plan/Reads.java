package dev.quarry.query.plan;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Which slots the parts of a plan take from their rows, and which they add.
public final class Reads {
  private Reads() {}

  /// Adds the slots that an expression reads.
  public static void add(@Nullable Bound bound, BitSet slots) {
    if (bound != null) {
      bound.slots().forEach(slots::set);
    }
  }

  /// The label that a condition asks of a node, if that is all it asks; else null.
  ///
  /// @param slot of the node
  public static @Nullable String label(Bound condition, int slot) {
    return LeafExpand.label(condition, slot);
  }

  /// Adds the slots that a nested plan reads, its own among them; false if it does more than follow
  /// a pattern.
  static boolean addOfPattern(@Nullable LogicalPlan plan, BitSet slots) {
    switch (plan) {
      case LogicalPlan.Argument p -> {
        return true;
      }
      case LogicalPlan.Filter p -> add(p.predicate(), slots);
      case LogicalPlan.Expand p -> {
        slots.set(p.from());
        slots.set(p.to());
      }
      case null, default -> {
        return false;
      }
    }
    return addOfPattern(plan.input(), slots);
  }

  /// The slots that a plan fills, those of its argument apart.
  public static BitSet produced(LogicalPlan plan) {
    BitSet slots = new BitSet();
    collect(plan, slots);
    return slots;
  }

  private static void collect(@Nullable LogicalPlan plan, BitSet slots) {
    switch (plan) {
      case null -> {
        return;
      }
      case LogicalPlan.CountStored p -> p.slots().forEach(slots::set);
      case LogicalPlan.ScanNodes p -> slots.set(p.slot());
      case LogicalPlan.ScanColumns p -> slots.set(p.slot());
      case LogicalPlan.AggregateColumns p ->
          p.aggregations().forEach(aggregation -> slots.set(aggregation.slot()));
      case LogicalPlan.SeekNodes p -> slots.set(p.slot());
      case LogicalPlan.SeekRelationships p -> slots.set(p.slot());
      case LogicalPlan.Expand p -> {
        set(slots, p.relationship());
        if (!p.into()) {
          slots.set(p.to());
        }
      }
      case LogicalPlan.Intersect p -> {
        slots.set(p.to());
        p.sides().forEach(side -> set(slots, side.relationship()));
        set(slots, p.product());
      }
      case LogicalPlan.ExpandVariable p -> {
        set(slots, p.relationships());
        if (!p.into()) {
          slots.set(p.to());
        }
      }
      case LogicalPlan.Reach p -> set(slots, p.into() ? -1 : p.to());
      case LogicalPlan.RelationshipEnds p -> {
        if (!p.leftBound()) {
          slots.set(p.left());
        }
        if (!p.rightBound()) {
          slots.set(p.right());
        }
      }
      case LogicalPlan.ShortestPath p -> set(slots, p.relationships());
      case LogicalPlan.BindPath p -> slots.set(p.slot());
      case LogicalPlan.Project p -> p.columns().forEach(column -> slots.set(column.slot()));
      case LogicalPlan.Aggregate p -> {
        p.keys().forEach(column -> slots.set(column.slot()));
        p.aggregations().forEach(aggregation -> slots.set(aggregation.slot()));
      }
      case LogicalPlan.CountNeighbours p -> set(slots, p.product());
      case LogicalPlan.AreJoined p -> slots.set(p.slot());
      case LogicalPlan.CountPairs p -> set(slots, p.product());
      case LogicalPlan.Collapse p -> set(slots, p.sum());
      case LogicalPlan.Unwind p -> slots.set(p.slot());
      case LogicalPlan.Apply p -> {
        set(slots, p.slot());
        if (p.slot() < 0 && p.kind() != LogicalPlan.Apply.Kind.RUN) {
          collect(p.nested(), slots);
        }
      }
      case LogicalPlan.Merge p -> {
        collect(p.match(), slots);
        p.records().forEach(created -> slots.set(created.slot()));
      }
      case LogicalPlan.CallProcedure p -> p.slots().forEach(slots::set);
      case LogicalPlan.Create p -> p.records().forEach(created -> slots.set(created.slot()));
      case LogicalPlan.Union p -> p.slots().forEach(slots::set);
      default -> {}
    }
    collect(plan.input(), slots);
  }

  private static void set(BitSet slots, int slot) {
    if (slot >= 0) {
      slots.set(slot);
    }
  }

  /// Whether a plan does something with all its rows together, so that it must run for one argument
  /// row at a time.
  public static boolean gathers(@Nullable LogicalPlan plan) {
    return switch (plan) {
      case null -> false;
      case LogicalPlan.Aggregate p -> true;
      case LogicalPlan.AggregateColumns p -> true;
      case LogicalPlan.Distinct p -> true;
      case LogicalPlan.Collapse p -> true;
      case LogicalPlan.Sort p -> true;
      case LogicalPlan.Skip p -> true;
      case LogicalPlan.Limit p -> true;
      case LogicalPlan.Union p -> true;
      case LogicalPlan.Eager p -> true;
      case LogicalPlan.Create p -> true;
      case LogicalPlan.Set p -> true;
      case LogicalPlan.Delete p -> true;
      case LogicalPlan.Merge p -> true;
      case LogicalPlan.ForEach p -> true;
      case LogicalPlan.CallProcedure p -> p.procedure().writes() || gathers(p.input());
      case LogicalPlan.Apply p -> p.kind() == LogicalPlan.Apply.Kind.RUN || gathers(p.input());
      default -> gathers(plan.input());
    };
  }

  /// Whether a plan only makes rows of rows, reads nothing of the graph, and changes nothing that
  /// is there already; so what comes after it may create while it goes on (rule S1).
  public static boolean isIndependent(@Nullable LogicalPlan plan) {
    return switch (plan) {
      case null -> true;
      case LogicalPlan.Start p -> true;
      case LogicalPlan.Unwind p -> isIndependent(p.input());
      case LogicalPlan.Project p -> isIndependent(p.input());
      case LogicalPlan.Filter p -> isIndependent(p.input());
      case LogicalPlan.Skip p -> isIndependent(p.input());
      case LogicalPlan.Limit p -> isIndependent(p.input());
      case LogicalPlan.Sort p -> isIndependent(p.input());
      case LogicalPlan.Distinct p -> isIndependent(p.input());
      case LogicalPlan.Aggregate p -> isIndependent(p.input());
      case LogicalPlan.Create p -> isIndependent(p.input());
      default -> false;
    };
  }

  /// Whether a step reads of the graph at most the entities of its rows, and changes none that are
  /// there already; so it cannot tell whether a step below has created all that it will.
  public static boolean isLocal(LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.Unwind p -> true;
      case LogicalPlan.Project p -> true;
      case LogicalPlan.Filter p -> true;
      case LogicalPlan.Skip p -> true;
      case LogicalPlan.Limit p -> true;
      case LogicalPlan.Sort p -> true;
      case LogicalPlan.Distinct p -> true;
      case LogicalPlan.Aggregate p -> true;
      case LogicalPlan.BindPath p -> true;
      case LogicalPlan.Create p -> true;
      default -> false;
    };
  }
}
