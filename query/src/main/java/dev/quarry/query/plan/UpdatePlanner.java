package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plans SET, REMOVE, DELETE and FOREACH, and what MERGE sets.
final class UpdatePlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final QueryPlanner queries;

  UpdatePlanner(PlanContext context, SubqueryPlanner subqueries, QueryPlanner queries) {
    this.context = context;
    this.subqueries = subqueries;
    this.queries = queries;
  }

  /// SET, and REMOVE as setting to nothing.
  Planned set(List<Clause.SetItem> items, boolean removes, Planned before) {
    String clause = removes ? "in REMOVE" : "in SET";
    List<LogicalPlan.Change> changes = new ArrayList<>();
    for (Clause.SetItem item : items) {
      changes.add(change(item, removes, before.scope(), clause));
    }
    return new Planned(new LogicalPlan.Set(before.plan(), changes), before.scope());
  }

  /// The items of ON CREATE SET or ON MATCH SET.
  List<LogicalPlan.Change> changesOfMerge(List<Clause.SetItem> items, Scope scope) {
    return items.stream().map(item -> change(item, false, scope, "in SET")).toList();
  }

  /// One item. Patterns and subqueries in its value are a plan of the item, not of the clause: they
  /// see what items and rows before it set (rule S2).
  private LogicalPlan.Change change(
      Clause.SetItem item, boolean removes, Scope scope, String clause) {
    Expression value = item.value();
    if (value == null) {
      return change(item, null, null, removes, scope, clause);
    }
    context.check(value, scope, clause);
    if (!SubqueryPlanner.isNeeded(value)) {
      return change(item, new Bound(value, scope), null, removes, scope, clause);
    }
    SubqueryPlanner.Extracted extracted =
        subqueries.extract(value, new Planned(new LogicalPlan.Argument(), scope));
    Bound bound = new Bound(extracted.expression(), extracted.scope());
    return change(item, bound, extracted.plan(), removes, scope, clause);
  }

  private LogicalPlan.Change change(
      Clause.SetItem item,
      @Nullable Bound value,
      @Nullable LogicalPlan nested,
      boolean removes,
      Scope scope,
      String clause) {
    if (item.target() instanceof Expression.Property property && item.labels().isEmpty()) {
      return new LogicalPlan.Change(
          LogicalPlan.Change.Kind.PROPERTY,
          target(property.of(), scope, clause),
          property.key(),
          List.of(),
          value,
          nested);
    }
    Bound target = target(item.target(), scope, clause);
    LogicalPlan.Change.Kind kind;
    if (!item.labels().isEmpty()) {
      kind = removes ? LogicalPlan.Change.Kind.REMOVE_LABELS : LogicalPlan.Change.Kind.ADD_LABELS;
    } else if (value == null) {
      throw new SyntaxException(
          ErrorCode.INVALID_SYNTAX,
          "REMOVE takes a property or labels",
          item.span(),
          "as in REMOVE n.key or REMOVE n:Label; to remove a record, DELETE it");
    } else {
      kind = item.adds() ? LogicalPlan.Change.Kind.ADD_ALL : LogicalPlan.Change.Kind.REPLACE_ALL;
    }
    return new LogicalPlan.Change(kind, target, null, item.labels(), value, nested);
  }

  private Bound target(Expression target, Scope scope, String clause) {
    context.check(target, scope, clause);
    if (SubqueryPlanner.isNeeded(target)) {
      throw PlanContext.notSupported(
          "a pattern or subquery that says what to change",
          target.span(),
          "bind the record to a variable before");
    }
    requireEntity(target, scope, "changed");
    return new Bound(target, scope);
  }

  private static void requireEntity(Expression target, Scope scope, String participle) {
    if (target instanceof Expression.Variable variable) {
      Scope.Binding binding = scope.find(variable.name());
      boolean wrong =
          binding != null
              && (binding.kind() == Scope.Kind.PATH || binding.kind() == Scope.Kind.RELATIONSHIPS);
      if (wrong) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            "`" + variable.name() + "` is " + binding.kind() + " and cannot be " + participle,
            target.span(),
            "take its nodes and relationships, in FOREACH or UNWIND");
      }
    }
  }

  Planned delete(Clause.Delete delete, Planned before) {
    LogicalPlan plan = before.plan();
    Scope scope = before.scope();
    List<Bound> targets = new ArrayList<>();
    for (Expression target : delete.targets()) {
      if (target instanceof Expression.HasLabels) {
        throw new SyntaxException(
            ErrorCode.INVALID_DELETE,
            "labels and types are not deleted",
            target.span(),
            "write REMOVE n:Label");
      }
      context.check(target, scope, "in DELETE");
      requireDeletable(target);
      SubqueryPlanner.Extracted extracted = subqueries.extract(target, new Planned(plan, scope));
      plan = extracted.plan();
      scope = extracted.scope();
      targets.add(new Bound(extracted.expression(), scope));
    }
    return new Planned(new LogicalPlan.Delete(plan, delete.detach(), targets), before.scope());
  }

  private static void requireDeletable(Expression target) {
    boolean possible =
        target instanceof Expression.Variable
            || target instanceof Expression.Property
            || target instanceof Expression.Index
            || target instanceof Expression.Call
            || target instanceof Expression.Case
            || target instanceof Expression.Parameter
            || target instanceof Expression.Literal literal && literal.value() == null;
    if (!possible) {
      throw new SyntaxException(
          ErrorCode.INVALID_ARGUMENT_TYPE,
          "only nodes, relationships and paths can be deleted",
          target.span(),
          null);
    }
  }

  Planned forEach(Clause.ForEach clause, Planned before) {
    context.check(clause.list(), before.scope(), "in FOREACH");
    PlanContext.requireNew(before.scope(), clause.variable(), clause.span());
    SubqueryPlanner.Extracted list = subqueries.extract(clause.list(), before);
    int slot = context.newSlot();
    Scope inner = list.scope().with(clause.variable(), slot, Scope.Kind.VALUE);
    Planned body = new Planned(new LogicalPlan.Argument(), inner);
    for (Clause one : clause.clauses()) {
      if (!one.updates()) {
        throw new SyntaxException(
            ErrorCode.INVALID_CLAUSE_COMPOSITION,
            "FOREACH holds only clauses that change the graph",
            one.span(),
            "to read inside, use UNWIND or CALL { }");
      }
      body = queries.clause(one, body);
    }
    return new Planned(
        new LogicalPlan.ForEach(
            list.plan(), new Bound(list.expression(), list.scope()), slot, body.plan()),
        before.scope());
  }
}
