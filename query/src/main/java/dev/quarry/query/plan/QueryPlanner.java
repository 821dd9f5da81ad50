package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Query;
import dev.quarry.query.syntax.Query.SingleQuery;
import dev.quarry.query.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans a statement, clause by clause.
public final class QueryPlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final UpdatePlanner updates;
  private boolean writes;

  /// A planned query.
  ///
  /// @param columns names of the result, empty if there is none
  /// @param slots where they lie
  record Result(LogicalPlan plan, List<String> columns, List<Integer> slots, Scope scope) {}

  private QueryPlanner(
      Statistics statistics, Procedures procedures, Map<String, ParameterType> parameters) {
    this.context = new PlanContext(statistics, procedures, parameters);
    this.subqueries = new SubqueryPlanner(context, this);
    this.updates = new UpdatePlanner(context, subqueries, this);
  }

  /// Plans a statement.
  ///
  /// @param procedures what can be called beside the functions of the language
  /// @param parameters types of those that are known
  /// @throws SyntaxException if it means nothing, or something that cannot run yet
  /// @throws dev.quarry.error.ProcedureException if it calls a procedure that is not there
  public static StatementPlan plan(
      Statement statement,
      Statistics statistics,
      Procedures procedures,
      Map<String, ParameterType> parameters) {
    if (statement.mode() == Statement.Mode.PROFILE) {
      throw PlanContext.notSupported("PROFILE", statement.span(), "EXPLAIN shows the plan");
    }
    boolean explain = statement.mode() == Statement.Mode.EXPLAIN;
    if (statement.schema() != null) {
      LogicalPlan plan = new LogicalPlan.ChangeSchema(statement.schema());
      return new StatementPlan(plan, List.of(), List.of(), 0, true, explain);
    }
    Query query = java.util.Objects.requireNonNull(statement.query());
    QueryPlanner planner = new QueryPlanner(statistics, procedures, parameters);
    Planned start = new Planned(new LogicalPlan.Start(), Scope.EMPTY);
    Clause.CallProcedure call = standaloneCall(query);
    Result result =
        call != null ? planner.standalone(call, start) : planner.query(query, start, true);
    return new StatementPlan(
        new Optimizer(planner.context).optimize(result.plan()),
        result.columns(),
        result.slots(),
        planner.context.slots(),
        planner.writes,
        explain);
  }

  /// The call of a procedure that is a whole query; null if the query is anything else.
  private static Clause.@Nullable CallProcedure standaloneCall(Query query) {
    List<Clause> clauses = query.parts().getFirst().clauses();
    return query.parts().size() == 1
            && clauses.size() == 1
            && clauses.getFirst() instanceof Clause.CallProcedure call
        ? call
        : null;
  }

  private Result standalone(Clause.CallProcedure call, Planned start) {
    CallPlanner planner = new CallPlanner(context, subqueries, call, true, start);
    writes |= planner.writes();
    Planned planned = planner.plan();
    List<Integer> slots = planner.columns().stream().map(planned.scope()::slot).toList();
    return new Result(planned.plan(), planner.columns(), slots, planned.scope());
  }

  /// Plans a query inside of an expression.
  ///
  /// @param oneColumn whether it must return exactly one column
  Result nested(Query query, Planned argument, boolean oneColumn) {
    boolean wrote = writes;
    writes = false;
    Result result = query(query, argument, false);
    boolean changes = writes;
    writes = wrote;
    if (changes) {
      throw new SyntaxException(
          ErrorCode.INVALID_CLAUSE_COMPOSITION,
          "an expression cannot change the graph",
          query.span(),
          null);
    }
    if (oneColumn && result.slots().size() != 1) {
      throw new SyntaxException(
          ErrorCode.INVALID_CLAUSE_COMPOSITION,
          "COLLECT needs a query that returns one column",
          query.span(),
          null);
    }
    return result;
  }

  private Result query(Query query, Planned start, boolean complete) {
    Result first = single(query.parts().getFirst(), start, complete);
    if (query.parts().size() == 1) {
      return first;
    }
    List<Result> results = new ArrayList<>();
    results.add(first);
    for (SingleQuery part : query.parts().subList(1, query.parts().size())) {
      Result next = single(part, start, complete);
      if (!next.columns().equals(first.columns())) {
        throw new SyntaxException(
            ErrorCode.DIFFERENT_COLUMNS_IN_UNION,
            "the parts of a UNION return different columns: "
                + first.columns()
                + " and "
                + next.columns(),
            part.span(),
            "give them the same names in the same order");
      }
      results.add(next);
    }
    if (query.all().contains(true) && query.all().contains(false)) {
      throw new SyntaxException(
          ErrorCode.INVALID_CLAUSE_COMPOSITION,
          "UNION and UNION ALL cannot be mixed",
          query.span(),
          "use one of them in a query");
    }
    return union(results, query.all().getFirst());
  }

  private Result union(List<Result> results, boolean all) {
    List<String> columns = results.getFirst().columns();
    List<Integer> slots = new ArrayList<>();
    Scope scope = Scope.EMPTY;
    for (String column : columns) {
      slots.add(context.newSlot());
      scope = scope.with(column, slots.getLast(), Scope.Kind.VALUE);
    }
    LogicalPlan plan =
        new LogicalPlan.Union(
            results.stream().map(Result::plan).toList(),
            results.stream().map(Result::slots).toList(),
            slots);
    return new Result(all ? plan : new LogicalPlan.Distinct(plan, slots), columns, slots, scope);
  }

  private Result single(SingleQuery query, Planned start, boolean complete) {
    Planned planned = start;
    List<String> columns = List.of();
    int next = 0;
    while (next < query.clauses().size()) {
      Clause clause = query.clauses().get(next++);
      if (clause instanceof Clause.Project project) {
        if (project.last() && next < query.clauses().size()) {
          throw composition("RETURN must be the last clause", query.clauses().get(next).span());
        }
        ProjectionPlanner projection = new ProjectionPlanner(context, subqueries, project, planned);
        planned = projection.plan();
        columns = project.last() ? projection.names() : columns;
      } else if (clause instanceof Clause.Match match && !match.optional()) {
        List<Clause.Match> together = MatchClauses.together(context, query.clauses(), next - 1);
        planned = new MatchPlanner(context, subqueries, planned).plan(together);
        next += together.size() - 1;
        clause = together.getLast();
      } else {
        planned = clause(clause, planned);
      }
      requireEnd(clause, next == query.clauses().size(), complete);
    }
    List<Integer> slots = new ArrayList<>();
    for (String column : columns) {
      slots.add(planned.scope().slot(column));
    }
    return new Result(planned.plan(), columns, slots, planned.scope());
  }

  private void requireEnd(Clause clause, boolean last, boolean complete) {
    boolean ends =
        clause.updates()
            || clause instanceof Clause.CallSubquery
            || clause instanceof Clause.CallProcedure call && mayEnd(call)
            || clause instanceof Clause.Project project && project.last();
    if (last && complete && !ends) {
      throw composition(
          "a query cannot end with this clause; it must end with RETURN or change the graph",
          clause.span());
    }
  }

  /// Whether nothing that a procedure gives is lost behind it, or it writes.
  private boolean mayEnd(Clause.CallProcedure call) {
    ProcedureDefinition procedure = context.procedures().procedure(call.name());
    return procedure != null && (procedure.outputs().isEmpty() || procedure.writes());
  }

  private static SyntaxException composition(String message, Span span) {
    return new SyntaxException(ErrorCode.INVALID_CLAUSE_COMPOSITION, message, span, null);
  }

  Planned clause(Clause clause, Planned before) {
    writes |= clause.updates();
    return switch (clause) {
      case Clause.Match match -> optionalMatch(match, before);
      case Clause.Unwind unwind -> unwind(unwind, before);
      case Clause.Create create -> new CreatePlanner(context, subqueries, before).plan(create);
      case Clause.Merge merge -> new MergePlanner(context, subqueries, updates, before).plan(merge);
      case Clause.Set set -> updates.set(set.items(), false, before);
      case Clause.Remove remove -> updates.set(remove.items(), true, before);
      case Clause.Delete delete -> updates.delete(delete, before);
      case Clause.ForEach forEach -> updates.forEach(forEach, before);
      case Clause.CallSubquery call -> call(call, before);
      case Clause.CallProcedure call -> procedure(call, before);
      case Clause.LoadCsv c ->
          throw PlanContext.notSupported(
              "LOAD CSV", c.span(), "load files with `quarry load` or Quarry.load");
      case Clause.Project c -> throw new AssertionError(c);
    };
  }

  private Planned optionalMatch(Clause.Match match, Planned before) {
    Planned argument = new Planned(new LogicalPlan.Argument(), before.scope());
    Planned inner =
        new MatchPlanner(context, subqueries, argument).plan(match.pattern(), match.where());
    return new Planned(
        new LogicalPlan.Apply(before.plan(), inner.plan(), LogicalPlan.Apply.Kind.OPTIONAL, -1, -1),
        inner.scope());
  }

  private Planned unwind(Clause.Unwind unwind, Planned before) {
    context.check(unwind.list(), before.scope(), "in UNWIND");
    PlanContext.requireNew(before.scope(), unwind.variable(), unwind.span());
    SubqueryPlanner.Extracted extracted = subqueries.extract(unwind.list(), before);
    int slot = context.newSlot();
    Bound list = new Bound(extracted.expression(), extracted.scope());
    return new Planned(
        new LogicalPlan.Unwind(extracted.plan(), list, slot),
        extracted.scope().with(unwind.variable(), slot, Scope.Kind.VALUE));
  }

  private Planned procedure(Clause.CallProcedure call, Planned before) {
    CallPlanner planner = new CallPlanner(context, subqueries, call, false, before);
    writes |= planner.writes();
    return planner.plan();
  }

  private Planned call(Clause.CallSubquery call, Planned before) {
    if (call.inTransactions()) {
      throw PlanContext.notSupported(
          "CALL { } IN TRANSACTIONS", call.span(), "run the parts as statements");
    }
    boolean wrote = writes;
    writes = false;
    boolean imports =
        call.query().parts().getFirst().clauses().getFirst() instanceof Clause.Project project
            && !project.last();
    Scope visible = imports ? before.scope() : Scope.EMPTY;
    Result result = query(call.query(), new Planned(new LogicalPlan.Argument(), visible), false);
    boolean changes = writes;
    writes |= wrote;
    if (result.columns().isEmpty() && !changes) {
      throw composition("CALL { } must return something or change the graph", call.span());
    }
    Scope scope = before.scope();
    for (int i = 0; i < result.columns().size(); i++) {
      String column = result.columns().get(i);
      if (scope.find(column) != null) {
        throw new SyntaxException(
            ErrorCode.VARIABLE_ALREADY_BOUND,
            "`" + column + "` is defined already outside of CALL { }",
            call.span(),
            "rename it with AS");
      }
      Scope.Binding binding = result.scope().find(column);
      Scope.Kind kind = binding == null ? Scope.Kind.VALUE : binding.kind();
      scope = scope.with(column, result.slots().get(i), kind);
    }
    LogicalPlan.Apply.Kind kind =
        result.columns().isEmpty() ? LogicalPlan.Apply.Kind.RUN : LogicalPlan.Apply.Kind.JOIN;
    return new Planned(apply(before.plan(), result.plan(), kind, changes), scope);
  }

  /// A nested plan that writes sees rows only when all are there, and hands on rows only when it
  /// has written for all (rule S1); in between, each row sees what was written for those before it.
  private static LogicalPlan apply(
      LogicalPlan outer, LogicalPlan nested, LogicalPlan.Apply.Kind kind, boolean changes) {
    return changes
        ? new LogicalPlan.Eager(
            new LogicalPlan.Apply(new LogicalPlan.Eager(outer), nested, kind, -1, -1))
        : new LogicalPlan.Apply(outer, nested, kind, -1, -1);
  }
}
