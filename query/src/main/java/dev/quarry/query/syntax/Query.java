package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import java.util.List;

/// Single queries joined by UNION; mostly one.
///
/// @param all for each UNION, whether it is UNION ALL
public record Query(Span span, List<SingleQuery> parts, List<Boolean> all) {
  /// A chain of clauses.
  public record SingleQuery(Span span, List<Clause> clauses) {}
}
