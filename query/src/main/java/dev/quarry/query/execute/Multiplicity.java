package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;

/// For how many rows a row stands; see [dev.quarry.query.plan.LogicalPlan.CountNeighbours].
final class Multiplicity {
  private static final Span NOWHERE = new Span(1, 1, 1, 0);

  private Multiplicity() {}

  static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    if (high != 0 || low < 0) {
      throw tooMany();
    }
    return low;
  }

  static long plus(long a, long b) {
    long sum = a + b;
    if (sum < 0) {
      throw tooMany();
    }
    return sum;
  }

  /// What is raised where a row stands for more rows than can be counted.
  static EvaluationException tooMany() {
    return new EvaluationException(
        ErrorCode.ARITHMETIC_OVERFLOW,
        "there are more than 9,223,372,036,854,775,807 rows to count",
        NOWHERE,
        "count less: add conditions to the pattern");
  }
}
