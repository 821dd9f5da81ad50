package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import org.jspecify.annotations.Nullable;

/// What a text asks for.
///
/// @param mode whether it runs, or only its plan is shown
/// @param query null for a statement about the schema
/// @param schema the words of a statement about the schema, else null
public record Statement(
    Span span, String text, Mode mode, @Nullable Query query, @Nullable String schema) {
  /// How it runs.
  public enum Mode {
    RUN,
    EXPLAIN,
    PROFILE
  }
}
