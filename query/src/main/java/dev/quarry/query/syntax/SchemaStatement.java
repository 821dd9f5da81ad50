package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.transaction.SchemaTarget;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that makes or drops an index or a constraint. It is the whole statement, and runs
/// alone in its transaction (rule S8).
public sealed interface SchemaStatement {
  /// Its place in the text.
  Span span();

  /// `CREATE INDEX name IF NOT EXISTS FOR (n:Label) ON (n.a, n.b)`
  ///
  /// @param name null for a made-up one
  record CreateIndex(Span span, @Nullable String name, SchemaTarget target, boolean ifNotExists)
      implements SchemaStatement {}

  /// `CREATE CONSTRAINT name IF NOT EXISTS FOR (n:Label) REQUIRE n.key IS UNIQUE`
  ///
  /// @param name null for a made-up one
  /// @param types of [ConstraintKind#TYPE], else empty
  record CreateConstraint(
      Span span,
      @Nullable String name,
      SchemaTarget target,
      ConstraintKind kind,
      List<PropertyType> types,
      boolean ifNotExists)
      implements SchemaStatement {}

  /// `DROP INDEX name IF EXISTS`
  record DropIndex(Span span, String name, boolean ifExists) implements SchemaStatement {}

  /// `DROP CONSTRAINT name IF EXISTS`
  record DropConstraint(Span span, String name, boolean ifExists) implements SchemaStatement {}
}
