package dev.quarry.graph.index;

import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.ValueCodec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Accepts what lies between two bounds of its own kind.
final class RangeCondition extends Condition {
  private final @Nullable Bound from;
  private final @Nullable Bound to;

  /// One end of the range.
  ///
  /// @param sign of how values inside compare with it
  private record Bound(Object value, byte[] text, boolean included, int sign) {
    private static final byte[] NO_TEXT = {};

    static @Nullable Bound of(@Nullable Object value, boolean included, int sign) {
      if (value == null) {
        return null;
      }
      byte[] text = value instanceof String string ? ValueCodec.utf8(string) : NO_TEXT;
      return new Bound(value, text, included, sign);
    }

    /// @param order how a value compares with this one
    boolean admits(int order) {
      return order == 0
          ? included
          : order != Comparison.INCOMPARABLE && Integer.signum(order) == sign;
    }

    int compare(long number) {
      return switch (value) {
        case Long bound -> Long.compare(number, bound);
        case Double bound -> Comparison.compareNumbers(number, bound);
        default -> Comparison.INCOMPARABLE;
      };
    }

    int compare(double number) {
      return switch (value) {
        case Long bound -> reversed(Comparison.compareNumbers(bound, number));
        case Double bound -> Comparison.compareNumbers(number, bound);
        default -> Comparison.INCOMPARABLE;
      };
    }

    int compare(byte[] utf8, int length) {
      return value instanceof String
          ? Integer.signum(Arrays.compareUnsigned(utf8, 0, length, text, 0, text.length))
          : Comparison.INCOMPARABLE;
    }

    private static int reversed(int order) {
      return order == Comparison.INCOMPARABLE ? order : -order;
    }
  }

  RangeCondition(
      @Nullable Object from, boolean fromIncluded, @Nullable Object to, boolean toIncluded) {
    this.from = Bound.of(from, fromIncluded, 1);
    this.to = Bound.of(to, toIncluded, -1);
  }

  @Override
  boolean accepts(long value) {
    return (from == null || from.admits(from.compare(value)))
        && (to == null || to.admits(to.compare(value)));
  }

  @Override
  boolean accepts(double value) {
    return (from == null || from.admits(from.compare(value)))
        && (to == null || to.admits(to.compare(value)));
  }

  @Override
  boolean accepts(byte[] utf8, int length) {
    return (from == null || from.admits(from.compare(utf8, length)))
        && (to == null || to.admits(to.compare(utf8, length)));
  }

  @Override
  boolean accepts(Object value) {
    return (from == null || from.admits(Comparison.compare(value, from.value)))
        && (to == null || to.admits(Comparison.compare(value, to.value)));
  }
}
