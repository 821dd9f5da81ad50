package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;

/// What the planners of one statement share: slots, made-up names, statistics.
final class PlanContext {
  private final Statistics statistics;
  private int slots;

  PlanContext(Statistics statistics) {
    this.statistics = statistics;
  }

  Statistics statistics() {
    return statistics;
  }

  int newSlot() {
    return slots++;
  }

  int slots() {
    return slots;
  }

  /// A name for a slot that nobody can have written.
  static String hidden(int slot) {
    return Scope.HIDDEN + slot;
  }

  static SyntaxException notSupported(String construct, Span span, String hint) {
    return new SyntaxException(
        ErrorCode.NOT_SUPPORTED, construct + " is not supported in this release", span, hint);
  }
}
