package dev.quarry.graph.index;

import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.ValueCodec;
import java.util.Arrays;

/// Accepts what equals a value.
final class EqualCondition extends Condition {
  private static final byte[] NO_TEXT = {};

  private final Object wanted;
  private final byte[] wantedText;

  EqualCondition(Object wanted) {
    this.wanted = wanted;
    this.wantedText = wanted instanceof String text ? ValueCodec.utf8(text) : NO_TEXT;
  }

  @Override
  boolean accepts(long value) {
    return switch (wanted) {
      case Long number -> number == value;
      case Double number -> Comparison.compareNumbers(value, number) == 0;
      default -> false;
    };
  }

  @Override
  boolean accepts(double value) {
    return switch (wanted) {
      case Long number -> Comparison.compareNumbers(number, value) == 0;
      case Double number -> number == value;
      default -> false;
    };
  }

  @Override
  boolean accepts(byte[] utf8, int length) {
    return wanted instanceof String
        && Arrays.equals(utf8, 0, length, wantedText, 0, wantedText.length);
  }

  @Override
  boolean accepts(Object value) {
    return Comparison.equal(value, wanted);
  }
}
