package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Query;
import dev.quarry.query.syntax.Query.SingleQuery;
import dev.quarry.query.syntax.Statement;
import dev.quarry.query.syntax.StatementParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs a statement the simplest way: clause by clause (rule S1), each over all rows of the one
/// before, on a copy of the graph.
final class ReferenceInterpreter {
  /// So many rows between two clauses of a random statement are enough.
  static final int MOST_ROWS = 3_000;

  private final int mostRows;
  private final Expressions expressions;
  private final Patterns patterns;
  private final Projections projections;
  private final Updates updates;

  /// What a statement returned, and the graph behind it.
  ///
  /// @param columns empty if there is no RETURN
  record Outcome(
      List<String> columns, List<Map<String, @Nullable Object>> rows, ReferenceGraph graph) {}

  private ReferenceInterpreter(ReferenceGraph graph, Map<String, ?> parameters, int mostRows) {
    this.mostRows = mostRows;
    this.expressions = new Expressions(this, parameters);
    this.patterns = new Patterns(graph, expressions);
    this.projections = new Projections(expressions);
    this.updates = new Updates(graph, expressions, patterns);
  }

  /// Runs a statement; the graph that is given stays as it is.
  ///
  /// @throws dev.quarry.error.QueryException if it fails
  static Outcome run(ReferenceGraph graph, String statement, Map<String, ?> parameters) {
    return run(graph, StatementParser.parse(statement), parameters, Integer.MAX_VALUE);
  }

  /// @param mostRows how many rows there may be between two clauses
  /// @throws dev.quarry.error.QueryException if it fails, `Limit.Exceeded` if there are more
  static Outcome run(
      ReferenceGraph graph, Statement statement, Map<String, ?> parameters, int mostRows) {
    Query query = statement.query();
    if (query == null) {
      throw Failure.notSupported(String.valueOf(statement.schema()));
    }
    ReferenceGraph copy = graph.copy();
    ReferenceInterpreter interpreter = new ReferenceInterpreter(copy, parameters, mostRows);
    Table table = interpreter.query(query, Map.of(), Scoping.STATEMENT);
    interpreter.updates.requireNoneDangling();
    return returns(query)
        ? new Outcome(table.names(), table.rows(), copy)
        : new Outcome(List.of(), List.of(), copy);
  }

  Patterns patterns() {
    return patterns;
  }

  /// Runs a query inside of an expression, for one row (rule S22).
  Table nested(Query query, Map<String, @Nullable Object> row) {
    return query(query, row, Scoping.EXPRESSION);
  }

  /// What a query sees of the row around it.
  private enum Scoping {
    /// There is none.
    STATEMENT,
    /// CALL { }: what its first WITH imports.
    CALL,
    /// EXISTS { } and the like: all of it, behind every clause.
    EXPRESSION
  }

  private Table query(Query query, Map<String, @Nullable Object> row, Scoping scoping) {
    Table first = single(query.parts().getFirst(), row, scoping);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>(first.rows());
    for (SingleQuery part : query.parts().subList(1, query.parts().size())) {
      Table next = single(part, row, scoping);
      if (!next.names().equals(first.names())) {
        throw Failure.of(ErrorCode.DIFFERENT_COLUMNS_IN_UNION, "columns of UNION differ");
      }
      rows.addAll(next.rows());
    }
    return new Table(
        first.names(), query.all().contains(false) ? Projections.distinctRows(rows) : rows);
  }

  private Table single(SingleQuery query, Map<String, @Nullable Object> row, Scoping scoping) {
    boolean imports = query.clauses().getFirst() instanceof Clause.Project first && !first.last();
    boolean sees = scoping == Scoping.EXPRESSION || scoping == Scoping.CALL && imports;
    Table table = sees ? Table.of(row) : Table.start();
    Map<String, @Nullable Object> outer = scoping == Scoping.EXPRESSION ? row : Map.of();
    for (Clause clause : query.clauses()) {
      table = clause(clause, table, outer);
      if (table.rows().size() > mostRows) {
        throw Failure.of(ErrorCode.LIMIT_EXCEEDED, "more than " + mostRows + " rows");
      }
    }
    return table;
  }

  private static boolean returns(Query query) {
    return query.parts().getFirst().clauses().getLast() instanceof Clause.Project project
        && project.last();
  }

  private Table clause(Clause clause, Table table, Map<String, @Nullable Object> outer) {
    switch (clause) {
      case Clause.Match match -> {
        return match(match, table);
      }
      case Clause.Unwind unwind -> {
        return unwind(unwind, table);
      }
      case Clause.Project project -> {
        return projections.project(project, table, outer);
      }
      case Clause.Create create -> {
        return updates.create(create, table);
      }
      case Clause.Merge merge -> {
        return updates.merge(merge, table);
      }
      case Clause.CallSubquery call -> {
        return call(call, table);
      }
      case Clause.Set set -> updates.settings().set(set.items(), table);
      case Clause.Remove remove -> updates.settings().remove(remove.items(), table);
      case Clause.Delete delete -> updates.delete(delete, table);
      case Clause.ForEach forEach -> forEach(forEach, table);
      case Clause.CallProcedure call -> throw Failure.notSupported("procedure " + call.name());
      case Clause.LoadCsv load -> throw Failure.notSupported("LOAD CSV");
    }
    return table;
  }

  private Table match(Clause.Match clause, Table table) {
    List<String> names = table.namesWith(Patterns.names(clause.pattern()));
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (var row : table.rows()) {
      List<Map<String, @Nullable Object>> found =
          patterns.match(clause.pattern(), row).stream()
              .filter(match -> expressions.holds(clause.where(), Environment.of(match)))
              .toList();
      rows.addAll(found);
      if (found.isEmpty() && clause.optional()) {
        Map<String, @Nullable Object> empty = new LinkedHashMap<>(row);
        names.forEach(name -> empty.putIfAbsent(name, null));
        rows.add(empty);
      }
    }
    return new Table(names, rows);
  }

  private Table unwind(Clause.Unwind clause, Table table) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (var row : table.rows()) {
      for (Object element : elements(expressions.value(clause.list(), Environment.of(row)))) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(row);
        more.put(clause.variable(), element);
        rows.add(more);
      }
    }
    return new Table(table.namesWith(List.of(clause.variable())), rows);
  }

  /// Null is no element, and what is no list is one.
  private static List<?> elements(@Nullable Object value) {
    return value == null ? List.of() : value instanceof List<?> list ? list : List.of(value);
  }

  /// Row by row: each run sees what the runs before it changed (rule S22).
  private Table call(Clause.CallSubquery clause, Table table) {
    if (clause.inTransactions()) {
      throw Failure.notSupported("CALL { } IN TRANSACTIONS");
    }
    List<String> names = table.namesWith(columns(clause.query()));
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (var row : table.rows()) {
      Table inner = query(clause.query(), row, Scoping.CALL);
      if (!returns(clause.query())) {
        rows.add(row);
        continue;
      }
      names = table.namesWith(inner.names());
      for (var result : inner.rows()) {
        Map<String, @Nullable Object> joined = new LinkedHashMap<>(row);
        joined.putAll(result);
        rows.add(joined);
      }
    }
    return new Table(names, rows);
  }

  /// The names that a query returns, as far as they are written.
  private static List<String> columns(Query query) {
    return query.parts().getFirst().clauses().getLast() instanceof Clause.Project project
        ? project.items().stream().map(Projections::name).toList()
        : List.of();
  }

  /// Row by row, element by element.
  private void forEach(Clause.ForEach clause, Table table) {
    for (var row : table.rows()) {
      for (Object element : elements(expressions.value(clause.list(), Environment.of(row)))) {
        Map<String, @Nullable Object> inner = new LinkedHashMap<>(row);
        inner.put(clause.variable(), element);
        Table one = Table.of(inner);
        for (Clause update : clause.clauses()) {
          one = clause(update, one, Map.of());
        }
      }
    }
  }
}
