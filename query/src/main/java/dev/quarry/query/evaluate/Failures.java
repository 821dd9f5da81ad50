package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// Errors that several evaluators raise.
final class Failures {
  private Failures() {}

  static EvaluationException type(String what, long head, Span span) {
    return type(what + ", not " + Cell.name(Cell.tag(head)), span);
  }

  static EvaluationException type(String message, Span span) {
    return new EvaluationException(ErrorCode.TYPE_INVALID_ARGUMENT_TYPE, message, span, null);
  }

  /// Refuses the contents of an entity that the transaction deleted (rule S6).
  static void requireExists(Evaluator of, Reading reading, Span span) {
    boolean entity = of.tag() == Cell.NODE || of.tag() == Cell.RELATIONSHIP;
    if (entity && !Cell.exists(of.head, of.body, reading)) {
      throw new EvaluationException(
          ErrorCode.DELETED_ENTITY_ACCESS,
          Cell.name(of.tag()) + " that this transaction deleted has no contents any more",
          span,
          "take what is needed of it in a WITH before the DELETE");
    }
  }

  static EvaluationException operands(char operator, long left, long right, Span span) {
    return type(
        "`"
            + operator
            + "` cannot be applied to "
            + Cell.name(Cell.tag(left))
            + " and "
            + Cell.name(Cell.tag(right)),
        span);
  }

  static EvaluationException value(String message, Span span, @Nullable String hint) {
    return new EvaluationException(ErrorCode.TYPE_INVALID_ARGUMENT_VALUE, message, span, hint);
  }

  static EvaluationException overflow(String what, Span span) {
    return new EvaluationException(
        ErrorCode.ARITHMETIC_OVERFLOW,
        what + " does not fit into an integer of 64 bits",
        span,
        "compute with floats: toFloat(…)");
  }
}
