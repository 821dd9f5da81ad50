package dev.quarry.query.plan;

import java.util.List;

/// The conditions that stand one above the other in a plan.
final class Filters {
  private Filters() {}

  /// What some filters stand on.
  ///
  /// @param conditions gets theirs, the uppermost first
  static LogicalPlan takeOff(LogicalPlan plan, List<Bound> conditions) {
    LogicalPlan base = plan;
    while (base instanceof LogicalPlan.Filter filter) {
      conditions.add(filter.predicate());
      base = filter.input();
    }
    return base;
  }

  /// The filters again, above another plan.
  ///
  /// @param conditions the uppermost first
  static LogicalPlan putOn(LogicalPlan plan, List<Bound> conditions) {
    LogicalPlan filtered = plan;
    for (Bound condition : conditions.reversed()) {
      filtered = new LogicalPlan.Filter(filtered, condition);
    }
    return filtered;
  }

  /// A scan that tests, column by column, what it can of some conditions.
  ///
  /// @param conditions the uppermost first; those that it tests are taken out
  static LogicalPlan testColumns(LogicalPlan scan, List<Bound> conditions) {
    LogicalPlan tests = scan;
    for (Bound condition : List.copyOf(conditions).reversed()) {
      LogicalPlan tested = Optimizer.testColumns(new LogicalPlan.Filter(tests, condition));
      if (tested != null) {
        tests = tested;
        conditions.remove(condition);
      }
    }
    return tests;
  }
}
