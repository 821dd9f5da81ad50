package dev.quarry.query.plan;

import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import dev.quarry.query.syntax.LabelExpression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many rows the steps of a plan are expected to make, all of them together: a measure of what
/// there is to do, and how much of it several threads divide. It goes by counts, and by labels as
/// far as the plan says them; conditions count only where they ask for one value of a scanned node.
final class RowsToMake {
  /// The share of nodes with one value of a property, where nobody knows.
  private static final double WITH_VALUE = 0.1;

  /// How much less it is to look a number up than to make a row, as a share of the latter.
  private static final double CHEAPER = 0.75;

  /// How much it is to compare an entry of a list with marks, or to mark it (decisions 047 and
  /// 049), of what a row is.
  private static final double COMPARED = 1.0 / 16;

  private final PlanContext context;
  private final Map<Integer, String> labels = new HashMap<>(); // of slots
  private double sum;
  private double divided = -1;

  private RowsToMake(PlanContext context) {
    this.context = context;
  }

  /// The rows of a plan and all steps below it.
  ///
  /// @param divided those that are made once, however many threads there are
  /// @param repeated those that each thread may make for itself, as all meet the same nodes: what
  ///   is above a [LogicalPlan.Collapse]
  record Rows(double divided, double repeated) {}

  /// The rows of a plan and all steps below it.
  static Rows of(LogicalPlan plan, PlanContext context) {
    RowsToMake rows = new RowsToMake(context);
    rows.rows(plan, 1);
    double divided = rows.divided < 0 ? rows.sum : rows.divided;
    return new Rows(divided, rows.sum - divided);
  }

  /// The rows that a plan gives.
  ///
  /// @param argument rows that it begins with
  private double rows(@Nullable LogicalPlan plan, double argument) {
    if (plan == null || plan.input() == null) {
      return argument;
    }
    double below = rows(plan.input(), argument);
    double rows =
        switch (plan) {
          case LogicalPlan.ScanNodes p -> scan(below, p.slot(), p.label());
          case LogicalPlan.ScanColumns p ->
              scan(below, p.slot(), p.label()) * share(p.label(), p.conditions());
          case LogicalPlan.Filter p -> {
            noteLabel(p.predicate());
            yield below;
          }
          case LogicalPlan.Expand p ->
              p.into() ? below : below * fanOut(p.from(), p.direction(), p.types());
          case LogicalPlan.Intersect p -> {
            LogicalPlan.Intersect.Side side = p.sides().getFirst();
            double walked = below * fanOut(side.from(), side.direction(), side.types());
            boolean counts = p.product() >= 0;
            sum += counts ? walked * COMPARED : walked;
            yield counts ? below : walked;
          }
          case LogicalPlan.ExpandVariable p ->
              below * Math.pow(fanOut(p.from(), p.direction(), p.types()), 2);
          case LogicalPlan.Reach p ->
              below * Math.pow(fanOut(p.from(), p.direction(), p.types()), 2);
          case LogicalPlan.CountNeighbours p -> {
            sum +=
                p.walks() ? below * fanOut(p.from(), p.direction(), p.types()) : -below * CHEAPER;
            yield below;
          }
          case LogicalPlan.Collapse p -> {
            sum -= below * (1 - COMPARED);
            divided = divided < 0 ? sum : divided;
            yield Math.min(below, context.statistics().nodes());
          }
          case LogicalPlan.Apply p -> {
            double nested = rows(p.nested(), below);
            yield switch (p.kind()) {
              case JOIN -> nested;
              case OPTIONAL -> Math.max(below, nested);
              default -> below;
            };
          }
          default -> below;
        };
    sum += rows;
    return rows;
  }

  private double scan(double below, int slot, @Nullable String label) {
    Statistics statistics = context.statistics();
    double nodes = label == null ? statistics.nodes() : statistics.nodes(label);
    labels.put(slot, label);
    return below * nodes;
  }

  /// The share of nodes that fulfil conditions.
  private double share(@Nullable String label, List<ColumnCondition> conditions) {
    double share = 1;
    for (ColumnCondition condition : conditions) {
      boolean equals =
          condition.test() instanceof ColumnCondition.Compares test
              && test.comparisons().stream().anyMatch(one -> one.operator() == Operator.EQUAL);
      if (equals) {
        PropertyEstimate estimate = context.statistics().property(false, label, condition.key());
        share *= estimate == null ? WITH_VALUE : estimate.present() * estimate.equal();
      }
    }
    return share;
  }

  /// A condition `(n:Label)` above the step that finds n.
  private void noteLabel(Bound predicate) {
    if (predicate.expression() instanceof Expression.HasLabels has
        && has.of() instanceof Expression.Variable variable
        && has.labels() instanceof LabelExpression.Name name
        && predicate.scope().find(variable.name()) != null) {
      labels.put(predicate.scope().slot(variable.name()), name.name());
    }
  }

  /// Of nodes without a known label many have no such relationships, but those that were found
  /// have.
  private double fanOut(int from, Direction direction, List<String> types) {
    String label = labels.get(from);
    double degree = context.degree(label, types, direction, null);
    return label == null ? Math.max(1, degree) : degree;
  }
}
