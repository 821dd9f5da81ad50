package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chain of nodes and relationships, one more node than relationships.
///
/// @param path name of the path, or null
/// @param shortest null, or `shortestPath` or `allShortestPaths`
public record PatternPart(
    Span span,
    @Nullable String path,
    @Nullable String shortest,
    List<NodePattern> nodes,
    List<RelationshipPattern> relationships) {

  /// `(n:Label {key: value} WHERE …)`
  public record NodePattern(
      Span span,
      @Nullable String variable,
      @Nullable LabelExpression labels,
      @Nullable Expression properties,
      @Nullable Expression where) {}

  /// `-[r:TYPE*1..3 {key: value}]->`
  ///
  /// @param length null for one relationship
  public record RelationshipPattern(
      Span span,
      @Nullable String variable,
      @Nullable LabelExpression types,
      @Nullable Expression properties,
      @Nullable Expression where,
      Arrow arrow,
      @Nullable Length length) {}

  /// Where a relationship points, as written.
  public enum Arrow {
    LEFT,
    RIGHT,
    BOTH
  }

  /// @param most -1 for no bound
  public record Length(long least, long most) {}
}
