package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plans MERGE: one pattern, planned twice, as what to look for and as what to create.
///
/// Every part of the pattern gets a name, so that both put what they find or make into the same
/// slots. Properties see what was bound before the clause only.
final class MergePlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final UpdatePlanner updates;
  private LogicalPlan plan;
  private Scope before;

  MergePlanner(
      PlanContext context, SubqueryPlanner subqueries, UpdatePlanner updates, Planned before) {
    this.context = context;
    this.subqueries = subqueries;
    this.updates = updates;
    this.plan = before.plan();
    this.before = before.scope();
  }

  Planned plan(Clause.Merge merge) {
    PatternPart part = merge.pattern();
    if (part.shortest() != null) {
      throw new SyntaxException(
          ErrorCode.INVALID_SYNTAX, part.shortest() + " cannot be merged", part.span(), null);
    }
    if (part.path() != null) {
      PlanContext.requireNew(before, part.path(), part.span());
    }
    PatternPart named = named(part);
    Planned argument = new Planned(new LogicalPlan.Argument(), before);
    Planned match = new MatchPlanner(context, subqueries, argument).plan(List.of(named), null);
    Scope scope = match.scope();
    plan =
        new LogicalPlan.Merge(
            plan,
            match.plan(),
            records(named, scope),
            updates.changesOfMerge(merge.onCreate(), scope),
            updates.changesOfMerge(merge.onMatch(), scope));
    return part.path() == null
        ? new Planned(plan, scope)
        : bindPath(part.path(), named, new Planned(plan, scope));
  }

  /// The pattern, checked, with a name for every part and without a path.
  private PatternPart named(PatternPart part) {
    boolean alone = part.relationships().isEmpty();
    List<NodePattern> nodes = new ArrayList<>();
    for (NodePattern node : part.nodes()) {
      CreatePlanner.requireCreatable(node, before, alone);
      String name = node.variable() != null ? node.variable() : newName();
      nodes.add(
          new NodePattern(
              node.span(), name, node.labels(), properties(node.properties()), node.where()));
    }
    List<RelationshipPattern> relationships = new ArrayList<>();
    for (RelationshipPattern one : part.relationships()) {
      if (one.variable() != null) {
        PlanContext.requireNew(before, one.variable(), one.span());
      }
      CreatePlanner.requireOneType(one);
      relationships.add(
          new RelationshipPattern(
              one.span(),
              one.variable() != null ? one.variable() : newName(),
              one.types(),
              properties(one.properties()),
              one.where(),
              one.arrow(),
              null));
    }
    return new PatternPart(part.span(), null, null, nodes, relationships);
  }

  private String newName() {
    return PlanContext.hidden(context.newSlot());
  }

  private @Nullable Expression properties(@Nullable Expression properties) {
    if (properties == null) {
      return null;
    }
    if (properties instanceof Expression.Parameter) {
      throw new SyntaxException(
          ErrorCode.INVALID_PARAMETER_USE,
          "MERGE cannot look for all entries of a parameter",
          properties.span(),
          "name the keys, as in {key: $map.key}");
    }
    context.check(properties, before, "in MERGE");
    SubqueryPlanner.Extracted extracted = subqueries.extract(properties, new Planned(plan, before));
    plan = extracted.plan();
    before = extracted.scope();
    return computedOnce(extracted.expression());
  }

  /// Puts what may differ each time that it is computed into a slot before the clause: what is
  /// looked for is what is created.
  private Expression computedOnce(Expression properties) {
    if (!(properties instanceof Expression.MapLiteral map) || !context.isVolatile(map)) {
      return properties;
    }
    List<LogicalPlan.Column> columns = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    Scope readable = before;
    for (Expression value : map.values()) {
      int slot = context.newSlot();
      String name = PlanContext.hidden(slot);
      columns.add(new LogicalPlan.Column(slot, new Bound(value, readable)));
      before = before.with(name, slot, Scope.Kind.VALUE);
      values.add(new Expression.Variable(value.span(), name));
    }
    plan = new LogicalPlan.Project(plan, columns);
    return new Expression.MapLiteral(map.span(), map.keys(), values);
  }

  private List<LogicalPlan.NewRecord> records(PatternPart named, Scope scope) {
    List<LogicalPlan.NewRecord> records = new ArrayList<>();
    for (NodePattern node : named.nodes()) {
      String name = java.util.Objects.requireNonNull(node.variable());
      int slot = scope.slot(name);
      boolean known =
          before.find(name) != null || records.stream().anyMatch(one -> one.slot() == slot);
      if (!known) {
        records.add(
            new LogicalPlan.NewNode(slot, CreatePlanner.labels(node), bound(node.properties())));
      }
    }
    for (int i = 0; i < named.relationships().size(); i++) {
      RelationshipPattern one = named.relationships().get(i);
      int left = slot(named.nodes().get(i), scope);
      int right = slot(named.nodes().get(i + 1), scope);
      boolean toLeft = one.arrow() == PatternPart.Arrow.LEFT;
      records.add(
          new LogicalPlan.NewRelationship(
              scope.slot(java.util.Objects.requireNonNull(one.variable())),
              MatchPlanner.types(one).getFirst(),
              toLeft ? right : left,
              toLeft ? left : right,
              bound(one.properties())));
    }
    return records;
  }

  private static int slot(NodePattern node, Scope scope) {
    return scope.slot(java.util.Objects.requireNonNull(node.variable()));
  }

  private @Nullable Bound bound(@Nullable Expression properties) {
    return properties == null ? null : new Bound(properties, before);
  }

  private Planned bindPath(String path, PatternPart named, Planned merged) {
    List<Integer> nodes = named.nodes().stream().map(one -> slot(one, merged.scope())).toList();
    List<Integer> relationships =
        named.relationships().stream()
            .map(one -> merged.scope().slot(java.util.Objects.requireNonNull(one.variable())))
            .toList();
    int slot = context.newSlot();
    return new Planned(
        new LogicalPlan.BindPath(merged.plan(), slot, nodes, relationships),
        merged.scope().with(path, slot, Scope.Kind.PATH));
  }
}
