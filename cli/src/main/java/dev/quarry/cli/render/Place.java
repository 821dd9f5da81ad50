package dev.quarry.cli.render;

import dev.quarry.error.Span;
import org.jspecify.annotations.Nullable;

/// Where a statement stands: errors tell places in its script, not in the statement.
///
/// @param text of the statement
/// @param line 1-based line of the script at which it begins
/// @param column 1-based column at which it begins, counted in code points
/// @param script the name of the script, `""` if it has none; null for a statement that stands
///   alone
public record Place(String text, int line, int column, @Nullable String script) {
  /// A statement that stands alone.
  public static Place alone(String statement) {
    return new Place(statement, 1, 1, null);
  }

  /// The line in the script of a place in the statement.
  int line(@Nullable Span span) {
    return span == null ? line : line + span.line() - 1;
  }

  /// The column in the script of a place in the statement.
  int column(@Nullable Span span) {
    if (span == null) {
      return column;
    }
    return span.line() == 1 ? column + span.column() - 1 : span.column();
  }
}
