package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.CypherDuration;
import dev.quarry.query.plan.Function;
import dev.quarry.query.temporal.Durations;
import dev.quarry.query.temporal.TemporalArithmetic;
import dev.quarry.query.temporal.TemporalBuilder;
import dev.quarry.query.temporal.TemporalDifference;
import dev.quarry.query.temporal.TemporalException;
import dev.quarry.query.temporal.TemporalFields;
import dev.quarry.query.temporal.TemporalKind;
import dev.quarry.query.temporal.TemporalText;
import dev.quarry.query.temporal.TemporalTruncation;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Scratch;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions, operators and fields of temporal values: from cells to `java.time` and back.
final class TemporalFunctions {
  private static final ZoneId ZONE = ZoneOffset.UTC;

  private TemporalFunctions() {}

  static void apply(
      Function function,
      Evaluator[] arguments,
      EvaluationContext context,
      Span span,
      Evaluator target) {
    @Nullable Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Border.get(arguments[i].head, arguments[i].body, context.reading());
      if (values[i] == null) {
        target.setNull();
        return;
      }
    }
    try {
      put(compute(function, values, context), context.values(), target);
    } catch (TemporalException | DateTimeException | ArithmeticException e) {
      throw Failures.value(e.getMessage(), span, null);
    } catch (ClassCastException e) {
      throw Failures.type(function.text() + " cannot be applied", arguments[0].head, span);
    }
  }

  private static Object compute(
      Function function, @Nullable Object[] values, EvaluationContext context) {
    switch (function) {
      case DURATION -> {
        return values[0] instanceof String text
            ? TemporalText.duration(text)
            : Durations.of((Map<?, ?>) values[0]);
      }
      case DURATION_BETWEEN -> {
        return TemporalDifference.between(temporal(values[0]), temporal(values[1]));
      }
      case DURATION_IN_MONTHS -> {
        return TemporalDifference.inMonths(temporal(values[0]), temporal(values[1]));
      }
      case DURATION_IN_DAYS -> {
        return TemporalDifference.inDays(temporal(values[0]), temporal(values[1]));
      }
      case DURATION_IN_SECONDS -> {
        return TemporalDifference.inSeconds(temporal(values[0]), temporal(values[1]));
      }
      case DATETIME_FROM_EPOCH -> {
        return Instant.ofEpochSecond((Long) values[0], (Long) values[1]).atZone(ZONE);
      }
      case DATETIME_FROM_EPOCH_MILLIS -> {
        return Instant.ofEpochMilli((Long) values[0]).atZone(ZONE);
      }
      default -> {
        return ofKind(function, values, context);
      }
    }
  }

  /// `date(…)`, `date.truncate(…)`, `date.realtime(…)` and the like of the other kinds.
  private static Object ofKind(
      Function function, @Nullable Object[] values, EvaluationContext context) {
    int dot = function.text().indexOf('.');
    String name = dot < 0 ? function.text() : function.text().substring(0, dot);
    String variant = dot < 0 ? "" : function.text().substring(dot + 1);
    TemporalKind kind = TemporalKind.of(name);
    if (variant.equals("truncate")) {
      Map<?, ?> fields = values.length < 3 ? Map.of() : (Map<?, ?>) values[2];
      return TemporalTruncation.truncate(
          kind, (String) values[0], temporal(values[1]), fields, ZONE);
    }
    if (!variant.isEmpty() || values.length == 0) {
      StatementClock clock = context.clock();
      Instant now = variant.equals("realtime") ? clock.realTime() : clock.now();
      ZonedDateTime time = now.atZone(ZONE);
      return values.length == 0
          ? TemporalBuilder.convert(kind, time, ZONE)
          : TemporalBuilder.inZone(kind, time, (String) values[0]);
    }
    return switch (values[0]) {
      case String text -> TemporalText.parse(kind, text, ZONE);
      case Map<?, ?> map -> TemporalBuilder.of(kind, map, ZONE);
      default -> TemporalBuilder.convert(kind, temporal(values[0]), ZONE);
    };
  }

  private static Object temporal(@Nullable Object value) {
    return java.util.Objects.requireNonNull((java.time.temporal.Temporal) value);
  }

  /// A field of a temporal value.
  static void field(
      Evaluator of, String key, EvaluationContext context, Span span, Evaluator target) {
    try {
      Object value = TemporalFields.get(Relations.decode(of.head, of.body), key);
      if (value == null) {
        throw Failures.value(
            Cell.name(of.tag()) + " has no field `" + key + "`", span, "as in .year or .hour");
      }
      put(value, context.values(), target);
    } catch (TemporalException e) {
      throw Failures.value(e.getMessage(), span, null);
    }
  }

  /// `left operator right`, where one of them is temporal; the result is left in `left`.
  static void compute(char operator, Evaluator left, Evaluator right, Scratch values, Span span) {
    Object a = value(left);
    Object b = value(right);
    int sign = operator == '-' ? -1 : 1;
    boolean adds = operator == '+' || operator == '-';
    boolean scales = operator == '*' || operator == '/';
    try {
      if (adds && a instanceof CypherDuration x && b instanceof CypherDuration y) {
        put(Durations.add(x, y, sign), values, left);
      } else if (adds && b instanceof CypherDuration y && isPoint(left)) {
        put(TemporalArithmetic.add(a, y, sign), values, left);
      } else if (operator == '+' && a instanceof CypherDuration x && isPoint(right)) {
        put(TemporalArithmetic.add(b, x, 1), values, left);
      } else if (scales && a instanceof CypherDuration x && b instanceof Number y) {
        put(
            operator == '*'
                ? Durations.multiply(x, y.doubleValue())
                : Durations.divide(x, y.doubleValue()),
            values,
            left);
      } else if (operator == '*' && a instanceof Number x && b instanceof CypherDuration y) {
        put(Durations.multiply(y, x.doubleValue()), values, left);
      } else {
        throw Failures.operands(operator, left.head, right.head, span);
      }
    } catch (TemporalException e) {
      throw Failures.value(e.getMessage(), span, null);
    }
  }

  private static boolean isPoint(Evaluator evaluator) {
    return evaluator.tag() >= Cell.DATE && evaluator.tag() < Cell.DURATION;
  }

  private static Object value(Evaluator evaluator) {
    return switch (evaluator.tag()) {
      case Cell.INTEGER -> evaluator.body;
      case Cell.FLOAT -> Double.longBitsToDouble(evaluator.body);
      default ->
          Cell.isEncoded(evaluator.tag())
              ? Relations.decode(evaluator.head, evaluator.body)
              : Boolean.FALSE;
    };
  }

  private static void put(Object value, Scratch values, Evaluator target) {
    long at = values.allocate(Cell.BYTES);
    Border.put(value, at, values);
    target.setCell(at);
  }
}
