package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.graph.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A plan as lines of text, the last step first; nested plans are indented.
public final class PlanText {
  private static final String DIFFER = " where relationships differ";

  private final String statement;
  private final List<String> lines = new ArrayList<>();

  private PlanText(String statement) {
    this.statement = statement;
  }

  /// The lines of a plan.
  ///
  /// @param statement the text that it was made of, for its expressions
  public static List<String> of(StatementPlan plan, String statement) {
    PlanText text = new PlanText(statement);
    if (!plan.columns().isEmpty()) {
      text.line(0, "Result " + String.join(", ", plan.columns()));
    }
    text.add(plan.plan(), 0);
    return text.lines;
  }

  private void line(int depth, String line) {
    lines.add("  ".repeat(depth) + line);
  }

  private void addNested(List<LogicalPlan.Change> changes, int depth) {
    changes.forEach(change -> add(change.nested(), depth));
  }

  private void add(@Nullable LogicalPlan plan, int depth) {
    switch (plan) {
      case null -> {
        return;
      }
      case LogicalPlan.Start p -> line(depth, "Start");
      case LogicalPlan.Argument p -> line(depth, "Argument");
      case LogicalPlan.CountStored p ->
          line(
              depth,
              "CountStored "
                  + (p.relationships() ? "relationships " : "nodes ")
                  + (p.label() != null ? ":" + p.label() : types(p.types())));
      case LogicalPlan.ScanNodes p ->
          line(depth, p.label() == null ? "ScanNodes all" : "ScanNodes :" + p.label());
      case LogicalPlan.ScanColumns p -> line(depth, scan(p));
      case LogicalPlan.ChangeSchema p -> line(depth, "ChangeSchema " + text(p.statement().span()));
      case LogicalPlan.SeekNodes p -> line(depth, "SeekNodes " + text(p.seek()));
      case LogicalPlan.SeekRelationships p -> line(depth, "SeekRelationships " + text(p.seek()));
      case LogicalPlan.Filter p -> line(depth, "Filter " + text(p.predicate()));
      case LogicalPlan.Expand p ->
          line(
              depth,
              (p.into() ? "ExpandInto " : "Expand ")
                  + arrow(p.direction(), p.types(), "")
                  + (p.except().isEmpty() ? "" : DIFFER));
      case LogicalPlan.Intersect p ->
          line(
              depth,
              p.sides().stream()
                  .map(side -> arrow(side.direction(), side.types(), ""))
                  .collect(
                      Collectors.joining(
                          ", ",
                          p.product() >= 0 ? "CountIntersect " : "Intersect ",
                          (p.label() == null ? "" : " (:" + p.label() + ")") + differences(p))));
      case LogicalPlan.ExpandVariable p -> {
        String length = length(p.least(), p.most());
        line(depth, "ExpandVariable " + arrow(p.direction(), p.types(), length));
      }
      case LogicalPlan.Reach p -> {
        String length = length(p.least(), p.most());
        line(depth, "Reach " + arrow(p.direction(), p.types(), length));
      }
      case LogicalPlan.RelationshipEnds p ->
          line(depth, "RelationshipEnds " + arrow(p.direction(), p.types(), ""));
      case LogicalPlan.ShortestPath p -> {
        String length = length(p.least(), p.most());
        String search = p.all() ? "AllShortestPaths " : "ShortestPath ";
        line(depth, search + arrow(p.direction(), p.types(), length) + conditions(p));
      }
      case LogicalPlan.BindPath p -> line(depth, "BindPath");
      case LogicalPlan.Project p ->
          line(
              depth,
              "Project "
                  + p.columns().stream()
                      .map(column -> text(column.value()))
                      .collect(Collectors.joining(", ")));
      case LogicalPlan.Aggregate p ->
          line(depth, "Aggregate " + aggregates(p.aggregations()) + keys(p.keys()));
      case LogicalPlan.Gather p -> line(depth, "Gather");
      case LogicalPlan.AggregateColumns p ->
          line(depth, "AggregateColumns " + aggregates(p.aggregations()));
      case LogicalPlan.CountNeighbours p -> {
        String side = side(new LogicalPlan.Side(p.direction(), p.types(), p.label()));
        String step = p.product() >= 0 ? "CountNeighbours " : "HasNeighbours ";
        line(depth, step + side + (p.optional() ? " if any" : "") + joined(p.joined()));
      }
      case LogicalPlan.AreJoined p ->
          line(depth, "AreJoined " + arrow(p.direction(), p.types(), ""));
      case LogicalPlan.CountPairs p -> {
        String step = p.product() >= 0 ? "CountPairs " : "HasPairs ";
        line(depth, step + side(p.first()) + " and " + side(p.second()));
      }
      case LogicalPlan.Collapse p -> line(depth, p.sum() >= 0 ? "Collapse" : "Collapse distinct");
      case LogicalPlan.Distinct p -> line(depth, "Distinct");
      case LogicalPlan.Sort p ->
          line(
              depth,
              (p.limit() == null ? "Sort " : "Top ")
                  + p.keys().stream()
                      .map(key -> text(key.value()) + (key.descending() ? " DESC" : ""))
                      .collect(Collectors.joining(", ")));
      case LogicalPlan.Skip p -> line(depth, "Skip " + text(p.count()));
      case LogicalPlan.Limit p -> line(depth, "Limit " + text(p.count()));
      case LogicalPlan.Unwind p -> line(depth, "Unwind " + text(p.list()));
      case LogicalPlan.Apply p -> {
        line(depth, "Apply " + p.kind());
        add(p.nested(), depth + 1);
      }
      case LogicalPlan.Create p -> line(depth, "Create " + p.records().size() + " records");
      case LogicalPlan.Eager p -> line(depth, "Eager");
      case LogicalPlan.Set p -> {
        line(depth, "Set " + p.changes().size() + " items");
        addNested(p.changes(), depth + 1);
      }
      case LogicalPlan.Delete p ->
          line(
              depth,
              (p.detach() ? "DetachDelete " : "Delete ")
                  + p.targets().stream().map(this::text).collect(Collectors.joining(", ")));
      case LogicalPlan.Merge p -> {
        line(depth, "Merge");
        add(p.match(), depth + 1);
        addNested(p.onCreate(), depth + 1);
        addNested(p.onMatch(), depth + 1);
      }
      case LogicalPlan.ForEach p -> {
        line(depth, "ForEach " + text(p.list()));
        add(p.body(), depth + 1);
      }
      case LogicalPlan.CallProcedure p ->
          line(
              depth,
              "CallProcedure "
                  + p.arguments().stream()
                      .map(this::text)
                      .collect(Collectors.joining(", ", p.procedure().name() + "(", ")")));
      case LogicalPlan.Union p -> {
        line(depth, "Union");
        p.parts().forEach(part -> add(part, depth + 1));
      }
    }
    add(plan.input(), depth);
  }

  private static String differences(LogicalPlan.Intersect plan) {
    return plan.different().isEmpty() ? "" : DIFFER;
  }

  /// `ScanNodes :Person where age > 30 and name IS NOT NULL`
  private String scan(LogicalPlan.ScanColumns plan) {
    return "ScanNodes "
        + (plan.label() == null ? "all" : ":" + plan.label())
        + plan.conditions().stream()
            .map(this::text)
            .collect(Collectors.joining(" and ", plan.conditions().isEmpty() ? "" : " where ", ""));
  }

  private String text(ColumnCondition condition) {
    return switch (condition.test()) {
      case ColumnCondition.Compares test ->
          test.comparisons().stream()
              .map(one -> condition.key() + " " + one.operator() + " " + text(one.constant()))
              .collect(Collectors.joining(" and "));
      case ColumnCondition.OneOf test -> condition.key() + " IN " + text(test.list());
      case ColumnCondition.IsNull test ->
          condition.key() + (test.negated() ? " IS NOT NULL" : " IS NULL");
    };
  }

  private String aggregates(List<LogicalPlan.Aggregation> aggregations) {
    List<String> parts = new ArrayList<>();
    for (LogicalPlan.Aggregation aggregation : aggregations) {
      Bound argument = aggregation.argument();
      Bound parameter = aggregation.parameter();
      parts.add(
          aggregation.function().text()
              + "("
              + (aggregation.distinct() ? "DISTINCT " : "")
              + (argument == null ? "*" : text(argument))
              + (parameter == null ? "" : ", " + text(parameter))
              + ")");
    }
    return String.join(", ", parts);
  }

  private String keys(List<LogicalPlan.Column> keys) {
    return keys.stream()
        .map(key -> text(key.value()))
        .collect(Collectors.joining(", ", keys.isEmpty() ? "" : " by ", ""));
  }

  private String conditions(LogicalPlan.ShortestPath plan) {
    return (plan.ofRelationships().isEmpty() ? "" : " over relationships ")
        + conditions(plan.ofRelationships())
        + (plan.ofNodes().isEmpty() ? "" : " over nodes ")
        + conditions(plan.ofNodes());
  }

  private String conditions(List<LogicalPlan.ElementCondition> conditions) {
    return conditions.stream()
        .map(condition -> text(condition.predicate()))
        .collect(Collectors.joining(", "));
  }

  /// `:Label(a, b) = 1, > 2`
  private String text(Seek seek) {
    return ":"
        + seek.labelOrType()
        + "("
        + String.join(", ", seek.keys())
        + ") "
        + seek.sought().stream().map(this::text).collect(Collectors.joining(", "));
  }

  private String text(Sought sought) {
    return switch (sought) {
      case Sought.Equal one -> "= " + text(one.value());
      case Sought.OneOf one -> "IN " + text(one.list());
      case Sought.Prefix one -> "STARTS WITH " + text(one.text());
      case Sought.Range range -> {
        String from =
            range.from() == null ? "" : (range.fromIncluded() ? ">= " : "> ") + text(range.from());
        String to =
            range.to() == null ? "" : (range.toIncluded() ? "<= " : "< ") + text(range.to());
        yield from + (from.isEmpty() || to.isEmpty() ? "" : " AND ") + to;
      }
    };
  }

  private static String side(LogicalPlan.Side side) {
    String other = side.label() == null ? "()" : "(:" + side.label() + ")";
    return arrow(side.direction(), side.types(), "") + other;
  }

  /// `, not joined -[:KNOWS]-`
  private static String joined(LogicalPlan.@Nullable JoinedWith plan) {
    return plan == null
        ? ""
        : (plan.negated() ? ", not joined " : ", joined ")
            + arrow(plan.direction().reverse(), plan.types(), "");
  }

  private static String arrow(Direction direction, List<String> types, String length) {
    String inside = types.isEmpty() && length.isEmpty() ? "" : "[" + types(types) + length + "]";
    return switch (direction) {
      case OUTGOING -> "-" + inside + "->";
      case INCOMING -> "<-" + inside + "-";
      case BOTH -> "-" + inside + "-";
    };
  }

  private static String length(long least, long most) {
    return "*" + least + ".." + (most < 0 ? "" : most);
  }

  private static String types(List<String> types) {
    return types.isEmpty() ? "" : ":" + String.join("|", types);
  }

  /// The expression as it was written; what the planner made up is named.
  private String text(Bound bound) {
    if (bound.expression() instanceof dev.quarry.query.syntax.Expression.Call call
        && Function.of(call.name()) == Function.DIFFER) {
      return "relationships differ";
    }
    if (bound.expression() instanceof dev.quarry.query.syntax.Expression.Parameter parameter) {
      return "$" + parameter.name();
    }
    return text(bound.expression().span());
  }

  private String text(Span span) {
    int from = Math.min(span.offset(), statement.length());
    int length = Math.min(span.length(), statement.codePointCount(from, statement.length()));
    return statement
        .substring(from, statement.offsetByCodePoints(from, length))
        .replaceAll("\\s+", " ");
  }
}
