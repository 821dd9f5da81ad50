package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Takes patterns and subqueries out of expressions: each becomes an Apply whose result has a slot.
final class SubqueryPlanner {
  private final PlanContext context;
  private final QueryPlanner queries;

  /// What is left of an expression, and the plan that computes what was taken out.
  record Extracted(LogicalPlan plan, Scope scope, Expression expression) {}

  SubqueryPlanner(PlanContext context, QueryPlanner queries) {
    this.context = context;
    this.queries = queries;
  }

  /// Whether there is anything to take out.
  static boolean isNeeded(Expression expression) {
    boolean[] found = new boolean[1];
    Trees.rewrite(
        expression,
        e -> {
          found[0] |= isNested(e);
          return null;
        });
    return found[0];
  }

  private static boolean isNested(Expression e) {
    return e instanceof Expression.PatternPredicate
        || e instanceof Expression.PatternComprehension
        || e instanceof Expression.ShortestPath
        || e instanceof Expression.Subquery;
  }

  Extracted extract(Expression expression, Planned before) {
    if (!isNeeded(expression)) {
      return new Extracted(before.plan(), before.scope(), expression);
    }
    Planned[] planned = {before};
    Expression left =
        Trees.rewrite(
            expression,
            e -> {
              if (e instanceof Expression.ListComprehension c && isNeededForElements(c)) {
                return comprehension(c, planned);
              }
              if (e instanceof Expression.Quantifier q && isNeeded(q.where())) {
                return quantifier(q, planned);
              }
              if (e instanceof Expression.Reduce r && isNeeded(r.step())) {
                throw PlanContext.notSupported(
                    "a pattern or subquery in the step of reduce", r.span(), "UNWIND the list");
              }
              if (e instanceof Expression.Call call && isExistsOfPattern(call)) {
                return replace(call.arguments().getFirst(), planned);
              }
              return isNested(e) ? replace(e, planned) : null;
            });
    return new Extracted(planned[0].plan(), planned[0].scope(), left);
  }

  private static boolean isExistsOfPattern(Expression.Call call) {
    return Function.of(call.name()) == Function.EXISTS
        && call.arguments().size() == 1
        && call.arguments().getFirst() instanceof Expression.PatternPredicate;
  }

  private static boolean isNeededForElements(Expression.ListComprehension e) {
    return e.where() != null && isNeeded(e.where())
        || e.projection() != null && isNeeded(e.projection());
  }

  /// A list comprehension that asks the graph for each element: its elements become rows, and what
  /// is made of them is collected. A null stays null.
  private Expression comprehension(Expression.ListComprehension e, Planned[] planned) {
    Extracted source = extract(e.list(), planned[0]);
    int listSlot = context.newSlot();
    Expression list = new Expression.Variable(e.span(), PlanContext.hidden(listSlot));
    LogicalPlan withList =
        new LogicalPlan.Project(
            source.plan(),
            List.of(
                new LogicalPlan.Column(listSlot, new Bound(source.expression(), source.scope()))));
    Scope outer = source.scope().with(PlanContext.hidden(listSlot), listSlot, Scope.Kind.VALUE);
    Planned elements = elements(e, list, outer);
    if (e.where() != null) {
      Extracted where = extract(e.where(), elements);
      Bound predicate = new Bound(where.expression(), where.scope());
      elements = new Planned(new LogicalPlan.Filter(where.plan(), predicate), where.scope());
    }
    Expression value =
        e.projection() != null ? e.projection() : new Expression.Variable(e.span(), e.variable());
    Extracted projection = extract(value, elements);
    int valueSlot = context.newSlot();
    LogicalPlan nested =
        new LogicalPlan.Project(
            projection.plan(),
            List.of(
                new LogicalPlan.Column(
                    valueSlot, new Bound(projection.expression(), projection.scope()))));
    int slot = context.newSlot();
    String name = PlanContext.hidden(slot);
    LogicalPlan.Apply.Kind kind = LogicalPlan.Apply.Kind.COLLECT;
    planned[0] =
        new Planned(
            new LogicalPlan.Apply(withList, nested, kind, slot, valueSlot),
            outer.with(name, slot, Scope.Kind.VALUE));
    return new Expression.Case(
        e.span(),
        null,
        List.of(new Expression.IsNull(e.span(), list, false)),
        List.of(new Expression.Literal(e.span(), null)),
        new Expression.Variable(e.span(), name));
  }

  /// The elements of a list as rows; a slice, as that raises an error where there is no list.
  private Planned elements(Expression.ListComprehension e, Expression list, Scope outer) {
    int slot = context.newSlot();
    Bound bound = new Bound(new Expression.Slice(e.list().span(), list, null, null), outer);
    return new Planned(
        new LogicalPlan.Unwind(new LogicalPlan.Argument(), bound, slot),
        outer.with(e.variable(), slot, Scope.Kind.VALUE));
  }

  /// A quantifier whose condition asks the graph: over the list of what the condition gives.
  private Expression quantifier(Expression.Quantifier e, Planned[] planned) {
    Expression truths =
        comprehension(
            new Expression.ListComprehension(e.span(), e.variable(), e.list(), null, e.where()),
            planned);
    return new Expression.Quantifier(
        e.span(), e.kind(), e.variable(), truths, new Expression.Variable(e.span(), e.variable()));
  }

  private Expression replace(Expression nested, Planned[] planned) {
    Scope outer = planned[0].scope();
    LogicalPlan inner;
    LogicalPlan.Apply.Kind kind;
    int value = -1;
    UnaryOperator<Expression> of = UnaryOperator.identity();
    Planned argument = new Planned(new LogicalPlan.Argument(), outer);
    switch (nested) {
      case Expression.PatternPredicate e -> {
        requireNamesKnown(e.pattern(), outer);
        kind = LogicalPlan.Apply.Kind.EXISTS;
        inner = match(argument, List.of(e.pattern()), null).plan();
      }
      case Expression.PatternComprehension e -> {
        kind = LogicalPlan.Apply.Kind.COLLECT;
        Planned matched = match(argument, List.of(e.pattern()), e.where());
        context.check(e.projection(), matched.scope(), "in a pattern comprehension");
        Extracted extracted = extract(e.projection(), matched);
        value = context.newSlot();
        Bound projection = new Bound(extracted.expression(), extracted.scope());
        inner =
            new LogicalPlan.Project(
                extracted.plan(), List.of(new LogicalPlan.Column(value, projection)));
      }
      case Expression.ShortestPath e -> {
        requireNamesKnown(e.pattern(), outer);
        kind = LogicalPlan.Apply.Kind.COLLECT;
        String path = PlanContext.hidden(context.newSlot());
        PatternPart pattern = ShortestPathPlanner.named(e.pattern(), path, outer);
        Planned matched = match(argument, List.of(pattern), null);
        inner = matched.plan();
        value = matched.scope().slot(path);
        of = paths -> ShortestPathPlanner.ofList(e, paths);
      }
      case Expression.Subquery e -> {
        kind = LogicalPlan.Apply.Kind.valueOf(e.kind().name());
        boolean collects = kind == LogicalPlan.Apply.Kind.COLLECT;
        QueryPlanner.Result result = queries.nested(e.query(), argument, collects);
        inner = result.plan();
        value = collects ? result.slots().getFirst() : -1;
      }
      default -> throw new AssertionError(nested);
    }
    int slot = context.newSlot();
    String name = PlanContext.hidden(slot);
    planned[0] =
        new Planned(
            new LogicalPlan.Apply(planned[0].plan(), inner, kind, slot, value),
            outer.with(name, slot, Scope.Kind.VALUE));
    return of.apply(new Expression.Variable(nested.span(), name));
  }

  private Planned match(Planned before, List<PatternPart> parts, @Nullable Expression where) {
    return new MatchPlanner(context, this, before).plan(parts, where);
  }

  /// A pattern as a condition cannot introduce names.
  private static void requireNamesKnown(PatternPart pattern, Scope scope) {
    for (PatternPart.NodePattern node : pattern.nodes()) {
      if (node.variable() != null && scope.find(node.variable()) == null) {
        throw ExpressionChecker.undefined(node.variable(), node.span(), scope);
      }
    }
    for (PatternPart.RelationshipPattern relationship : pattern.relationships()) {
      if (relationship.variable() != null && scope.find(relationship.variable()) == null) {
        throw ExpressionChecker.undefined(relationship.variable(), relationship.span(), scope);
      }
    }
  }
}
