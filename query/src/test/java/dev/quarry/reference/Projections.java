package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// WITH and RETURN: project or group, then DISTINCT, ORDER BY, SKIP, LIMIT and WHERE, in this
/// order.
final class Projections {
  private final Expressions expressions;

  Projections(Expressions expressions) {
    this.expressions = expressions;
  }

  private record Column(String name, Expression expression) {}

  /// A row of the result, with what it was made from.
  private record Line(Environment source, Map<String, @Nullable Object> output) {
    /// What ORDER BY and WHERE see: the columns, and the row before where they do not hide it.
    Environment visible() {
      Map<String, @Nullable Object> row = new LinkedHashMap<>(source.row());
      row.putAll(output);
      return new Environment(row, source.group());
    }
  }

  /// @param outer what a query inside of an expression goes on seeing behind WITH
  Table project(Clause.Project clause, Table table, Map<String, @Nullable Object> outer) {
    List<Column> columns = columns(clause, table);
    List<Line> lines = lines(columns, table);
    lines = clause.distinct() ? distinct(lines) : lines;
    sort(lines, clause.order());
    lines = lines.stream().skip(count(clause.skip(), 0)).toList();
    lines = lines.stream().limit(count(clause.limit(), Long.MAX_VALUE)).toList();
    lines =
        lines.stream().filter(line -> expressions.holds(clause.where(), line.visible())).toList();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Line line : lines) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>(outer);
      row.putAll(line.output());
      rows.add(row);
    }
    List<String> names = columns.stream().map(Column::name).toList();
    return clause.last()
        ? new Table(names, rows)
        : new Table(new Table(List.copyOf(outer.keySet()), rows).namesWith(names), rows);
  }

  private static List<Column> columns(Clause.Project clause, Table table) {
    List<Column> columns = new ArrayList<>();
    if (clause.star()) {
      for (String name : new TreeSet<>(table.names())) {
        columns.add(new Column(name, new Expression.Variable(clause.span(), name)));
      }
    }
    for (Clause.Item item : clause.items()) {
      columns.add(new Column(name(item), item.expression()));
    }
    return columns;
  }

  static String name(Clause.Item item) {
    if (item.alias() != null) {
      return item.alias();
    }
    return item.expression() instanceof Expression.Variable variable
        ? variable.name()
        : item.text();
  }

  private List<Line> lines(List<Column> columns, Table table) {
    List<Environment> sources =
        columns.stream().anyMatch(column -> Aggregates.isIn(column.expression()))
            ? groups(columns, table)
            : table.rows().stream().map(Environment::of).toList();
    List<Line> lines = new ArrayList<>();
    for (Environment source : sources) {
      Map<String, @Nullable Object> output = new LinkedHashMap<>();
      for (Column column : columns) {
        output.put(column.name(), expressions.value(column.expression(), source));
      }
      lines.add(new Line(source, output));
    }
    return lines;
  }

  /// Rows are grouped by the columns that do not aggregate; without such columns there is one
  /// group, also of no rows.
  private List<Environment> groups(List<Column> columns, Table table) {
    List<Expression> keys =
        columns.stream()
            .map(Column::expression)
            .filter(expression -> !Aggregates.isIn(expression))
            .toList();
    List<List<@Nullable Object>> seen = new ArrayList<>();
    List<List<Map<String, @Nullable Object>>> groups = new ArrayList<>();
    if (keys.isEmpty()) {
      groups.add(table.rows());
    } else {
      for (var row : table.rows()) {
        List<@Nullable Object> key = expressions.values(keys, Environment.of(row));
        int at = find(seen, key);
        if (at == seen.size()) {
          seen.add(key);
          groups.add(new ArrayList<>());
        }
        groups.get(at).add(row);
      }
    }
    List<Environment> sources = new ArrayList<>();
    for (var group : groups) {
      sources.add(new Environment(group.isEmpty() ? Map.of() : group.getFirst(), group));
    }
    return sources;
  }

  private static int find(List<List<@Nullable Object>> seen, List<@Nullable Object> key) {
    int at = 0;
    while (at < seen.size() && !Values.equivalent(seen.get(at), key)) {
      at++;
    }
    return at;
  }

  private static List<Line> distinct(List<Line> lines) {
    List<Line> distinct = new ArrayList<>();
    for (Line line : lines) {
      if (distinct.stream().noneMatch(o -> Values.equivalent(o.output(), line.output()))) {
        distinct.add(line);
      }
    }
    return distinct;
  }

  /// The rows of a UNION without ALL.
  static List<Map<String, @Nullable Object>> distinctRows(
      List<Map<String, @Nullable Object>> rows) {
    return new ArrayList<>(
        distinct(rows.stream().map(row -> new Line(Environment.of(row), row)).toList()).stream()
            .map(Line::output)
            .toList());
  }

  private void sort(List<Line> lines, List<Clause.Order> orders) {
    if (orders.isEmpty()) {
      return;
    }
    record Keyed(Line line, List<@Nullable Object> keys) {}
    List<Keyed> keyed = new ArrayList<>();
    for (Line line : lines) {
      List<Expression> keys = orders.stream().map(Clause.Order::expression).toList();
      keyed.add(new Keyed(line, expressions.values(keys, line.visible())));
    }
    keyed.sort(
        (a, b) -> {
          for (int i = 0; i < orders.size(); i++) {
            int one = Values.order(a.keys().get(i), b.keys().get(i));
            if (one != 0) {
              return orders.get(i).descending() ? -one : one;
            }
          }
          return 0;
        });
    lines.clear();
    keyed.forEach(one -> lines.add(one.line()));
  }

  private long count(@Nullable Expression expression, long otherwise) {
    if (expression == null) {
      return otherwise;
    }
    Object count = expressions.value(expression, Environment.of(Map.of()));
    if (!(count instanceof Long number)) {
      throw Failure.of(ErrorCode.INVALID_ARGUMENT_TYPE, "not a number of rows: " + count);
    }
    if (number < 0) {
      throw Failure.of(ErrorCode.NEGATIVE_INTEGER_ARGUMENT, "not a number of rows: " + count);
    }
    return number;
  }
}
