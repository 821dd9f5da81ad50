package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import java.util.List;

/// An expression and what its names mean.
///
/// @param slots those that it reads: each run asks for them
public record Bound(Expression expression, Scope scope, List<Integer> slots) {
  public Bound {
    slots = List.copyOf(slots);
  }

  public Bound(Expression expression, Scope scope) {
    this(expression, scope, slots(expression, scope));
  }

  private static List<Integer> slots(Expression expression, Scope scope) {
    return Trees.variables(expression, scope).stream().map(scope::slot).toList();
  }
}
