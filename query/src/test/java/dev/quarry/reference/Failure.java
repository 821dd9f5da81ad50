package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import org.jspecify.annotations.Nullable;

/// Errors that the reference raises.
final class Failure {
  private Failure() {}

  static EvaluationException of(ErrorCode code, String message) {
    return new EvaluationException(code, message);
  }

  static EvaluationException type(String message, @Nullable Object value) {
    return of(ErrorCode.TYPE_INVALID_ARGUMENT_TYPE, message + ", not " + value);
  }

  static EvaluationException value(String message, @Nullable Object value) {
    return of(ErrorCode.TYPE_INVALID_ARGUMENT_VALUE, message + ", not " + value);
  }

  static EvaluationException notSupported(String what) {
    return of(ErrorCode.NOT_SUPPORTED, "the reference has no " + what);
  }
}
