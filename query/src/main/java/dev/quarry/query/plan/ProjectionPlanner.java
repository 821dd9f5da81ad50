package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Plans WITH and RETURN: project or aggregate, then distinct, sort, skip, limit, and WHERE.
final class ProjectionPlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final Clause.Project clause;
  private final List<Output> outputs = new ArrayList<>();
  private final List<LogicalPlan.Aggregation> aggregations = new ArrayList<>();
  private final Map<Expression, String> aggregateNames = new LinkedHashMap<>();
  private LogicalPlan plan;
  private Scope before;
  private Scope after = Scope.EMPTY;
  private Scope aggregated = Scope.EMPTY;

  private record Output(String name, Expression expression) {}

  ProjectionPlanner(
      PlanContext context, SubqueryPlanner subqueries, Clause.Project clause, Planned input) {
    this.context = context;
    this.subqueries = subqueries;
    this.clause = clause;
    this.plan = input.plan();
    this.before = input.scope();
  }

  Planned plan() {
    collectOutputs();
    boolean aggregates = outputs.stream().anyMatch(output -> Trees.aggregates(output.expression()));
    if (aggregates) {
      aggregate();
    } else {
      project();
    }
    if (clause.distinct()) {
      List<Integer> slots = new ArrayList<>();
      after.names().forEach(name -> slots.add(after.slot(name)));
      plan = new LogicalPlan.Distinct(plan, slots);
    }
    order(aggregates);
    requireNames();
    if (clause.where() != null && (aggregates || clause.distinct())) {
      filter(byOutputs(clause.where()), after);
    } else if (clause.where() != null) {
      filter(clause.where(), before.with(after));
    }
    return new Planned(plan, after);
  }

  /// WHERE sees what was bound before too, as long as rows are what they were.
  private void filter(Expression where, Scope visible) {
    context.checkCondition(where, visible, "in WHERE");
    SubqueryPlanner.Extracted extracted = subqueries.extract(where, new Planned(plan, visible));
    plan =
        new LogicalPlan.Filter(
            extracted.plan(), new Bound(extracted.expression(), extracted.scope()));
  }

  /// The columns, in order.
  List<String> names() {
    return outputs.stream().map(Output::name).toList();
  }

  private void collectOutputs() {
    if (clause.star()) {
      TreeSet<String> names = new TreeSet<>(before.written());
      if (names.isEmpty() && clause.items().isEmpty() && clause.last()) {
        throw new SyntaxException(
            ErrorCode.NO_VARIABLES_IN_SCOPE,
            "RETURN * needs at least one variable",
            clause.span(),
            "name what to return");
      }
      for (String name : names) {
        outputs.add(new Output(name, new Expression.Variable(clause.span(), name)));
      }
    }
    for (Clause.Item item : clause.items()) {
      context.check(item.expression(), before, null);
      String name = item.alias() != null ? item.alias() : plainName(item);
      if (outputs.stream().anyMatch(output -> output.name().equals(name))) {
        throw new SyntaxException(
            ErrorCode.COLUMN_NAME_CONFLICT,
            "two columns are called `" + name + "`",
            item.span(),
            "name one of them with AS");
      }
      outputs.add(new Output(name, item.expression()));
    }
  }

  private static String plainName(Clause.Item item) {
    return item.expression() instanceof Expression.Variable variable
        ? variable.name()
        : item.text();
  }

  private void requireNames() {
    for (Clause.Item item : clause.items()) {
      boolean named = item.alias() != null || item.expression() instanceof Expression.Variable;
      if (!named && !clause.last()) {
        throw new SyntaxException(
            ErrorCode.NO_EXPRESSION_ALIAS,
            "an expression in WITH needs a name",
            item.span(),
            "write `" + item.text() + " AS name`");
      }
    }
  }

  private void project() {
    List<LogicalPlan.Column> columns = new ArrayList<>();
    for (Output output : outputs) {
      if (output.expression() instanceof Expression.Variable variable) {
        Scope.Binding binding = before.find(variable.name());
        assert binding != null : variable;
        after = after.with(output.name(), binding.slot(), binding.kind());
        continue;
      }
      Bound value = bind(output.expression());
      int slot = context.newSlot();
      columns.add(new LogicalPlan.Column(slot, value));
      after = after.with(output.name(), slot, Kinds.of(output.expression(), before));
    }
    if (!columns.isEmpty()) {
      plan = new LogicalPlan.Project(plan, columns);
    }
  }

  private Bound bind(Expression expression) {
    SubqueryPlanner.Extracted extracted = subqueries.extract(expression, new Planned(plan, before));
    plan = extracted.plan();
    before = extracted.scope();
    return new Bound(extracted.expression(), extracted.scope());
  }

  private void aggregate() {
    List<LogicalPlan.Column> keys = new ArrayList<>();
    for (Output output : outputs) {
      if (!Trees.aggregates(output.expression())) {
        Bound value = bind(output.expression());
        int slot = context.newSlot();
        keys.add(new LogicalPlan.Column(slot, value));
        aggregated = aggregated.with(output.name(), slot, Kinds.of(output.expression(), before));
      }
    }
    List<Expression> rests = new ArrayList<>();
    for (Output output : outputs) {
      rests.add(
          Trees.aggregates(output.expression()) ? extractAggregates(output.expression()) : null);
    }
    List<Clause.Order> orders = new ArrayList<>();
    for (Clause.Order order : clause.order()) {
      Expression expression = byOutputs(order.expression());
      requireProjected(order.expression(), expression);
      orders.add(
          new Clause.Order(
              Trees.aggregates(expression) ? extractAggregates(expression) : expression,
              order.descending()));
    }
    plan = new LogicalPlan.Aggregate(plan, keys, List.copyOf(aggregations), -1);
    List<LogicalPlan.Column> columns = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Output output = outputs.get(i);
      Expression rest = rests.get(i);
      if (rest == null) {
        Scope.Binding binding = aggregated.find(output.name());
        assert binding != null : output;
        after = after.with(output.name(), binding.slot(), binding.kind());
      } else if (rest instanceof Expression.Variable variable) {
        after = after.with(output.name(), aggregated.slot(variable.name()), Scope.Kind.VALUE);
      } else {
        requireGrouped(rest);
        int slot = context.newSlot();
        columns.add(new LogicalPlan.Column(slot, new Bound(rest, aggregated)));
        after = after.with(output.name(), slot, Scope.Kind.VALUE);
      }
    }
    if (!columns.isEmpty()) {
      plan = new LogicalPlan.Project(plan, columns);
    }
    sortedByAggregates = orders;
  }

  private List<Clause.Order> sortedByAggregates = List.of();

  /// Columns in the place of the expressions that they were made from, which are gone.
  private Expression byOutputs(Expression expression) {
    Scope columns = outputScope();
    return Trees.rewrite(
        expression,
        e -> {
          if (e instanceof Expression.Variable variable && columns.find(variable.name()) != null) {
            return e;
          }
          for (Output output : outputs) {
            if (isSame(output, e)) {
              return new Expression.Variable(e.span(), output.name());
            }
          }
          return null;
        });
  }

  /// Where rows are gathered, ORDER BY sees only what they were gathered into.
  private void requireProjected(Expression written, Expression byOutputs) {
    Scope visible = outputScope();
    boolean aggregates = Trees.aggregates(written);
    Trees.rewrite(
        byOutputs,
        e -> {
          if (Trees.isAggregate(e)) {
            context.check(e, visible, null);
            return e;
          }
          boolean missing =
              e instanceof Expression.Variable variable && visible.find(variable.name()) == null;
          if (missing && aggregates && isGroupedBy(((Expression.Variable) e).name())) {
            throw ambiguous(((Expression.Variable) e).name(), written.span());
          }
          return null;
        });
    context.check(byOutputs, visible, null);
  }

  /// Whether a variable stands in an expression by which rows are grouped.
  private boolean isGroupedBy(String name) {
    return outputs.stream()
        .filter(output -> !Trees.aggregates(output.expression()))
        .anyMatch(output -> Trees.variables(output.expression(), before).contains(name));
  }

  private static SyntaxException ambiguous(String name, dev.quarry.error.Span span) {
    return new SyntaxException(
        ErrorCode.AMBIGUOUS_AGGREGATION_EXPRESSION,
        "`" + name + "` is used beside an aggregate, but rows are not grouped by it",
        span,
        "return it as a column of its own, or aggregate in a WITH before");
  }

  private Scope outputScope() {
    Scope scope = Scope.EMPTY;
    for (Output output : outputs) {
      scope = scope.with(output.name(), -1, Scope.Kind.VALUE);
    }
    return scope;
  }

  /// Puts a made-up variable in the place of every aggregate, and those of the grouping keys in the
  /// place of their expressions.
  private Expression extractAggregates(Expression expression) {
    return Trees.rewrite(
        expression,
        e -> {
          if (Trees.isAggregate(e)) {
            return new Expression.Variable(e.span(), aggregateName(e));
          }
          return keyOf(e);
        });
  }

  private @Nullable Expression keyOf(Expression e) {
    for (Output output : outputs) {
      if (!Trees.aggregates(output.expression()) && isSame(output, e)) {
        return new Expression.Variable(e.span(), output.name());
      }
    }
    return null;
  }

  /// Whether an expression has the value of a column, which it has not where each computation may
  /// give another (rule S16).
  private boolean isSame(Output output, Expression e) {
    return Trees.same(output.expression(), e) && !context.isVolatile(e);
  }

  private String aggregateName(Expression aggregate) {
    Expression plain = Trees.strip(aggregate);
    String known = context.isVolatile(aggregate) ? null : aggregateNames.get(plain);
    if (known != null) {
      return known;
    }
    int slot = context.newSlot();
    String name = PlanContext.hidden(slot);
    if (aggregate instanceof Expression.Call call) {
      Function function = Function.of(call.name());
      assert function != null : call;
      Bound argument = bind(call.arguments().getFirst());
      Bound parameter = call.arguments().size() == 1 ? null : bind(call.arguments().getLast());
      aggregations.add(
          new LogicalPlan.Aggregation(slot, function, call.distinct(), argument, parameter));
    } else {
      aggregations.add(new LogicalPlan.Aggregation(slot, Function.COUNT, false, null, null));
    }
    aggregateNames.put(plain, name);
    aggregated = aggregated.with(name, slot, Scope.Kind.VALUE);
    return name;
  }

  private void requireGrouped(Expression rest) {
    for (String name : Trees.variables(rest, before.with(aggregated))) {
      if (aggregated.find(name) == null) {
        throw ambiguous(name, rest.span());
      }
    }
  }

  private void order(boolean aggregates) {
    List<Clause.Order> orders = aggregates ? sortedByAggregates : clause.order();
    @Nullable Bound skip = count(clause.skip(), "SKIP");
    @Nullable Bound limit = count(clause.limit(), "LIMIT");
    if (!orders.isEmpty()) {
      boolean restricted = aggregates || clause.distinct();
      Scope visible = restricted ? aggregated.with(after) : before.with(after);
      List<LogicalPlan.SortKey> keys = new ArrayList<>();
      for (Clause.Order order : orders) {
        Expression expression = restricted ? byOutputs(order.expression()) : order.expression();
        context.check(
            expression, visible, aggregates ? null : "in ORDER BY after rows without aggregates");
        Planned planned = new Planned(plan, visible);
        SubqueryPlanner.Extracted extracted = subqueries.extract(expression, planned);
        plan = extracted.plan();
        keys.add(
            new LogicalPlan.SortKey(
                new Bound(extracted.expression(), extracted.scope()), order.descending()));
      }
      plan = new LogicalPlan.Sort(plan, keys, skip, limit);
    }
    plan = skip == null ? plan : new LogicalPlan.Skip(plan, skip);
    plan = limit == null ? plan : new LogicalPlan.Limit(plan, limit);
  }

  private @Nullable Bound count(@Nullable Expression expression, String clause) {
    if (expression == null) {
      return null;
    }
    Trees.rewrite(
        expression,
        e -> {
          if (e instanceof Expression.Variable || SubqueryPlanner.isNeeded(e)) {
            throw new SyntaxException(
                ErrorCode.NON_CONSTANT_EXPRESSION,
                clause + " needs a number that does not depend on rows",
                e.span(),
                "give a literal or a parameter");
          }
          return null;
        });
    context.check(expression, Scope.EMPTY, "in " + clause);
    requireSensible(expression, clause);
    return new Bound(expression, Scope.EMPTY);
  }

  private static void requireSensible(Expression expression, String clause) {
    if (expression instanceof Expression.Literal literal) {
      if (!(literal.value() instanceof Long number)) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            clause + " needs an integer, not " + literal.value(),
            expression.span(),
            null);
      }
      if (number < 0) {
        throw new SyntaxException(
            ErrorCode.NEGATIVE_INTEGER_ARGUMENT,
            clause + " needs a number of rows, not " + number,
            expression.span(),
            null);
      }
    }
  }
}
