package dev.quarry.query.plan;

import dev.quarry.query.plan.Scope.Kind;
import dev.quarry.query.syntax.Expression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of the value of an expression before it runs. A null may come out of any of them.
final class Kinds {
  private final Scope scope;
  private final Map<String, Kind> locals;

  /// @param locals variables of comprehensions around
  Kinds(Scope scope, Map<String, Kind> locals) {
    this.scope = scope;
    this.locals = locals;
  }

  static Kind of(Expression expression, Scope scope) {
    return new Kinds(scope, Map.of()).of(expression);
  }

  Kind of(Expression expression) {
    return switch (expression) {
      case Expression.Literal e -> ofLiteral(e.value());
      case Expression.Variable e -> ofVariable(e.name());
      case Expression.ListLiteral e -> Kind.LIST;
      case Expression.ListComprehension e -> Kind.LIST;
      case Expression.PatternComprehension e -> Kind.LIST;
      case Expression.MapLiteral e -> Kind.MAP;
      case Expression.MapProjection e -> Kind.MAP;
      case Expression.Junction e -> Kind.BOOLEAN;
      case Expression.Not e -> Kind.BOOLEAN;
      case Expression.Comparison e -> Kind.BOOLEAN;
      case Expression.TextMatch e -> Kind.BOOLEAN;
      case Expression.In e -> Kind.BOOLEAN;
      case Expression.IsNull e -> Kind.BOOLEAN;
      case Expression.HasLabels e -> Kind.BOOLEAN;
      case Expression.Quantifier e -> Kind.BOOLEAN;
      case Expression.PatternPredicate e -> Kind.BOOLEAN;
      case Expression.ShortestPath e -> Kind.VALUE;
      case Expression.CountRows e -> Kind.INTEGER;
      case Expression.Subquery e ->
          switch (e.kind()) {
            case EXISTS -> Kind.BOOLEAN;
            case COUNT -> Kind.INTEGER;
            case COLLECT -> Kind.LIST;
          };
      case Expression.Negation e -> numberOf(List.of(e.operand()), false);
      case Expression.Arithmetic e -> numberOf(e.terms(), e.operators().contains('^'));
      case Expression.Slice e -> Kind.VALUE;
      case Expression.Index e -> Kind.VALUE;
      case Expression.Property e -> Kind.VALUE;
      case Expression.Parameter e -> Kind.VALUE;
      case Expression.Call e -> Kind.VALUE;
      case Expression.Case e -> Kind.VALUE;
      case Expression.Reduce e -> Kind.VALUE;
    };
  }

  private static Kind ofLiteral(@Nullable Object value) {
    return switch (value) {
      case Boolean b -> Kind.BOOLEAN;
      case Long l -> Kind.INTEGER;
      case Double d -> Kind.FLOAT;
      case String s -> Kind.STRING;
      case null, default -> Kind.VALUE;
    };
  }

  private Kind ofVariable(String name) {
    Kind local = locals.get(name);
    if (local != null) {
      return local;
    }
    Scope.Binding binding = scope.find(name);
    return binding == null ? Kind.VALUE : binding.kind();
  }

  private Kind numberOf(List<Expression> terms, boolean power) {
    Kind kind = power ? Kind.FLOAT : Kind.INTEGER;
    for (Expression term : terms) {
      Kind one = of(term);
      if (!one.isNumber()) {
        return Kind.VALUE;
      }
      kind = one == Kind.FLOAT ? one : kind;
    }
    return kind;
  }

  /// What all elements of a list are.
  Kind ofElements(Expression list) {
    if (list instanceof Expression.Variable && of(list) == Kind.RELATIONSHIPS) {
      return Kind.RELATIONSHIP;
    }
    if (!(list instanceof Expression.ListLiteral literal) || literal.elements().isEmpty()) {
      return Kind.VALUE;
    }
    Kind kind = of(literal.elements().getFirst());
    for (Expression element : literal.elements()) {
      if (of(element) != kind) {
        return Kind.VALUE;
      }
    }
    return kind;
  }
}
