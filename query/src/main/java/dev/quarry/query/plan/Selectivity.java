package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Which share of some records is expected to fulfil the conditions on their properties.
///
/// Conditions are taken to be independent of each other; bounds of one property are not. Where
/// there is no estimate, equality takes one tenth once, and nothing else is counted. Types of
/// parameters count, their values do not (rule S23).
final class Selectivity {
  static final double ONE_BOUND = 0.3;
  static final double TWO_BOUNDS = 0.1;
  static final double PREFIX = 0.1;
  static final double ELEMENTS = 10;
  private static final double EQUALITY = 0.1;

  /// No share is smaller: an estimate may be old, or of another time than the counts.
  private static final double LEAST = 1e-9;

  private final PlanContext context;
  private final boolean ofRelationships;
  private final @Nullable String labelOrType;
  private final String name;
  private final Map<String, double[]> bounds = new HashMap<>();
  private double share = 1;
  private boolean guesses;

  /// @param labelOrType of the records, null for nodes of any label
  /// @param name of the record in conditions
  Selectivity(
      PlanContext context, boolean ofRelationships, @Nullable String labelOrType, String name) {
    this.context = context;
    this.ofRelationships = ofRelationships;
    this.labelOrType = labelOrType;
    this.name = name;
  }

  /// What must hold, and the names that it needs.
  record Condition(Expression expression, Set<String> names) {}

  /// The share that fulfils all of some conditions.
  ///
  /// @param known names whose values are known when a record is tested; of conditions that need
  ///   others only an equality counts, as a guess
  double of(List<Condition> conditions, Predicate<String> known) {
    for (Condition condition : conditions) {
      Set<String> names = condition.names();
      boolean isKnown = names.stream().allMatch(one -> one.equals(name) || known.test(one));
      take(condition.expression(), isKnown);
    }
    for (double[] range : bounds.values()) {
      share *= Math.max(0, range[1] - range[0]);
    }
    return Math.max(LEAST, share * (guesses ? EQUALITY : 1));
  }

  private void take(Expression condition, boolean isKnown) {
    switch (condition) {
      case Expression.Comparison e -> {
        for (int i = 0; i < e.operators().size(); i++) {
          compare(e.terms().get(i), e.operators().get(i), e.terms().get(i + 1), isKnown);
        }
      }
      case Expression.In e -> {
        PropertyEstimate estimate = isKnown ? estimate(e.element()) : null;
        if (estimate != null) {
          share *= Math.min(estimate.present(), elements(e.list()) * estimate.equal());
        }
      }
      case Expression.IsNull e -> {
        PropertyEstimate estimate = estimate(e.operand());
        if (estimate != null) {
          share *= e.negated() ? estimate.present() : 1 - estimate.present();
        }
      }
      case Expression.TextMatch e -> {
        PropertyEstimate estimate = isKnown ? estimate(e.text()) : null;
        if (estimate != null) {
          share *= estimate.present() * PREFIX;
        }
      }
      default -> {}
    }
  }

  private void compare(Expression left, Operator operator, Expression right, boolean isKnown) {
    PropertyEstimate estimate = isKnown ? estimate(left) : null;
    if (estimate != null) {
      compare(key(left), estimate, operator, right);
      return;
    }
    estimate = isKnown ? estimate(right) : null;
    if (estimate != null) {
      compare(key(right), estimate, operator.flipped(), left);
    } else {
      guesses |= operator == Operator.EQUAL;
    }
  }

  private void compare(String key, PropertyEstimate estimate, Operator operator, Expression value) {
    if (isHopeless(value, estimate)) {
      share = 0;
      return;
    }
    switch (operator) {
      case EQUAL -> share *= estimate.equal();
      case NOT_EQUAL -> share *= estimate.present();
      case LESS, LESS_OR_EQUAL -> bound(key, estimate, estimate.position(constant(value)), 1);
      case GREATER, GREATER_OR_EQUAL -> bound(key, estimate, estimate.position(constant(value)), 0);
    }
  }

  /// Narrows the part of the values of a property that is left.
  ///
  /// @param end which end of it moves: 0 the lower one
  private void bound(String key, PropertyEstimate estimate, double position, int end) {
    if (!bounds.containsKey(key)) {
      share *= estimate.present();
      bounds.put(key, new double[] {0, 1});
    }
    double[] range = bounds.get(key);
    if (Double.isNaN(position)) {
      share *= ONE_BOUND;
    } else {
      range[end] = end == 0 ? Math.max(range[0], position) : Math.min(range[1], position);
    }
  }

  /// Whether the type of a parameter says that the comparison is never true.
  private boolean isHopeless(Expression value, PropertyEstimate estimate) {
    ParameterType type = type(context, value);
    return type == ParameterType.NULL
        || type != null
            && estimate.least() != null
            && !type.isComparableWith(ParameterType.of(estimate.least()));
  }

  private @Nullable PropertyEstimate estimate(Expression expression) {
    String key = key(expression);
    return key.isEmpty() ? null : context.statistics().property(ofRelationships, labelOrType, key);
  }

  /// The key of a property of the record; empty for anything else.
  private String key(Expression expression) {
    return expression instanceof Expression.Property property
            && property.of() instanceof Expression.Variable variable
            && variable.name().equals(name)
        ? property.key()
        : "";
  }

  // What others ask, too.

  /// The type of a parameter; null for anything else, and for one whose type is not known.
  static @Nullable ParameterType type(PlanContext context, Expression expression) {
    return expression instanceof Expression.Parameter parameter
        ? context.parameterType(parameter.name())
        : null;
  }

  /// The value of a literal, with its sign; null for anything else.
  static @Nullable Object constant(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Negation e when constant(e.operand()) instanceof Long number -> -number;
      case Expression.Negation e when constant(e.operand()) instanceof Double number -> -number;
      default -> null;
    };
  }

  /// How many elements a list has, or is taken to have.
  static double elements(Expression list) {
    return list instanceof Expression.ListLiteral literal ? literal.elements().size() : ELEMENTS;
  }

  /// The share of the values of a property that lie between two bounds, of which one may be null.
  static double range(
      @Nullable PropertyEstimate estimate, @Nullable Expression from, @Nullable Expression to) {
    double low = from == null ? 0 : position(estimate, from);
    double high = to == null ? 1 : position(estimate, to);
    if (Double.isNaN(low + high)) {
      return from == null || to == null ? ONE_BOUND : TWO_BOUNDS;
    }
    return Math.max(LEAST, high - low);
  }

  private static double position(@Nullable PropertyEstimate estimate, Expression value) {
    return estimate == null ? Double.NaN : estimate.position(constant(value));
  }
}
