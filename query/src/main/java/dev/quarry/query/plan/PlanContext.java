package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.Direction;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Expression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the planners of one statement share: slots, made-up names, statistics, and what can be
/// called.
final class PlanContext {
  private final Statistics statistics;
  private final Procedures procedures;
  private final Map<String, ParameterType> parameters;
  private int slots;

  PlanContext(Statistics statistics, Procedures procedures, Map<String, ParameterType> parameters) {
    this.statistics = statistics;
    this.procedures = procedures;
    this.parameters = parameters;
  }

  /// The type of a parameter, null if it was not given.
  @Nullable ParameterType parameterType(String name) {
    return parameters.get(name);
  }

  Procedures procedures() {
    return procedures;
  }

  /// Refuses an expression that cannot have a meaning.
  ///
  /// @param noAggregates why aggregates are not allowed here, null if they are
  void check(Expression expression, Scope scope, @Nullable String noAggregates) {
    ExpressionChecker.check(expression, scope, procedures, noAggregates);
  }

  /// Refuses an expression that cannot be a condition.
  void checkCondition(Expression expression, Scope scope, @Nullable String noAggregates) {
    ExpressionChecker.checkCondition(expression, scope, procedures, noAggregates);
  }

  /// Whether two computations of an expression for one row may differ.
  boolean isVolatile(Expression expression) {
    boolean[] found = new boolean[1];
    Trees.rewrite(
        expression,
        e -> {
          found[0] |= e instanceof Expression.Call call && isVolatile(call);
          return null;
        });
    return found[0];
  }

  private boolean isVolatile(Expression.Call call) {
    Function function = Function.of(call.name());
    if (function != null) {
      return function.isVolatile();
    }
    FunctionDefinition definition = procedures.function(call.name());
    return definition != null && !definition.deterministic();
  }

  Statistics statistics() {
    return statistics;
  }

  /// How many relationships of some types a node has on average, in a direction.
  ///
  /// @param label of the nodes, null for all
  /// @param types names, empty for all
  /// @param other label of the nodes at the other end, null for all
  double degree(
      @Nullable String label, List<String> types, Direction direction, @Nullable String other) {
    double degree = 0;
    for (boolean out : new boolean[] {true, false}) {
      if (direction != (out ? Direction.INCOMING : Direction.OUTGOING)) {
        degree += types.isEmpty() ? statistics.degree(label, null, out, other) : 0;
        for (String type : types) {
          degree += statistics.degree(label, type, out, other);
        }
      }
    }
    return degree;
  }

  int newSlot() {
    return slots++;
  }

  int slots() {
    return slots;
  }

  /// A name for a slot that nobody can have written.
  static String hidden(int slot) {
    return Scope.HIDDEN + slot;
  }

  /// Refuses a name that is visible already.
  static void requireNew(Scope scope, String name, Span span) {
    if (scope.find(name) != null) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`" + name + "` is defined already",
          span,
          "choose another name");
    }
  }

  static SyntaxException notSupported(String construct, Span span, String hint) {
    return new SyntaxException(
        ErrorCode.NOT_SUPPORTED, construct + " is not supported in this release", span, hint);
  }
}
