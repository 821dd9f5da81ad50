package dev.quarry.query.procedure;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.ProcedureException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.Span;
import dev.quarry.graph.ValueType;
import org.jspecify.annotations.Nullable;

/// What becomes of errors in code that is not Quarry's.
public final class CallFailure {
  private CallFailure() {}

  /// The error that a call ends with: one of Quarry's passes, anything else is the cause of one
  /// that names who raised it.
  ///
  /// @param what `procedure` or `function`
  public static QuarryException of(String what, String name, Throwable thrown, Span span) {
    if (thrown instanceof QuarryException known) {
      return known;
    }
    return new ProcedureException(
        ErrorCode.PROCEDURE_FAILED,
        what + " `" + name + "` failed: " + thrown,
        span,
        "the cause of this error says where",
        thrown);
  }

  /// The error of a result that is not what the signature says.
  ///
  /// @param output the name of the result, null for the one of a function
  public static ProcedureException result(
      String what,
      String name,
      @Nullable String output,
      ValueType type,
      @Nullable Object value,
      Span span) {
    String given = value == null ? "null" : "a " + value.getClass().getSimpleName();
    return new ProcedureException(
        ErrorCode.PROCEDURE_FAILED,
        what
            + " `"
            + name
            + "` gave "
            + given
            + (output == null ? "" : " for `" + output + "`")
            + ", but its signature says "
            + type,
        span,
        "give border values of that type; nodes and relationships as handles",
        null);
  }
}
