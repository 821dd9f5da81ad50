package dev.quarry.query.plan;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Which slots the parts of a plan take from their rows, and which they add.
public final class Reads {
  private Reads() {}

  /// Adds the slots that an expression reads.
  public static void add(@Nullable Bound bound, BitSet slots) {
    if (bound != null) {
      for (String name : Trees.variables(bound.expression(), bound.scope())) {
        slots.set(bound.scope().slot(name));
      }
    }
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
      case LogicalPlan.Expand p -> {
        set(slots, p.relationship());
        if (!p.into()) {
          slots.set(p.to());
        }
      }
      case LogicalPlan.ExpandVariable p -> {
        set(slots, p.relationships());
        if (!p.into()) {
          slots.set(p.to());
        }
      }
      case LogicalPlan.BindPath p -> slots.set(p.slot());
      case LogicalPlan.Project p -> p.columns().forEach(column -> slots.set(column.slot()));
      case LogicalPlan.Aggregate p -> {
        p.keys().forEach(column -> slots.set(column.slot()));
        p.aggregations().forEach(aggregation -> slots.set(aggregation.slot()));
      }
      case LogicalPlan.Unwind p -> slots.set(p.slot());
      case LogicalPlan.Apply p -> {
        set(slots, p.slot());
        if (p.slot() < 0) {
          collect(p.nested(), slots);
        }
      }
      case LogicalPlan.Create p -> {
        p.nodes().forEach(node -> slots.set(node.slot()));
        p.relationships().forEach(relationship -> slots.set(relationship.slot()));
      }
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
      case LogicalPlan.Distinct p -> true;
      case LogicalPlan.Sort p -> true;
      case LogicalPlan.Skip p -> true;
      case LogicalPlan.Limit p -> true;
      case LogicalPlan.Union p -> true;
      default -> gathers(plan.input());
    };
  }
}
