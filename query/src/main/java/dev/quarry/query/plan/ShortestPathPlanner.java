package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.Length;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plans one `shortestPath(…)` or `allShortestPaths(…)`, whose ends are bound.
///
/// Conditions that every relationship or every node of the path must fulfil become part of the
/// search: it finds the shortest path that fulfils them. All others choose among the paths that it
/// finds, as the filters of a pattern do.
final class ShortestPathPlanner {
  private static final String ALL = "allShortestPaths";

  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final Scope all;
  private final List<LogicalPlan.ElementCondition> ofRelationships = new ArrayList<>();
  private final List<LogicalPlan.ElementCondition> ofNodes = new ArrayList<>();
  private Planned planned;

  /// @param before binds both ends
  /// @param all the names that the pattern will have bound in the end
  ShortestPathPlanner(PlanContext context, SubqueryPlanner subqueries, Planned before, Scope all) {
    this.context = context;
    this.subqueries = subqueries;
    this.planned = before;
    this.all = all;
  }

  /// The relationship of such a pattern, always with a length.
  ///
  /// @throws SyntaxException if it is not one relationship with a sensible length
  static RelationshipPattern relationship(PatternPart part) {
    if (part.relationships().size() != 1) {
      throw new SyntaxException(
          ErrorCode.INVALID_RELATIONSHIP_PATTERN,
          part.shortest() + " needs two nodes and one relationship between them",
          part.span(),
          "write " + part.shortest() + "((a)-[:TYPE*]-(b)), and other relationships beside it");
    }
    RelationshipPattern pattern = part.relationships().getFirst();
    if (pattern.properties() != null && !(pattern.properties() instanceof Expression.MapLiteral)) {
      throw new SyntaxException(
          ErrorCode.INVALID_PARAMETER_USE,
          "a parameter cannot stand for all properties of a pattern",
          pattern.properties().span(),
          "name the keys, as in {key: $map.key}");
    }
    Length length = pattern.length();
    if (length != null && length.least() > 1) {
      throw PlanContext.notSupported(
          part.shortest() + " with a least length of " + length.least(),
          pattern.span(),
          "the least length is 0 or 1; match a variable length and order by length(path)");
    }
    return length != null ? pattern : ofOneStep(pattern);
  }

  private static RelationshipPattern ofOneStep(RelationshipPattern pattern) {
    if (pattern.variable() != null) {
      throw PlanContext.notSupported(
          "a shortest path with one named relationship",
          pattern.span(),
          "write a length, as in [" + pattern.variable() + "*..1], for a list of relationships");
    }
    return new RelationshipPattern(
        pattern.span(),
        null,
        pattern.types(),
        pattern.properties(),
        pattern.where(),
        pattern.arrow(),
        new Length(1, 1));
  }

  /// Takes a condition if it can be part of the search.
  ///
  /// @param path name of the path, or null
  /// @param relationships name of the list of its relationships
  boolean takesCondition(Expression condition, @Nullable String path, String relationships) {
    if (!(condition instanceof Expression.Quantifier quantifier)
        || quantifier.kind() == Expression.Quantifier.Kind.ANY
        || quantifier.kind() == Expression.Quantifier.Kind.SINGLE
        || !isBound(quantifier)) {
      return false;
    }
    boolean nodes = isCallOf(Function.NODES, quantifier.list(), path);
    boolean ofAll =
        nodes
            || isCallOf(Function.RELATIONSHIPS, quantifier.list(), path)
            || quantifier.list() instanceof Expression.Variable variable
                && variable.name().equals(relationships);
    if (ofAll) {
      Span span = quantifier.where().span();
      boolean negated = quantifier.kind() == Expression.Quantifier.Kind.NONE;
      Expression where =
          negated ? new Expression.Not(span, quantifier.where()) : quantifier.where();
      Scope.Kind kind = nodes ? Scope.Kind.NODE : Scope.Kind.RELATIONSHIP;
      (nodes ? ofNodes : ofRelationships).add(condition(where, quantifier.variable(), kind));
    }
    return ofAll;
  }

  private static boolean isCallOf(Function function, Expression list, @Nullable String path) {
    return list instanceof Expression.Call call
        && Function.of(call.name()) == function
        && call.arguments().size() == 1
        && call.arguments().getFirst() instanceof Expression.Variable variable
        && variable.name().equals(path);
  }

  /// Whether all names but that of the element are bound before the search.
  private boolean isBound(Expression.Quantifier quantifier) {
    if (SubqueryPlanner.isNeeded(quantifier.where())) {
      return false;
    }
    Scope known = planned.scope();
    Set<String> names =
        Trees.variables(quantifier.where(), all.with(quantifier.variable(), -1, Scope.Kind.VALUE));
    names.remove(quantifier.variable());
    return names.stream().allMatch(name -> known.find(name) != null && known.slot(name) >= 0);
  }

  private LogicalPlan.ElementCondition condition(
      Expression where, String variable, Scope.Kind kind) {
    int slot = context.newSlot();
    Scope scope = planned.scope().with(variable, slot, kind);
    return new LogicalPlan.ElementCondition(slot, new Bound(where, scope));
  }

  /// The search, after what its conditions need.
  ///
  /// @param shortest which of the two it is
  /// @param slot where the list of relationships goes
  Planned plan(String shortest, RelationshipPattern pattern, String left, String right, int slot) {
    if (pattern.properties() instanceof Expression.MapLiteral map) {
      for (int i = 0; i < map.keys().size(); i++) {
        addProperty(map.keys().get(i), map.values().get(i));
      }
    }
    Length length = java.util.Objects.requireNonNull(pattern.length());
    LogicalPlan search =
        new LogicalPlan.ShortestPath(
            planned.plan(),
            planned.scope().slot(left),
            slot,
            planned.scope().slot(right),
            MatchPlanner.direction(pattern.arrow(), true),
            MatchPlanner.types(pattern),
            length.least(),
            length.most(),
            shortest.equals(ALL),
            ofRelationships,
            ofNodes);
    return new Planned(search, planned.scope());
  }

  private void addProperty(String key, Expression value) {
    context.check(value, planned.scope(), "in a pattern");
    SubqueryPlanner.Extracted extracted = subqueries.extract(value, planned);
    planned = new Planned(extracted.plan(), extracted.scope());
    String element = PlanContext.hidden(context.newSlot());
    Expression property =
        new Expression.Property(value.span(), new Expression.Variable(value.span(), element), key);
    Expression equal =
        new Expression.Comparison(
            value.span(),
            List.of(property, extracted.expression()),
            List.of(Expression.Comparison.Operator.EQUAL));
    ofRelationships.add(condition(equal, element, Scope.Kind.RELATIONSHIP));
  }

  /// The same pattern with a path that has a name, for a value that is asked for in an expression.
  static PatternPart named(PatternPart part, String path, Scope scope) {
    for (PatternPart.NodePattern node : part.nodes()) {
      if (node.variable() == null) {
        throw new SyntaxException(
            ErrorCode.INVALID_RELATIONSHIP_PATTERN,
            part.shortest() + " in an expression needs nodes that are known",
            node.span(),
            scope.written().isEmpty()
                ? "match its ends first"
                : "visible here: " + String.join(", ", scope.written()));
      }
    }
    return new PatternPart(part.span(), path, part.shortest(), part.nodes(), part.relationships());
  }

  /// What an expression makes of the list of paths that were found: all of them, or the only one.
  static Expression ofList(Expression.ShortestPath e, Expression paths) {
    return ALL.equals(e.pattern().shortest())
        ? paths
        : new Expression.Call(e.span(), Function.HEAD.text(), false, List.of(paths));
  }
}
