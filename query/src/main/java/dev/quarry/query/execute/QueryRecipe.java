package dev.quarry.query.execute;

import dev.quarry.query.plan.StatementPlan;

/// A plan, and what each of its runs would find out again about the operators that it needs. Kept
/// with the plan. Immutable; any thread may use it.
public final class QueryRecipe {
  private final StatementPlan plan;
  private final int[] slots;
  private final Recipe root;

  public QueryRecipe(StatementPlan plan) {
    this.plan = plan;
    this.slots = plan.slots().stream().mapToInt(Integer::intValue).toArray();
    this.root = OperatorBuilder.recipe(plan);
  }

  public StatementPlan plan() {
    return plan;
  }

  /// Where the columns of the result lie. Not to be changed.
  int[] slots() {
    return slots;
  }

  /// Makes the operators of a run.
  Operator operators(Execution execution) {
    return root.make(new Making(execution));
  }
}
