package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Walks and rewrites of expressions.
final class Trees {
  private static final Span NOWHERE = new Span(0, 0, 0, 0);
  private static final Query NO_QUERY = new Query(NOWHERE, List.of(), List.of());

  private Trees() {}

  /// Replaces parts, from the top: what `change` gives for a node stands for all below it; where it
  /// gives null the children are looked at.
  interface Change {
    @Nullable Expression of(Expression expression);
  }

  static Expression rewrite(Expression expression, Change change) {
    Expression changed = change.of(expression);
    return changed != null
        ? changed
        : rebuild(expression, expression.span(), child -> rewrite(child, change));
  }

  /// Whether two expressions say the same, wherever they stand.
  static boolean same(Expression a, Expression b) {
    return a.getClass() == b.getClass() && strip(a).equals(strip(b));
  }

  /// The same without places, to be compared. Of a subquery its text counts, as it was written.
  static Expression strip(Expression expression) {
    return switch (expression) {
      case Expression.PatternPredicate e ->
          new Expression.PatternPredicate(NOWHERE, strip(e.pattern()));
      case Expression.PatternComprehension e ->
          new Expression.PatternComprehension(
              NOWHERE,
              strip(e.pattern()),
              optional(e.where(), Trees::strip),
              strip(e.projection()));
      case Expression.Subquery e -> new Expression.Subquery(NOWHERE, e.kind(), NO_QUERY, e.text());
      default -> rebuild(expression, NOWHERE, Trees::strip);
    };
  }

  private static PatternPart strip(PatternPart part) {
    List<PatternPart.NodePattern> nodes = new ArrayList<>();
    for (PatternPart.NodePattern node : part.nodes()) {
      nodes.add(
          new PatternPart.NodePattern(
              NOWHERE,
              node.variable(),
              node.labels(),
              optional(node.properties(), Trees::strip),
              optional(node.where(), Trees::strip)));
    }
    List<PatternPart.RelationshipPattern> relationships = new ArrayList<>();
    for (PatternPart.RelationshipPattern one : part.relationships()) {
      relationships.add(
          new PatternPart.RelationshipPattern(
              NOWHERE,
              one.variable(),
              one.types(),
              optional(one.properties(), Trees::strip),
              optional(one.where(), Trees::strip),
              one.arrow(),
              one.length()));
    }
    return new PatternPart(NOWHERE, part.path(), part.shortest(), nodes, relationships);
  }

  /// The same with another span and other children. Patterns and subqueries stay as they are.
  private static Expression rebuild(
      Expression expression, Span span, UnaryOperator<Expression> child) {
    return switch (expression) {
      case Expression.Literal e -> new Expression.Literal(span, e.value());
      case Expression.Parameter e -> new Expression.Parameter(span, e.name());
      case Expression.Variable e -> new Expression.Variable(span, e.name());
      case Expression.Property e -> new Expression.Property(span, child.apply(e.of()), e.key());
      case Expression.Index e ->
          new Expression.Index(span, child.apply(e.of()), child.apply(e.index()));
      case Expression.Slice e ->
          new Expression.Slice(
              span, child.apply(e.of()), optional(e.from(), child), optional(e.to(), child));
      case Expression.ListLiteral e -> new Expression.ListLiteral(span, all(e.elements(), child));
      case Expression.MapLiteral e ->
          new Expression.MapLiteral(span, e.keys(), all(e.values(), child));
      case Expression.Junction e -> new Expression.Junction(span, e.kind(), all(e.terms(), child));
      case Expression.Not e -> new Expression.Not(span, child.apply(e.operand()));
      case Expression.Comparison e ->
          new Expression.Comparison(span, all(e.terms(), child), e.operators());
      case Expression.Arithmetic e ->
          new Expression.Arithmetic(span, all(e.terms(), child), e.operators());
      case Expression.Negation e -> new Expression.Negation(span, child.apply(e.operand()));
      case Expression.TextMatch e ->
          new Expression.TextMatch(span, e.kind(), child.apply(e.text()), child.apply(e.pattern()));
      case Expression.In e ->
          new Expression.In(span, child.apply(e.element()), child.apply(e.list()));
      case Expression.IsNull e ->
          new Expression.IsNull(span, child.apply(e.operand()), e.negated());
      case Expression.HasLabels e ->
          new Expression.HasLabels(span, child.apply(e.of()), e.labels());
      case Expression.Call e ->
          new Expression.Call(span, e.name(), e.distinct(), all(e.arguments(), child));
      case Expression.CountRows e -> new Expression.CountRows(span);
      case Expression.Case e ->
          new Expression.Case(
              span,
              optional(e.subject(), child),
              all(e.conditions(), child),
              all(e.results(), child),
              optional(e.otherwise(), child));
      case Expression.ListComprehension e ->
          new Expression.ListComprehension(
              span,
              e.variable(),
              child.apply(e.list()),
              optional(e.where(), child),
              optional(e.projection(), child));
      case Expression.Quantifier e ->
          new Expression.Quantifier(
              span, e.kind(), e.variable(), child.apply(e.list()), child.apply(e.where()));
      case Expression.Reduce e ->
          new Expression.Reduce(
              span,
              e.accumulator(),
              child.apply(e.start()),
              e.variable(),
              child.apply(e.list()),
              child.apply(e.step()));
      case Expression.MapProjection e -> {
        List<Expression.MapProjection.Item> items = new ArrayList<>();
        for (Expression.MapProjection.Item item : e.items()) {
          items.add(new Expression.MapProjection.Item(item.key(), optional(item.value(), child)));
        }
        yield new Expression.MapProjection(span, child.apply(e.of()), items);
      }
      case Expression.PatternPredicate e -> e;
      case Expression.PatternComprehension e -> e;
      case Expression.ShortestPath e -> e;
      case Expression.Subquery e -> e;
    };
  }

  private static List<Expression> all(List<Expression> list, UnaryOperator<Expression> child) {
    List<Expression> changed = new ArrayList<>(list.size());
    for (Expression expression : list) {
      changed.add(child.apply(expression));
    }
    return changed;
  }

  private static @Nullable Expression optional(
      @Nullable Expression expression, UnaryOperator<Expression> child) {
    return expression == null ? null : child.apply(expression);
  }

  /// Whether a function over many rows is called in it.
  static boolean aggregates(Expression expression) {
    boolean[] found = new boolean[1];
    rewrite(
        expression,
        e -> {
          found[0] |= isAggregate(e);
          return null;
        });
    return found[0];
  }

  static boolean isAggregate(Expression expression) {
    if (expression instanceof Expression.CountRows) {
      return true;
    }
    if (expression instanceof Expression.Call call) {
      Function function = Function.of(call.name());
      return function != null && function.isAggregate();
    }
    return false;
  }

  /// The names that an expression takes from its surroundings, of a scope.
  static Set<String> variables(Expression expression, Scope scope) {
    Set<String> names = new LinkedHashSet<>();
    collect(expression, new HashSet<>(), names);
    names.retainAll(scope.names());
    return names;
  }

  private static void collect(Expression expression, Set<String> locals, Set<String> names) {
    switch (expression) {
      case Expression.Variable variable -> {
        if (!locals.contains(variable.name())) {
          names.add(variable.name());
        }
      }
      case Expression.ListComprehension e -> {
        collect(e.list(), locals, names);
        Set<String> inner = new HashSet<>(locals);
        inner.add(e.variable());
        collectOptional(e.where(), inner, names);
        collectOptional(e.projection(), inner, names);
      }
      case Expression.Quantifier e -> {
        collect(e.list(), locals, names);
        Set<String> inner = new HashSet<>(locals);
        inner.add(e.variable());
        collect(e.where(), inner, names);
      }
      case Expression.Reduce e -> {
        collect(e.start(), locals, names);
        collect(e.list(), locals, names);
        Set<String> inner = new HashSet<>(locals);
        inner.add(e.variable());
        inner.add(e.accumulator());
        collect(e.step(), inner, names);
      }
      default ->
          rebuild(
              expression,
              NOWHERE,
              child -> {
                collect(child, locals, names);
                return child;
              });
    }
  }

  private static void collectOptional(
      @Nullable Expression expression, Set<String> locals, Set<String> names) {
    if (expression != null) {
      collect(expression, locals, names);
    }
  }

  /// The conditions that must all hold.
  static List<Expression> conjuncts(@Nullable Expression where) {
    List<Expression> conjuncts = new ArrayList<>();
    if (where instanceof Expression.Junction junction
        && junction.kind() == Expression.Junction.Kind.AND) {
      for (Expression term : junction.terms()) {
        conjuncts.addAll(conjuncts(term));
      }
    } else if (where != null) {
      conjuncts.add(where);
    }
    return conjuncts;
  }
}
