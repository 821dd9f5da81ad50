package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import org.jspecify.annotations.Nullable;

/// What a text asks for.
///
/// @param mode whether it runs, or only its plan is shown
/// @param query null for a statement that changes the schema
/// @param schema a statement that changes the schema, else null
/// @param depth levels of nesting, clauses and relationships together: how much stack it needs to
///   run
public record Statement(
    Span span,
    String text,
    Mode mode,
    @Nullable Query query,
    @Nullable SchemaStatement schema,
    int depth) {
  /// How it runs.
  public enum Mode {
    RUN,
    EXPLAIN,
    PROFILE
  }
}
