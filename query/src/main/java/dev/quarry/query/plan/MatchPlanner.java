package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.plan.NamedPattern.PathPattern;
import dev.quarry.query.plan.NamedPattern.Step;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans one MATCH, or several that follow each other: takes what the patterns say apart, and makes
/// the steps in the order of [PatternOrder], each condition as soon as all its names are bound.
///
/// All relationships of a clause differ (rule S19); pairs whose types cannot coincide are not
/// tested.
final class MatchPlanner {
  /// How many conditions are filters of their own.
  private static final int MOST_FILTERS = 16;

  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final NamedPattern pattern;
  private final PatternEstimates estimates;
  private final Lookups lookups;
  private final List<Step> followed = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private Set<String> given = Set.of();
  private LogicalPlan plan;
  private Scope scope;
  private Scope all = Scope.EMPTY;

  /// What must hold, and the names that it needs.
  private record Condition(Expression expression, Set<String> names) {}

  MatchPlanner(PlanContext context, SubqueryPlanner subqueries, Planned before) {
    this.context = context;
    this.subqueries = subqueries;
    this.plan = before.plan();
    this.scope = before.scope();
    this.pattern = new NamedPattern(context, before.scope());
    this.estimates = new PatternEstimates(context, pattern);
    this.lookups = new Lookups(context, pattern, this::left, () -> all);
  }

  /// Plans one clause.
  Planned plan(List<PatternPart> parts, @Nullable Expression where) {
    take(parts, where);
    return plan();
  }

  /// Plans several clauses as one pattern.
  Planned plan(List<Clause.Match> clauses) {
    clauses.forEach(clause -> take(clause.pattern(), clause.where()));
    return plan();
  }

  /// Notes what a clause says. Its conditions know the names of it and of those before.
  private void take(List<PatternPart> parts, @Nullable Expression where) {
    int before = pattern.conditions().size();
    pattern.add(parts);
    all = pattern.scopeOfAll();
    for (Expression condition : Trees.conjuncts(where)) {
      context.checkCondition(condition, all, "in WHERE");
      pattern.noteLabel(condition);
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
    List<Expression> written = pattern.conditions();
    for (Expression condition : written.subList(before, written.size())) {
      context.checkCondition(condition, all, "in a pattern");
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
  }

  private Planned plan() {
    given = pattern.given();
    conditions.forEach(one -> estimates.note(one.expression(), one.names()));
    joinConditions();
    List<PatternOrder.Move> moves =
        new PatternOrder(pattern, estimates, lookups, scope.names()).find();
    applyConditions();
    requireBoundNodes();
    for (PatternOrder.Move move : moves) {
      switch (move) {
        case PatternOrder.Move.Begin(String node) -> scan(node);
        case PatternOrder.Move.Seek(Step step) -> seek(step);
        case PatternOrder.Move.Follow(Step step) -> follow(step);
      }
    }
    for (Step step : pattern.steps()) {
      if (step.shortest() != null) {
        search(step, step.shortest());
      }
    }
    for (PathPattern path : pattern.paths()) {
      bind(path);
    }
    assert conditions.isEmpty() : conditions;
    return new Planned(plan, scope);
  }

  /// Of nodes that are bound before, those that no relationship of the pattern leads to must be
  /// there.
  private void requireBoundNodes() {
    for (String node : pattern.nodes().keySet()) {
      if (pattern.isAlone(node) && scope.find(node) != null) {
        requireNotNull(node);
      }
    }
  }

  /// The conditions that are not tested yet.
  private List<Expression> left() {
    return conditions.stream().map(Condition::expression).toList();
  }

  // Steps.

  private void scan(String node) {
    int slot = context.newSlot();
    SeekPlanner.Choice choice = lookups.ofNode(node, scope, scope.names()::contains, slot);
    if (choice != null) {
      dropLabelCondition(node, choice.seek().labelOrType());
      drop(choice.done());
      plan = new LogicalPlan.SeekNodes(plan, slot, choice.seek());
      bound(node, slot, Scope.Kind.NODE);
      return;
    }
    String label = estimates.rarestLabel(node);
    if (label != null) {
      dropLabelCondition(node, label);
    }
    plan = new LogicalPlan.ScanNodes(plan, slot, label);
    bound(node, slot, Scope.Kind.NODE);
  }

  /// A node that is bound already is found, unless it is null.
  private void requireNotNull(String node) {
    Span span = pattern.nodes().get(node).span();
    Expression isNotNull = new Expression.IsNull(span, new Expression.Variable(span, node), true);
    plan = new LogicalPlan.Filter(plan, new Bound(isNotNull, scope));
  }

  /// The scan gives nodes with the label only; a condition that asks for nothing else is done.
  private void dropLabelCondition(String node, String label) {
    conditions.removeIf(
        condition ->
            condition.expression() instanceof Expression.HasLabels has
                && has.of() instanceof Expression.Variable variable
                && variable.name().equals(node)
                && has.labels() instanceof LabelExpression.Name name
                && name.name().equals(label));
  }

  /// Begins with a relationship: from then on it counts as given.
  private void seek(Step step) {
    int slot = context.newSlot();
    SeekPlanner.Choice choice =
        Objects.requireNonNull(lookups.ofRelationship(step, scope, scope.names()::contains, slot));
    drop(choice.done());
    plan = new LogicalPlan.SeekRelationships(plan, slot, choice.seek());
    given.add(step.name());
    bound(step.name(), slot, Scope.Kind.RELATIONSHIP);
  }

  /// Drops conditions that a look-up has done away with.
  private void drop(List<Expression> done) {
    conditions.removeIf(condition -> done.stream().anyMatch(one -> one == condition.expression()));
  }

  private void follow(Step step) {
    List<Step> before = new ArrayList<>(followed);
    followed.add(step);
    if (given.contains(step.name())) {
      followBound(step);
    } else {
      expand(step);
    }
    requireDifferent(step, before.stream().filter(other -> mayCoincide(step, other)).toList());
  }

  /// The relationship is known, so its ends are.
  private void followBound(Step step) {
    boolean leftKnown = scope.find(step.left()) != null;
    int left = leftKnown ? scope.slot(step.left()) : context.newSlot();
    if (!leftKnown) {
      scope = scope.with(step.left(), left, Scope.Kind.NODE);
    }
    boolean rightKnown = scope.find(step.right()) != null;
    int right = rightKnown ? scope.slot(step.right()) : context.newSlot();
    boolean loop = step.left().equals(step.right()) && !leftKnown;
    plan =
        new LogicalPlan.RelationshipEnds(
            plan,
            scope.slot(step.name()),
            left,
            right,
            leftKnown,
            rightKnown && !loop,
            direction(step.pattern().arrow(), true),
            types(step.pattern()),
            step.pattern().length());
    if (!rightKnown) {
      scope = scope.with(step.right(), right, Scope.Kind.NODE);
    }
    applyConditions();
  }

  private void expand(Step step) {
    boolean fromLeft = scope.find(step.left()) != null;
    String from = fromLeft ? step.left() : step.right();
    String to = fromLeft ? step.right() : step.left();
    boolean into = scope.find(to) != null;
    int toSlot = into ? scope.slot(to) : context.newSlot();
    int slot = context.newSlot();
    Direction direction = direction(step.pattern().arrow(), fromLeft);
    List<String> types = types(step.pattern());
    PatternPart.Length length = step.pattern().length();
    if (length == null) {
      plan = new LogicalPlan.Expand(plan, scope.slot(from), slot, toSlot, direction, types, into);
    } else {
      List<String> keys = List.of();
      List<Bound> values = new ArrayList<>();
      if (step.pattern().properties() instanceof Expression.MapLiteral map) {
        keys = map.keys();
        for (Expression value : map.values()) {
          context.check(value, scope, "in a pattern");
          values.add(new Bound(value, scope));
        }
      }
      plan =
          new LogicalPlan.ExpandVariable(
              plan,
              scope.slot(from),
              slot,
              toSlot,
              direction,
              types,
              into,
              length.least(),
              length.most(),
              !fromLeft,
              keys,
              values);
    }
    if (!into) {
      scope = scope.with(to, toSlot, Scope.Kind.NODE);
    }
    bound(step.name(), slot, step.kind());
  }

  /// The relationships of a shortest path may be those of other parts of the pattern too.
  private void search(Step step, String shortest) {
    String path = null;
    for (PathPattern one : pattern.paths()) {
      path = one.relationships().equals(List.of(step.name())) ? one.name() : path;
    }
    ShortestPathPlanner search =
        new ShortestPathPlanner(context, subqueries, new Planned(plan, scope), all);
    String name = path;
    conditions.removeIf(
        condition -> search.takesCondition(condition.expression(), name, step.name()));
    int slot = context.newSlot();
    Planned planned = search.plan(shortest, step.pattern(), step.left(), step.right(), slot);
    plan = planned.plan();
    scope = planned.scope();
    followed.add(step);
    bound(step.name(), slot, step.kind());
  }

  private static boolean mayCoincide(Step a, Step b) {
    List<String> left = types(a.pattern());
    List<String> right = types(b.pattern());
    if (a.clause() != b.clause()) {
      return false;
    }
    return left.isEmpty() || right.isEmpty() || left.stream().anyMatch(right::contains);
  }

  private void requireDifferent(Step step, List<Step> others) {
    if (others.isEmpty()) {
      return;
    }
    Span span = step.pattern().span();
    List<Expression> names = new ArrayList<>();
    names.add(new Expression.Variable(span, step.name()));
    others.forEach(other -> names.add(new Expression.Variable(span, other.name())));
    Expression differ = new Expression.Call(span, Function.DIFFER.text(), false, names);
    plan = new LogicalPlan.Filter(plan, new Bound(differ, scope));
  }

  static Direction direction(PatternPart.Arrow arrow, boolean fromLeft) {
    return switch (arrow) {
      case BOTH -> Direction.BOTH;
      case RIGHT -> fromLeft ? Direction.OUTGOING : Direction.INCOMING;
      case LEFT -> fromLeft ? Direction.INCOMING : Direction.OUTGOING;
    };
  }

  static List<String> types(RelationshipPattern pattern) {
    List<String> types = new ArrayList<>();
    switch (pattern.types()) {
      case null -> {}
      case LabelExpression.Name name -> types.add(name.name());
      case LabelExpression.Or or
          when or.terms().stream().allMatch(LabelExpression.Name.class::isInstance) -> {
        for (LabelExpression term : or.terms()) {
          types.add(((LabelExpression.Name) term).name());
        }
      }
      default ->
          throw PlanContext.notSupported(
              "this expression of relationship types", pattern.span(), "join types with | only");
    }
    return types;
  }

  private void bound(String name, int slot, Scope.Kind kind) {
    scope = scope.with(name, slot, kind);
    applyConditions();
  }

  /// Makes one condition of all that need the same names, if there are very many of them: a plan is
  /// as deep as it has filters.
  private void joinConditions() {
    if (conditions.size() <= MOST_FILTERS) {
      return;
    }
    record Need(Set<String> names, boolean waits) {}
    Map<Need, List<Expression>> joined = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      Need need = new Need(condition.names(), waits(condition.expression()));
      joined.computeIfAbsent(need, n -> new ArrayList<>()).add(condition.expression());
    }
    conditions.clear();
    joined.forEach(
        (need, terms) -> {
          Expression first = terms.getFirst();
          Expression all =
              terms.size() == 1
                  ? first
                  : new Expression.Junction(first.span(), Expression.Junction.Kind.AND, terms);
          conditions.add(new Condition(all, need.names()));
        });
  }

  private boolean waits(Expression expression) {
    return SubqueryPlanner.isNeeded(expression) || context.isVolatile(expression);
  }

  /// Filters by all conditions whose names are bound by now.
  private void applyConditions() {
    for (Condition condition : List.copyOf(conditions)) {
      boolean ready = condition.names().stream().allMatch(name -> scope.find(name) != null);
      Expression expression = condition.expression();
      if (ready && (!waits(expression) || isComplete())) {
        conditions.remove(condition);
        Planned before = new Planned(plan, scope);
        SubqueryPlanner.Extracted extracted = subqueries.extract(expression, before);
        plan =
            new LogicalPlan.Filter(
                extracted.plan(), new Bound(extracted.expression(), extracted.scope()));
      }
    }
  }

  /// Conditions with patterns in them wait until all is bound: the names that they take from here
  /// stand inside of the pattern. So do those that are asked anew for each row (rule S16).
  private boolean isComplete() {
    return pattern.nodes().keySet().stream().allMatch(name -> scope.find(name) != null)
        && followed.size() == pattern.steps().size()
        && pattern.paths().stream().allMatch(path -> scope.find(path.name()) != null);
  }

  private void bind(PathPattern path) {
    int slot = context.newSlot();
    List<Integer> nodeSlots = new ArrayList<>();
    List<Integer> relationshipSlots = new ArrayList<>();
    path.nodes().forEach(node -> nodeSlots.add(scope.slot(node)));
    path.relationships().forEach(name -> relationshipSlots.add(scope.slot(name)));
    plan = new LogicalPlan.BindPath(plan, slot, nodeSlots, relationshipSlots);
    bound(path.name(), slot, Scope.Kind.PATH);
  }
}
