package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.CellSums;

/// For how many rows a row stands; see [dev.quarry.query.plan.LogicalPlan.CountNeighbours].
final class Multiplicity {
  private static final Span NOWHERE = new Span(1, 1, 1, 0);

  /// A product of numbers that have so many bits together fits.
  static final int MOST_BITS = 63;

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

  /// For how many rows some rows stand together.
  static long sum(Vector repeats, int rows) {
    if (bits(repeats, rows) + bits(rows) <= MOST_BITS) {
      return CellSums.sum(repeats.bodies(), rows);
    }
    long sum = 0;
    for (int row = 0; row < rows; row++) {
      sum = plus(sum, repeats.body(row));
    }
    return sum;
  }

  /// As many bits as the largest of some integers has.
  static int bits(Vector integers, int rows) {
    return bits(CellSums.magnitude(integers.bodies(), rows));
  }

  static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
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
