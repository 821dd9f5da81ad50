package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.NodePattern;
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

  /// How many conditions are filters of their own.
  private static final int MOST_FILTERS = 16;

  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final Map<String, NodePattern> nodes = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Step> followed = new ArrayList<>();
  private final Set<String> given = new HashSet<>();
  private final List<PathPattern> paths = new ArrayList<>();
  private final List<Condition> conditions = new ArrayList<>();
  private final List<Expression> written = new ArrayList<>();
  private final Map<String, List<String>> labels = new LinkedHashMap<>();
  private LogicalPlan plan;
  private Scope scope;
  private Scope all = Scope.EMPTY;

  /// What must hold, and the names that it needs.
  private record Condition(Expression expression, Set<String> names) {}

  /// A relationship of the pattern.
  ///
  /// @param shortest null, or which search it stands for, which begins when all else is bound
  private record Step(
      String name,
      RelationshipPattern pattern,
      String left,
      String right,
      @Nullable String shortest) {}

  private record PathPattern(String name, List<String> nodes, List<String> relationships) {}

  MatchPlanner(PlanContext context, SubqueryPlanner subqueries, Planned before) {
    this.context = context;
    this.subqueries = subqueries;
    this.plan = before.plan();
    this.scope = before.scope();
  }

  Planned plan(List<PatternPart> parts, @Nullable Expression where) {
    for (PatternPart part : parts) {
      name(part);
    }
    for (Step step : steps) {
      if (scope.find(step.name()) != null) {
        requireGivable(step);
        given.add(step.name());
      }
    }
    all = scopeOfAll();
    for (Expression condition : Trees.conjuncts(where)) {
      context.checkCondition(condition, all, "in WHERE");
      noteLabel(condition);
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
    for (Expression condition : written) {
      context.checkCondition(condition, all, "in a pattern");
      conditions.add(new Condition(condition, Trees.variables(condition, all)));
    }
    joinConditions();
    applyConditions();
    List<Step> left = new ArrayList<>(steps);
    left.removeIf(step -> step.shortest() != null);
    Set<String> isolated = new LinkedHashSet<>(nodes.keySet());
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
    for (Step step : steps) {
      if (step.shortest() != null) {
        search(step, step.shortest());
      }
    }
    for (PathPattern path : paths) {
      bind(path);
    }
    assert conditions.isEmpty() : conditions;
    return new Planned(plan, scope);
  }

  // Names.

  private void name(PatternPart part) {
    List<RelationshipPattern> patterns =
        part.shortest() == null
            ? part.relationships()
            : List.of(ShortestPathPlanner.relationship(part));
    List<String> names = new ArrayList<>();
    for (NodePattern node : part.nodes()) {
      names.add(nameNode(node));
    }
    List<String> relationships = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      RelationshipPattern pattern = patterns.get(i);
      String name = nameRelationship(pattern);
      relationships.add(name);
      steps.add(new Step(name, pattern, names.get(i), names.get(i + 1), part.shortest()));
    }
    if (part.path() != null) {
      requireNewPath(part);
      paths.add(new PathPattern(part.path(), names, relationships));
    }
  }

  private String nameNode(NodePattern node) {
    String name = node.variable();
    if (name == null) {
      name = PlanContext.hidden(context.newSlot());
    } else {
      requireKind(name, Scope.Kind.NODE, node.span());
      for (Step step : steps) {
        if (step.name().equals(name)) {
          throw conflict(name, Scope.Kind.RELATIONSHIP, Scope.Kind.NODE, node.span());
        }
      }
    }
    nodes.putIfAbsent(name, node);
    Expression variable = new Expression.Variable(node.span(), name);
    if (node.labels() != null) {
      if (node.labels() instanceof LabelExpression.Name label) {
        labels.computeIfAbsent(name, key -> new ArrayList<>()).add(label.name());
      } else if (node.labels() instanceof LabelExpression.And and) {
        for (LabelExpression term : and.terms()) {
          if (term instanceof LabelExpression.Name label) {
            labels.computeIfAbsent(name, key -> new ArrayList<>()).add(label.name());
          }
        }
      }
      written.add(new Expression.HasLabels(node.span(), variable, node.labels()));
    }
    addProperties(variable, node.properties());
    written.addAll(Trees.conjuncts(node.where()));
    return name;
  }

  /// A condition that asks for a label is as good as one in the pattern.
  private void noteLabel(Expression condition) {
    if (condition instanceof Expression.HasLabels has
        && has.of() instanceof Expression.Variable variable
        && has.labels() instanceof LabelExpression.Name label) {
      labels.computeIfAbsent(variable.name(), key -> new ArrayList<>()).add(label.name());
    }
  }

  private String nameRelationship(RelationshipPattern pattern) {
    String name = pattern.variable();
    if (name == null) {
      name = PlanContext.hidden(context.newSlot());
    } else {
      requireRelationship(name, pattern);
    }
    if (pattern.length() == null) {
      addProperties(new Expression.Variable(pattern.span(), name), pattern.properties());
      written.addAll(Trees.conjuncts(pattern.where()));
    } else if (pattern.properties() instanceof Expression.Parameter parameter) {
      throw noParameter(parameter.span());
    } else if (pattern.where() != null) {
      throw PlanContext.notSupported(
          "WHERE inside of a relationship of variable length",
          pattern.span(),
          "use all(r IN relationships WHERE …)");
    }
    return name;
  }

  private void addProperties(Expression of, @Nullable Expression properties) {
    if (properties instanceof Expression.MapLiteral map) {
      for (int i = 0; i < map.keys().size(); i++) {
        Expression value = map.values().get(i);
        Expression property = new Expression.Property(value.span(), of, map.keys().get(i));
        written.add(
            new Expression.Comparison(
                value.span(),
                List.of(property, value),
                List.of(Expression.Comparison.Operator.EQUAL)));
      }
    } else if (properties != null) {
      throw noParameter(properties.span());
    }
  }

  private static SyntaxException noParameter(Span span) {
    return new SyntaxException(
        ErrorCode.INVALID_PARAMETER_USE,
        "a parameter cannot stand for all properties of a pattern",
        span,
        "name the keys, as in {key: $map.key}");
  }

  private void requireKind(String name, Scope.Kind kind, Span span) {
    Scope.Binding binding = scope.find(name);
    if (binding != null && binding.kind() != kind && binding.kind() != Scope.Kind.VALUE) {
      throw conflict(name, binding.kind(), kind, span);
    }
    for (PathPattern path : paths) {
      if (path.name().equals(name)) {
        throw conflict(name, Scope.Kind.PATH, kind, span);
      }
    }
  }

  /// A name that is bound before the clause stands for the same relationship, or the same list of
  /// them, here.
  private void requireRelationship(String name, RelationshipPattern pattern) {
    Span span = pattern.span();
    boolean one = pattern.length() == null;
    if (nodes.containsKey(name)) {
      throw conflict(name, Scope.Kind.NODE, Scope.Kind.RELATIONSHIP, span);
    }
    for (Step step : steps) {
      if (step.name().equals(name)) {
        throw new SyntaxException(
            ErrorCode.RELATIONSHIP_UNIQUENESS_VIOLATION,
            "`" + name + "` stands for two relationships of one pattern",
            span,
            "relationships of one MATCH differ: give each its own name");
      }
    }
    Scope.Binding binding = scope.find(name);
    boolean list = !one && binding != null && binding.kind() == Scope.Kind.LIST;
    if (!list) {
      requireKind(name, one ? Scope.Kind.RELATIONSHIP : Scope.Kind.RELATIONSHIPS, span);
    }
  }

  /// Refuses a relationship that is bound where nothing but its name and types can be asked for.
  private static void requireGivable(Step step) {
    if (step.shortest() != null) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`"
              + step.name()
              + "` is defined already, and "
              + step.shortest()
              + " looks for new ones",
          step.pattern().span(),
          "choose another name");
    }
    if (step.pattern().length() != null && step.pattern().properties() != null) {
      throw PlanContext.notSupported(
          "a map of properties at a list of relationships that is bound",
          step.pattern().span(),
          "use all(r IN " + step.name() + " WHERE …)");
    }
  }

  private static SyntaxException conflict(
      String name, Scope.Kind is, Scope.Kind wanted, Span span) {
    return new SyntaxException(
        ErrorCode.VARIABLE_TYPE_CONFLICT,
        "`" + name + "` is " + is + " and cannot be " + wanted + " too",
        span,
        "choose another name");
  }

  private void requireNewPath(PatternPart part) {
    String name = java.util.Objects.requireNonNull(part.path());
    boolean used =
        scope.find(name) != null
            || nodes.containsKey(name)
            || steps.stream().anyMatch(step -> step.name().equals(name))
            || paths.stream().anyMatch(path -> path.name().equals(name));
    if (used) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`" + name + "` is defined already",
          part.span(),
          "choose another name");
    }
  }

  /// The scope as it will be when all is bound, to check conditions against.
  private Scope scopeOfAll() {
    Scope all = scope;
    for (String node : nodes.keySet()) {
      all = all.find(node) == null ? all.with(node, -1, Scope.Kind.NODE) : all;
    }
    for (Step step : steps) {
      all = all.find(step.name()) == null ? all.with(step.name(), -1, kind(step)) : all;
    }
    for (PathPattern path : paths) {
      all = all.with(path.name(), -1, Scope.Kind.PATH);
    }
    return all;
  }

  private static Scope.Kind kind(Step step) {
    return step.pattern().length() == null ? Scope.Kind.RELATIONSHIP : Scope.Kind.RELATIONSHIPS;
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
      double cost = left && right ? 0 : fanOut(step, left ? step.left() : step.right());
      cost = step.pattern().length() == null ? cost : 1000 + cost * 1000;
      if (cost < bestCost) {
        best = step;
        bestCost = cost;
      }
    }
    return best;
  }

  private double fanOut(Step step, String from) {
    List<String> types = types(step.pattern());
    double relationships = 0;
    for (String type : types) {
      relationships += context.statistics().relationships(type);
    }
    relationships = types.isEmpty() ? context.statistics().relationships() : relationships;
    String to = from.equals(step.left()) ? step.right() : step.left();
    double selective = nodeCount(to) / Math.max(1, context.statistics().nodes());
    double both = step.pattern().arrow() == PatternPart.Arrow.BOTH ? 2 : 1;
    double fan = both * relationships / Math.max(1, nodeCount(from));
    boolean filtered = nodes.get(to) != null && nodes.get(to).properties() != null;
    return fan * (0.5 + 0.5 * selective) * (filtered ? 0.1 : 1);
  }

  private double nodeCount(String node) {
    double least = context.statistics().nodes();
    for (String label : labels.getOrDefault(node, List.of())) {
      least = Math.min(least, context.statistics().nodes(label));
    }
    return least;
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
    return choice != null ? choice.seek().rows() : nodeCount(node) * (isFiltered(node) ? 0.1 : 1);
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
    return labels.getOrDefault(node, List.of()).stream()
        .anyMatch(label -> !context.statistics().indexes(false, label).isEmpty());
  }

  private SeekPlanner.@Nullable Choice seekOf(String node, Set<String> known, int slot) {
    return isIndexed(node)
        ? seekPlanner(node, false, known).best(labels.getOrDefault(node, List.of()), slot)
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

  /// Whether a condition compares a property of the node with something.
  private boolean isFiltered(String node) {
    for (Condition condition : conditions) {
      if (condition.expression() instanceof Expression.Comparison comparison
          && comparison.operators().getFirst() == Expression.Comparison.Operator.EQUAL
          && condition.names().contains(node)) {
        return true;
      }
    }
    return false;
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
    List<String> names = labels.getOrDefault(node, List.of());
    String label = null;
    for (String name : names) {
      if (label == null || context.statistics().nodes(name) < context.statistics().nodes(label)) {
        label = name;
      }
    }
    if (label != null) {
      dropLabelCondition(node, label);
    }
    plan = new LogicalPlan.ScanNodes(plan, slot, label);
    bound(node, slot, Scope.Kind.NODE);
  }

  /// A node that is bound already is found, unless it is null.
  private void requireNotNull(String node) {
    Span span = nodes.get(node).span();
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
    bound(step.name(), slot, kind(step));
  }

  /// The relationships of a shortest path may be those of other parts of the pattern too.
  private void search(Step step, String shortest) {
    String path = null;
    for (PathPattern one : paths) {
      path = one.relationships().equals(List.of(step.name())) ? one.name() : path;
    }
    ShortestPathPlanner search =
        new ShortestPathPlanner(context, subqueries, new Planned(plan, scope), scopeOfAll());
    String name = path;
    conditions.removeIf(
        condition -> search.takesCondition(condition.expression(), name, step.name()));
    int slot = context.newSlot();
    Planned planned = search.plan(shortest, step.pattern(), step.left(), step.right(), slot);
    plan = planned.plan();
    scope = planned.scope();
    followed.add(step);
    bound(step.name(), slot, kind(step));
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
    return nodes.keySet().stream().allMatch(name -> scope.find(name) != null)
        && followed.size() == steps.size()
        && paths.stream().allMatch(path -> scope.find(path.name()) != null);
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
