package dev.quarry.query.execute;

import dev.quarry.query.syntax.Expression.Comparison.Operator;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import java.util.Arrays;

/// The numbers of one type for which a comparison with a constant is true, as ranges with both ends
/// included: of integers, or of the bits of floats.
///
/// The constant lies somewhere among the numbers of the type. It may be none of them (2.5 among
/// integers), or above or below all:
///
/// ```text
///            =  none     =  [3, 3]
///            <  [.., 2]  <  [.., 2]
///            >= [3, ..]  >= [3, ..]
///   ──┬───────┬─────────────┬───────┬──
///     1       2      ^2.5   3^3     4
///            last    first  first = last
/// ```
///
/// `first` is the least number that is not below the constant, `last` the greatest not above it.
final class NumberRanges {
  private static final long[] NONE = {};
  private static final long[] ALL = {Long.MIN_VALUE, Long.MAX_VALUE};
  private static final long[] INTEGERS = ALL;

  /// All floats but NaN.
  private static final long[] FLOATS = {
    key(Double.NEGATIVE_INFINITY), key(Double.POSITIVE_INFINITY)
  };

  private NumberRanges() {}

  /// The ends of the ranges, low and high in turn.
  ///
  /// Floats are ordered as the integers that [#key] gives: their bits, turned where they are
  /// negative. Cells hold the bits, so ranges are turned back.
  ///
  /// @param floats whether the numbers are floats
  /// @param head of the constant, see [Cell]
  static long[] of(Operator operator, boolean floats, long head, long body) {
    int tag = Cell.tag(head);
    boolean differs = operator == Operator.NOT_EQUAL;
    if (tag == Cell.NULL) {
      return NONE;
    }
    if (!Cell.isNumber(tag)) {
      return differs ? ALL : NONE;
    }
    double number = Cell.asDouble(head, body);
    if (tag == Cell.FLOAT && Double.isNaN(number)) {
      return differs ? ALL : NONE;
    }
    if (floats) {
      return ofFloats(operator, tag, body, number);
    }
    if (tag == Cell.INTEGER) {
      return around(operator, INTEGERS, body, body);
    }
    if (number >= 0x1p63) {
      return isBelow(operator) || differs ? ALL : NONE;
    }
    if (number < -0x1p63) {
      return isAbove(operator) || differs ? ALL : NONE;
    }
    return around(operator, INTEGERS, (long) Math.ceil(number), (long) Math.floor(number));
  }

  private static long[] ofFloats(Operator operator, int tag, long body, double nearest) {
    long nearestBits = Double.doubleToRawLongBits(nearest);
    int order = Relations.order(tag, body, Cell.FLOAT, nearestBits);
    double first = order > 0 ? Math.nextUp(nearest) : nearest;
    double last = order < 0 ? Math.nextDown(nearest) : nearest;
    boolean zero = nearest == 0 && order == 0;
    return bits(
        around(operator, FLOATS, zero ? key(-0.0) : key(first), zero ? key(0.0) : key(last)));
  }

  /// What floats are ordered by; NaN lies outside of both infinities, -0.0 right before 0.0.
  private static long key(double value) {
    long bits = Double.doubleToRawLongBits(value);
    return bits < 0 ? bits ^ Long.MAX_VALUE : bits;
  }

  /// The ranges of bits of some ranges of keys: negative ones run backwards.
  private static long[] bits(long[] keys) {
    long[] ranges = NONE;
    for (int i = 0; i < keys.length; i += 2) {
      if (keys[i] < 0) {
        long end = Math.min(keys[i + 1], -1);
        ranges = join(ranges, new long[] {end ^ Long.MAX_VALUE, keys[i] ^ Long.MAX_VALUE});
      }
      if (keys[i + 1] >= 0) {
        ranges = join(ranges, new long[] {Math.max(keys[i], 0), keys[i + 1]});
      }
    }
    return ranges;
  }

  private static long[] around(Operator operator, long[] numbers, long first, long last) {
    return switch (operator) {
      case EQUAL -> first <= last ? new long[] {first, last} : NONE;
      case NOT_EQUAL -> join(below(Long.MIN_VALUE, first), above(last, Long.MAX_VALUE));
      case LESS -> below(numbers[0], first);
      case LESS_OR_EQUAL -> last < numbers[0] ? NONE : new long[] {numbers[0], last};
      case GREATER -> above(last, numbers[1]);
      case GREATER_OR_EQUAL -> first > numbers[1] ? NONE : new long[] {first, numbers[1]};
    };
  }

  private static long[] below(long least, long end) {
    return end <= least ? NONE : new long[] {least, end - 1};
  }

  private static long[] above(long end, long greatest) {
    return end >= greatest ? NONE : new long[] {end + 1, greatest};
  }

  private static boolean isBelow(Operator operator) {
    return operator == Operator.LESS || operator == Operator.LESS_OR_EQUAL;
  }

  private static boolean isAbove(Operator operator) {
    return operator == Operator.GREATER || operator == Operator.GREATER_OR_EQUAL;
  }

  /// The ranges of both.
  static long[] join(long[] some, long[] others) {
    long[] joined = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, joined, some.length, others.length);
    return joined;
  }
}
