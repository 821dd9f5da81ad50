package dev.quarry.query.plan;

import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rewrites plans by rules, most of which need no estimates: each takes a step and what is below
/// it, and gives another step with the same rows, or null where it does not fit.
///
/// | rule | instead of | with |
/// |---|---|---|
/// | count nodes | counting all rows of a scan | the exact count of the catalog |
/// | count relationships | counting all rows of one directed expansion of all nodes | the same |
/// | test columns | a filter of a scan that compares properties with constants | a scan of columns |
/// | aggregate columns | aggregates of nodes, or their properties, of one scan, also where rows are counted | the same of columns |
/// | reach once | walks of variable length, where only their ends count | [ReachOnce] |
/// | merge creates | a CREATE behind a CREATE | one that creates both |
/// | test joined | EXISTS of one relationship between two bound nodes | a test of the row |
/// | test earlier | such a test above expansions that do not concern it | the test below, see [EarlierTest] |
/// | factorize | rows that only an aggregate or DISTINCT counts | how many there are, see [Factorization] |
/// | intersect | expansions that meet in a node, see [IntersectExpansions] | one intersection |
/// | share scan | a large aggregate of one thread | one that several may gather, see [SharedScan] |
///
/// An undirected expansion is not rewritten: it meets self-loops once, and the catalog does not say
/// how many there are (rule S19).
final class Optimizer {
  private final List<Rule> rules;
  private final SharedScan sharedScan;
  private final Factorization factorization;

  Optimizer(PlanContext context) {
    this.sharedScan = new SharedScan(context);
    this.factorization = new Factorization(context);
    this.rules =
        List.of(
            Optimizer::countNodes,
            Optimizer::countRelationships,
            Optimizer::testColumns,
            Optimizer::aggregateColumns,
            Optimizer::mergeCreates,
            Optimizer::testJoined,
            plan -> EarlierTest.apply(plan, context),
            new IntersectExpansions(context)::apply,
            this::factorize);
  }

  /// One rule.
  private interface Rule {
    @Nullable LogicalPlan apply(LogicalPlan plan);
  }

  /// Applies the rules from the bottom up.
  LogicalPlan optimize(LogicalPlan plan) {
    LogicalPlan below = withOptimizedInput(plan);
    LogicalPlan once = ReachOnce.apply(below);
    LogicalPlan better = better(once != null ? once : below); // another rule may fit that, too
    LogicalPlan shared = sharedScan.apply(better);
    return shared != null ? shared : better;
  }

  private LogicalPlan better(LogicalPlan plan) {
    for (Rule rule : rules) {
      LogicalPlan better = rule.apply(plan);
      if (better != null) {
        return better;
      }
    }
    return plan;
  }

  private static @Nullable LogicalPlan countNodes(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.Aggregate aggregate
        && aggregate.input() instanceof LogicalPlan.ScanNodes scan
        && scan.input() instanceof LogicalPlan.Start
        && countsAllRows(aggregate, scan.slot(), -1)) {
      return new LogicalPlan.CountStored(slots(aggregate), scan.label(), false, List.of());
    }
    return null;
  }

  private static @Nullable LogicalPlan countRelationships(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.Aggregate aggregate
        && aggregate.input() instanceof LogicalPlan.Expand expand
        && !expand.into()
        && expand.direction() != Direction.BOTH
        && expand.input() instanceof LogicalPlan.ScanNodes scan
        && scan.input() instanceof LogicalPlan.Start
        && scan.label() == null
        && expand.types().stream().distinct().count() == expand.types().size()
        && countsAllRows(aggregate, expand.to(), expand.relationship())) {
      return new LogicalPlan.CountStored(slots(aggregate), null, true, expand.types());
    }
    return null;
  }

  static @Nullable LogicalPlan testColumns(LogicalPlan plan) {
    if (!(plan instanceof LogicalPlan.Filter filter)) {
      return null;
    }
    LogicalPlan.ScanColumns scan = scanColumns(filter.input());
    List<ColumnCondition> more =
        scan == null ? null : ColumnCondition.of(filter.predicate(), scan.slot());
    if (scan == null || more == null) {
      return null;
    }
    List<ColumnCondition> conditions = new ArrayList<>(scan.conditions());
    conditions.addAll(more);
    return new LogicalPlan.ScanColumns(scan.input(), scan.slot(), scan.label(), conditions);
  }

  private static @Nullable LogicalPlan aggregateColumns(LogicalPlan plan) {
    if (!(plan instanceof LogicalPlan.Aggregate aggregate) || !aggregate.keys().isEmpty()) {
      return null;
    }
    LogicalPlan input = ofColumns(aggregate.input());
    if (input == null) {
      return null;
    }
    LogicalPlan.AggregateColumns columns =
        new LogicalPlan.AggregateColumns(input, aggregate.aggregations(), aggregate.multiplicity());
    LogicalPlan.ScanColumns scan = columns.scan();
    boolean fits =
        scan.input() instanceof LogicalPlan.Start
            && columns.counted().stream().allMatch(step -> step.from() == scan.slot())
            && aggregate.aggregations().stream().allMatch(one -> isOfColumn(one, scan.slot()));
    return fits ? columns : null;
  }

  /// A scan of columns, with what counts relationships of all its nodes above it; null if a plan is
  /// anything else.
  private static @Nullable LogicalPlan ofColumns(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.CountNeighbours step && step.isPlain()) {
      LogicalPlan below = ofColumns(step.input());
      return below == null ? null : step.above(below);
    }
    return scanColumns(plan);
  }

  /// Has rows counted, and where that leaves a scan and numbers only, computes it by columns.
  private @Nullable LogicalPlan factorize(LogicalPlan plan) {
    LogicalPlan counted = factorization.apply(plan);
    LogicalPlan columns = counted == null ? null : aggregateColumns(counted);
    return columns != null ? columns : counted;
  }

  private static LogicalPlan.@Nullable ScanColumns scanColumns(LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.ScanColumns p -> p;
      case LogicalPlan.ScanNodes p ->
          new LogicalPlan.ScanColumns(p.input(), p.slot(), p.label(), List.of());
      default -> null;
    };
  }

  /// Whether an aggregate counts nodes, or takes a property of theirs.
  private static boolean isOfColumn(LogicalPlan.Aggregation aggregation, int slot) {
    if (aggregation.distinct() || aggregation.parameter() != null) {
      return false;
    }
    return switch (aggregation.function()) {
      case COUNT -> isOfRow(aggregation.argument(), slot, -1) || isProperty(aggregation, slot);
      case SUM, AVG, MIN, MAX -> isProperty(aggregation, slot);
      default -> false;
    };
  }

  private static boolean isProperty(LogicalPlan.Aggregation aggregation, int slot) {
    Bound argument = aggregation.argument();
    return argument != null && ColumnCondition.key(argument, slot) != null;
  }

  private static @Nullable LogicalPlan mergeCreates(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.Create(LogicalPlan.Create(var input, var first), var second)) {
      List<LogicalPlan.NewRecord> records = new ArrayList<>(first);
      records.addAll(second);
      return new LogicalPlan.Create(input, records);
    }
    return null;
  }

  private static @Nullable LogicalPlan testJoined(LogicalPlan plan) {
    return plan instanceof LogicalPlan.Apply apply
            && apply.kind() == LogicalPlan.Apply.Kind.EXISTS
            && apply.nested() instanceof LogicalPlan.Expand expand
            && expand.into()
            && expand.input() instanceof LogicalPlan.Argument
        ? new LogicalPlan.AreJoined(
            apply.input(),
            expand.from(),
            expand.to(),
            expand.direction(),
            expand.types(),
            apply.slot())
        : null;
  }

  /// Whether all that is computed is `count(*)`, or the count of a variable that is never null.
  private static boolean countsAllRows(LogicalPlan.Aggregate plan, int slot, int otherSlot) {
    if (!plan.keys().isEmpty()) {
      return false;
    }
    for (LogicalPlan.Aggregation aggregation : plan.aggregations()) {
      boolean ofRow = isOfRow(aggregation.argument(), slot, otherSlot);
      if (aggregation.function() != Function.COUNT || aggregation.distinct() || !ofRow) {
        return false;
      }
    }
    return true;
  }

  /// Whether an argument is none, or a variable that is never null.
  private static boolean isOfRow(@Nullable Bound argument, int slot, int otherSlot) {
    return argument == null
        || argument.expression() instanceof Expression.Variable variable
            && isOneOf(argument.scope().slot(variable.name()), slot, otherSlot);
  }

  private static boolean isOneOf(int found, int slot, int otherSlot) {
    return found == slot || found == otherSlot;
  }

  private static List<Integer> slots(LogicalPlan.Aggregate plan) {
    return plan.aggregations().stream().map(LogicalPlan.Aggregation::slot).toList();
  }

  private LogicalPlan withOptimizedInput(LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.Start p -> p;
      case LogicalPlan.Argument p -> p;
      case LogicalPlan.CountStored p -> p;
      case LogicalPlan.ChangeSchema p -> p;
      case LogicalPlan.ScanNodes p ->
          new LogicalPlan.ScanNodes(optimize(p.input()), p.slot(), p.label());
      case LogicalPlan.ScanColumns p ->
          new LogicalPlan.ScanColumns(optimize(p.input()), p.slot(), p.label(), p.conditions());
      case LogicalPlan.AggregateColumns p -> p;
      case LogicalPlan.SeekNodes p ->
          new LogicalPlan.SeekNodes(optimize(p.input()), p.slot(), p.seek());
      case LogicalPlan.SeekRelationships p ->
          new LogicalPlan.SeekRelationships(optimize(p.input()), p.slot(), p.seek());
      case LogicalPlan.Filter p -> new LogicalPlan.Filter(optimize(p.input()), p.predicate());
      case LogicalPlan.Expand p -> p.above(optimize(p.input()));
      case LogicalPlan.Intersect p -> p.above(optimize(p.input()));
      case LogicalPlan.ExpandVariable p -> p.above(optimize(p.input()));
      case LogicalPlan.Reach p -> p;
      case LogicalPlan.RelationshipEnds p ->
          new LogicalPlan.RelationshipEnds(
              optimize(p.input()),
              p.relationship(),
              p.left(),
              p.right(),
              p.leftBound(),
              p.rightBound(),
              p.direction(),
              p.types(),
              p.length());
      case LogicalPlan.ShortestPath p ->
          new LogicalPlan.ShortestPath(
              optimize(p.input()),
              p.from(),
              p.relationships(),
              p.to(),
              p.direction(),
              p.types(),
              p.least(),
              p.most(),
              p.all(),
              p.ofRelationships(),
              p.ofNodes());
      case LogicalPlan.BindPath p ->
          new LogicalPlan.BindPath(optimize(p.input()), p.slot(), p.nodes(), p.relationships());
      case LogicalPlan.Project p -> new LogicalPlan.Project(optimize(p.input()), p.columns());
      case LogicalPlan.Aggregate p ->
          new LogicalPlan.Aggregate(
              optimize(p.input()), p.keys(), p.aggregations(), p.multiplicity());
      case LogicalPlan.Gather p -> p;
      case LogicalPlan.CountNeighbours p -> p;
      case LogicalPlan.AreJoined p -> p.above(optimize(p.input()));
      case LogicalPlan.CountPairs p -> p;
      case LogicalPlan.Collapse p -> p;
      case LogicalPlan.Distinct p -> new LogicalPlan.Distinct(optimize(p.input()), p.slots());
      case LogicalPlan.Sort p ->
          new LogicalPlan.Sort(optimize(p.input()), p.keys(), p.skip(), p.limit());
      case LogicalPlan.Skip p -> new LogicalPlan.Skip(optimize(p.input()), p.count());
      case LogicalPlan.Limit p -> new LogicalPlan.Limit(optimize(p.input()), p.count());
      case LogicalPlan.Unwind p -> new LogicalPlan.Unwind(optimize(p.input()), p.list(), p.slot());
      case LogicalPlan.Apply p ->
          new LogicalPlan.Apply(
              optimize(p.input()), optimize(p.nested()), p.kind(), p.slot(), p.value());
      case LogicalPlan.Create p -> new LogicalPlan.Create(optimize(p.input()), p.records());
      case LogicalPlan.Eager p -> new LogicalPlan.Eager(optimize(p.input()));
      case LogicalPlan.Set p -> new LogicalPlan.Set(optimize(p.input()), optimize(p.changes()));
      case LogicalPlan.Delete p ->
          new LogicalPlan.Delete(optimize(p.input()), p.detach(), p.targets());
      case LogicalPlan.Merge p ->
          new LogicalPlan.Merge(
              optimize(p.input()),
              optimize(p.match()),
              p.records(),
              optimize(p.onCreate()),
              optimize(p.onMatch()));
      case LogicalPlan.ForEach p ->
          new LogicalPlan.ForEach(optimize(p.input()), p.list(), p.slot(), optimize(p.body()));
      case LogicalPlan.CallProcedure p ->
          new LogicalPlan.CallProcedure(
              optimize(p.input()), p.procedure(), p.arguments(), p.results(), p.slots(), p.span());
      case LogicalPlan.Union p ->
          new LogicalPlan.Union(
              p.parts().stream().map(this::optimize).toList(), p.sources(), p.slots());
    };
  }

  private List<LogicalPlan.Change> optimize(List<LogicalPlan.Change> changes) {
    return changes.stream()
        .map(
            c ->
                new LogicalPlan.Change(
                    c.kind(),
                    c.target(),
                    c.key(),
                    c.labels(),
                    c.value(),
                    c.nested() == null ? null : optimize(c.nested())))
        .toList();
  }
}
