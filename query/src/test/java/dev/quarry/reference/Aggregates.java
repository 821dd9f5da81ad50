package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.Query;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Functions that take many rows to one value. Nulls do not count.
final class Aggregates {
  private static final Set<String> NAMES =
      Set.of("count", "sum", "avg", "min", "max", "collect", "percentiledisc", "percentilecont");

  private Aggregates() {}

  static boolean isAggregate(Object tree) {
    return tree instanceof Expression.CountRows
        || tree instanceof Expression.Call call
            && NAMES.contains(call.name().toLowerCase(Locale.ROOT));
  }

  /// Whether there is an aggregate anywhere in a tree, patterns and subqueries apart.
  static boolean isIn(@Nullable Object tree) {
    if (tree == null || tree instanceof PatternPart || tree instanceof Query) {
      return false;
    }
    if (tree instanceof Collection<?> list) {
      return list.stream().anyMatch(Aggregates::isIn);
    }
    return isAggregate(tree)
        || tree instanceof Record parts && components(parts).stream().anyMatch(Aggregates::isIn);
  }

  /// The parts of a tree, whatever it is.
  private static List<@Nullable Object> components(Record tree) {
    List<@Nullable Object> components = new ArrayList<>();
    try {
      for (RecordComponent component : tree.getClass().getRecordComponents()) {
        components.add(component.getAccessor().invoke(tree));
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new AssertionError(e);
    }
    return components;
  }

  static @Nullable Object value(
      Expression.Call call, List<Map<String, @Nullable Object>> group, Expressions expressions) {
    List<Object> values = new ArrayList<>();
    for (var row : group) {
      Object value = expressions.value(call.arguments().getFirst(), Environment.of(row));
      boolean known =
          call.distinct() && values.stream().anyMatch(other -> Values.equivalent(other, value));
      if (value != null && !known) {
        values.add(value);
      }
    }
    return switch (call.name().toLowerCase(Locale.ROOT)) {
      case "count" -> (long) values.size();
      case "collect" -> values;
      case "min" -> values.stream().min(Values::order).orElse(null);
      case "max" -> values.stream().max(Values::order).orElse(null);
      case "sum" -> sum(values);
      case "avg" -> values.isEmpty() ? null : average(values);
      default -> percentile(call, values, group, expressions);
    };
  }

  private static Object sum(List<Object> values) {
    Object sum = 0L;
    for (Object value : values) {
      requireNumber(value);
      sum = java.util.Objects.requireNonNull(Operators.arithmetic('+', sum, value));
    }
    return sum;
  }

  private static double average(List<Object> values) {
    double sum = 0;
    for (Object value : values) {
      sum += requireNumber(value).doubleValue();
    }
    return sum / values.size();
  }

  private static Number requireNumber(Object value) {
    if (value instanceof Number number) {
      return number;
    }
    throw Failure.type("numbers are needed", value);
  }

  private static @Nullable Object percentile(
      Expression.Call call,
      List<Object> values,
      List<Map<String, @Nullable Object>> group,
      Expressions expressions) {
    if (group.isEmpty()) {
      return null;
    }
    Object wanted = expressions.value(call.arguments().get(1), Environment.of(group.getFirst()));
    double at = wanted instanceof Number number ? number.doubleValue() : -1;
    if (at < 0 || at > 1) {
      throw Failure.of(ErrorCode.NUMBER_OUT_OF_RANGE, "a percentile is of 0 to 1, not " + wanted);
    }
    if (values.isEmpty()) {
      return null;
    }
    values.sort(Values::order);
    if (call.name().toLowerCase(Locale.ROOT).equals("percentiledisc")) {
      return values.get(Math.max(0, (int) Math.ceil(at * values.size()) - 1));
    }
    double position = at * (values.size() - 1);
    double below = requireNumber(values.get((int) Math.floor(position))).doubleValue();
    double above = requireNumber(values.get((int) Math.ceil(position))).doubleValue();
    return below + (above - below) * (position - Math.floor(position));
  }
}
