package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans CREATE. Properties see what was bound before the clause, and what the clause creates
/// before them for the same row.
final class CreatePlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final List<LogicalPlan.NewRecord> records = new ArrayList<>();
  private final List<Runnable> paths = new ArrayList<>();
  private Scope named = Scope.EMPTY;
  private LogicalPlan plan;
  private Scope readable;
  private Scope scope;

  CreatePlanner(PlanContext context, SubqueryPlanner subqueries, Planned before) {
    this.context = context;
    this.subqueries = subqueries;
    this.plan = before.plan();
    this.readable = before.scope();
    this.scope = before.scope();
  }

  Planned plan(Clause.Create create) {
    for (PatternPart part : create.pattern()) {
      part(part);
    }
    plan = new LogicalPlan.Create(plan, records);
    paths.forEach(Runnable::run);
    return new Planned(plan, scope.with(named));
  }

  private void part(PatternPart part) {
    if (part.shortest() != null) {
      throw new SyntaxException(
          ErrorCode.INVALID_SYNTAX, part.shortest() + " cannot be created", part.span(), null);
    }
    boolean alone = part.relationships().isEmpty();
    List<Integer> nodeSlots = new ArrayList<>();
    for (NodePattern node : part.nodes()) {
      nodeSlots.add(node(node, alone));
    }
    List<Integer> relationshipSlots = new ArrayList<>();
    for (int i = 0; i < part.relationships().size(); i++) {
      RelationshipPattern pattern = part.relationships().get(i);
      relationshipSlots.add(relationship(pattern, nodeSlots.get(i), nodeSlots.get(i + 1)));
    }
    if (part.path() != null) {
      PlanContext.requireNew(scope.with(named), part.path(), part.span());
      int slot = context.newSlot();
      paths.add(() -> plan = new LogicalPlan.BindPath(plan, slot, nodeSlots, relationshipSlots));
      named = named.with(part.path(), slot, Scope.Kind.PATH);
    }
  }

  private int node(NodePattern node, boolean alone) {
    String name = node.variable();
    Scope.Binding binding = name == null ? null : scope.find(name);
    if (binding != null) {
      requireCreatable(node, scope, alone);
      return binding.slot();
    }
    int slot = context.newSlot();
    records.add(new LogicalPlan.NewNode(slot, labels(node), properties(node.properties())));
    if (name != null) {
      scope = scope.with(name, slot, Scope.Kind.NODE);
    }
    return slot;
  }

  /// Refuses a node that is known already where the pattern says more of it than its name.
  static void requireCreatable(NodePattern node, Scope scope, boolean alone) {
    Scope.Binding binding = node.variable() == null ? null : scope.find(node.variable());
    if (binding == null) {
      return;
    }
    boolean describes = node.labels() != null || node.properties() != null;
    if (alone || describes || binding.kind() == Scope.Kind.RELATIONSHIP) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`" + node.variable() + "` is defined already and cannot be created",
          node.span(),
          "use it without labels and properties, in a relationship");
    }
  }

  static List<String> labels(NodePattern node) {
    List<String> labels = new ArrayList<>();
    switch (node.labels()) {
      case null -> {}
      case LabelExpression.Name name -> labels.add(name.name());
      case LabelExpression.And and -> {
        for (LabelExpression term : and.terms()) {
          if (term instanceof LabelExpression.Name name) {
            labels.add(name.name());
          } else {
            throw notLabels(node.span());
          }
        }
      }
      default -> throw notLabels(node.span());
    }
    return labels;
  }

  private static SyntaxException notLabels(Span span) {
    return new SyntaxException(
        ErrorCode.INVALID_SYNTAX,
        "a node is created with labels, not with a condition on them",
        span,
        "write (:A:B)");
  }

  /// The type with which a relationship is created.
  static String requireOneType(RelationshipPattern pattern) {
    if (pattern.length() != null) {
      throw new SyntaxException(
          ErrorCode.CREATING_VAR_LENGTH,
          "a relationship of variable length cannot be created",
          pattern.span(),
          null);
    }
    List<String> types = MatchPlanner.types(pattern);
    if (types.size() != 1) {
      throw new SyntaxException(
          ErrorCode.NO_SINGLE_RELATIONSHIP_TYPE,
          "a relationship is created with exactly one type, not " + types.size(),
          pattern.span(),
          "write -[:TYPE]->");
    }
    return types.getFirst();
  }

  private int relationship(RelationshipPattern pattern, int left, int right) {
    if (pattern.variable() != null) {
      PlanContext.requireNew(scope, pattern.variable(), pattern.span());
    }
    String type = requireOneType(pattern);
    if (pattern.arrow() == PatternPart.Arrow.BOTH) {
      throw new SyntaxException(
          ErrorCode.REQUIRES_DIRECTED_RELATIONSHIP,
          "a relationship is created in one direction",
          pattern.span(),
          "write --> or <--");
    }
    boolean toRight = pattern.arrow() == PatternPart.Arrow.RIGHT;
    int slot = context.newSlot();
    records.add(
        new LogicalPlan.NewRelationship(
            slot,
            type,
            toRight ? left : right,
            toRight ? right : left,
            properties(pattern.properties())));
    if (pattern.variable() != null) {
      scope = scope.with(pattern.variable(), slot, Scope.Kind.RELATIONSHIP);
    }
    return slot;
  }

  private @Nullable Bound properties(@Nullable Expression properties) {
    if (properties == null) {
      return null;
    }
    if (!SubqueryPlanner.isNeeded(properties)) {
      context.check(properties, scope, "in CREATE");
      return new Bound(properties, scope);
    }
    Scope before = readable.refusing(madeHere(properties.span()));
    context.check(properties, before, "in CREATE");
    SubqueryPlanner.Extracted extracted = subqueries.extract(properties, new Planned(plan, before));
    plan = extracted.plan();
    readable = extracted.scope().refusing(Map.of());
    return new Bound(extracted.expression(), readable);
  }

  /// What the clause itself makes: a subquery reads the graph before the clause and has none of it.
  private Map<String, SyntaxException> madeHere(Span span) {
    Map<String, SyntaxException> made = new HashMap<>();
    for (String name : scope.written()) {
      if (readable.find(name) == null) {
        made.put(
            name,
            new SyntaxException(
                ErrorCode.UNDEFINED_VARIABLE,
                "`" + name + "` is made by the same CREATE, which a subquery cannot read",
                span,
                "make it in a CREATE of its own before"));
      }
    }
    return made;
  }
}
