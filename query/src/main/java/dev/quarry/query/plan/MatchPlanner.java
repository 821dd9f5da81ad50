package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.plan.NamedPattern.PathPattern;
import dev.quarry.query.plan.NamedPattern.Step;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans one MATCH: where to begin, which relationship to follow next, and each condition as soon
/// as all its names are bound.
///
/// The order is greedy: a relationship between two bound nodes first, as it only takes rows away;
/// then the one with the least expected fan-out; a new scan only where nothing is connected. All
/// relationships of the clause differ (rule S19); pairs whose types cannot coincide are not tested.
final class MatchPlanner {
  /// Of more nodes that no relationship joins it is not tried out with which to begin.
  private static final int MOST_WEIGHED = 8;

  /// What a step costs that makes no more rows: less than one that is expected to make none.
  private static final double NO_ROWS = -1e-9;

  /// How many conditions are filters of their own.
  private static final int MOST_FILTERS = 16;

  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final NamedPattern pattern;
  private final PatternEstimates estimates;
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
  }

  Planned plan(List<PatternPart> parts, @Nullable Expression where) {
    parts.forEach(pattern::add);
    given = pattern.given();
    all = pattern.scopeOfAll();
    for (Expression condition : Trees.conjuncts(where)) {
      context.checkCondition(condition, all, "in WHERE");
      pattern.noteLabel(condition);
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
    for (Expression condition : pattern.conditions()) {
      context.checkCondition(condition, all, "in a pattern");
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
    conditions.forEach(one -> estimates.note(one.expression(), one.names()));
    joinConditions();
    applyConditions();
    List<Step> left = new ArrayList<>(pattern.steps());
    left.removeIf(step -> step.shortest() != null);
    Set<String> isolated = new LinkedHashSet<>(pattern.nodes().keySet());
    for (Step step : left) {
      isolated.remove(step.left());
      isolated.remove(step.right());
    }
    while (!left.isEmpty()) {
      Step next = cheapest(left);
      if (next == null) {
        begin(left);
      } else {
        left.remove(next);
        follow(next);
      }
    }
    for (String node : isolated) {
      if (scope.find(node) != null) {
        requireNotNull(node);
      }
    }
    isolated.removeIf(node -> scope.find(node) != null);
    while (!isolated.isEmpty()) {
      String node = cheapestAlone(isolated);
      isolated.remove(node);
      scan(node);
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

  // Order.

  private @Nullable Step cheapest(List<Step> candidates) {
    Step best = null;
    double bestCost = Double.MAX_VALUE;
    for (Step step : candidates) {
      boolean left = scope.find(step.left()) != null;
      boolean right = scope.find(step.right()) != null;
      if (given.contains(step.name())) {
        return step;
      }
      if (!left && !right) {
        continue;
      }
      double cost = left && right ? NO_ROWS : estimates.fanOut(step, left, scope.names());
      cost = step.pattern().length() == null ? cost : 1000 + cost * 1000;
      if (cost < bestCost) {
        best = step;
        bestCost = cost;
      }
    }
    return best;
  }

  /// Begins where nothing is bound: with the node, or the relationship of an index, of which there
  /// are fewest.
  private void begin(List<Step> left) {
    String best = left.getFirst().left();
    double bestCost = Double.MAX_VALUE;
    for (Step step : left) {
      for (String node : List.of(step.left(), step.right())) {
        double cost = cost(node, scope.names());
        cost += step.pattern().length() == null ? 0 : 1;
        if (cost < bestCost) {
          best = node;
          bestCost = cost;
        }
      }
    }
    Step sought = null;
    for (Step step : left) {
      SeekPlanner.Choice choice = seekOf(step, -1);
      if (choice != null && choice.seek().rows() < bestCost) {
        sought = step;
        bestCost = choice.seek().rows();
      }
    }
    if (sought == null) {
      scan(best);
    } else {
      seek(sought);
    }
  }

  /// How many nodes are expected where a part of the pattern begins with one.
  ///
  /// @param known names that are bound by then
  private double cost(String node, Set<String> known) {
    SeekPlanner.Choice choice = seekOf(node, known, -1);
    return choice != null ? choice.seek().rows() : estimates.nodes(node, known);
  }

  /// Of nodes that no relationship joins, the one to begin with: others may be looked up by its
  /// properties. Without indexes, the first.
  private String cheapestAlone(Set<String> isolated) {
    String best = isolated.iterator().next();
    double bestCost = Double.MAX_VALUE;
    boolean weighs =
        isolated.size() > 1
            && isolated.size() <= MOST_WEIGHED
            && isolated.stream().anyMatch(this::isIndexed);
    for (String node : weighs ? isolated : Set.<String>of()) {
      Set<String> known = new HashSet<>(scope.names());
      double cost = cost(node, known);
      known.add(node);
      for (String other : isolated) {
        cost *= other.equals(node) ? 1 : Math.max(1, cost(other, known));
      }
      if (cost < bestCost) {
        best = node;
        bestCost = cost;
      }
    }
    return best;
  }

  /// Whether there is an index over a label of a node.
  private boolean isIndexed(String node) {
    return pattern.labels(node).stream()
        .anyMatch(label -> !context.statistics().indexes(false, label).isEmpty());
  }

  private SeekPlanner.@Nullable Choice seekOf(String node, Set<String> known, int slot) {
    return isIndexed(node)
        ? seekPlanner(node, false, known).best(pattern.labels(node), slot)
        : null;
  }

  private SeekPlanner.@Nullable Choice seekOf(Step step, int slot) {
    List<String> types = step.pattern().length() == null ? types(step.pattern()) : List.of();
    boolean indexed =
        types.size() == 1 && !context.statistics().indexes(true, types.getFirst()).isEmpty();
    return indexed ? seekPlanner(step.name(), true, scope.names()).best(types, slot) : null;
  }

  private SeekPlanner seekPlanner(String name, boolean ofRelationships, Set<String> known) {
    List<Expression> expressions = conditions.stream().map(Condition::expression).toList();
    return new SeekPlanner(context, name, ofRelationships, expressions, scope, known, all);
  }

  // Steps.

  private void scan(String node) {
    int slot = context.newSlot();
    SeekPlanner.Choice choice = seekOf(node, scope.names(), slot);
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
    SeekPlanner.Choice choice = java.util.Objects.requireNonNull(seekOf(step, slot));
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
    estimates.follow(step);
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
