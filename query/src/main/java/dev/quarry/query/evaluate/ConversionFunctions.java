package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.Point;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Scratch;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions from one kind of value to another.
final class ConversionFunctions {
  private ConversionFunctions() {}

  static void apply(
      Function function, Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    if (of.isNull()) {
      target.setNull();
      return;
    }
    Scratch values = context.values();
    switch (function) {
      case TO_BOOLEAN -> toBoolean(of, span, target);
      case TO_INTEGER -> toInteger(of, span, target);
      case TO_FLOAT -> toFloat(of, span, target);
      case TO_STRING -> toText(of, values, span, target);
      case POINT -> point(of, context, span, target);
      default -> throw new AssertionError(function);
    }
  }

  private static void toBoolean(Evaluator of, Span span, Evaluator target) {
    switch (of.tag()) {
      case Cell.BOOLEAN -> target.setFrom(of);
      case Cell.INTEGER -> target.setBoolean(of.body != 0);
      case Cell.STRING -> {
        String text = Border.text(of.head, of.body).strip();
        target.setTernary(
            text.equalsIgnoreCase("true") ? 1 : text.equalsIgnoreCase("false") ? 0 : 2);
      }
      default ->
          throw Failures.value("toBoolean cannot convert " + Cell.name(of.tag()), span, null);
    }
  }

  private static void toInteger(Evaluator of, Span span, Evaluator target) {
    switch (of.tag()) {
      case Cell.INTEGER -> target.setFrom(of);
      case Cell.BOOLEAN -> target.setInteger(of.body);
      case Cell.FLOAT -> {
        double number = Double.longBitsToDouble(of.body);
        if (Double.isNaN(number)) {
          target.setNull();
        } else if (number >= 0x1p63 || number < -0x1p63) {
          throw Failures.overflow(Double.toString(number), span);
        } else {
          target.setInteger((long) number);
        }
      }
      case Cell.STRING -> {
        Long parsed = integer(Border.text(of.head, of.body).strip());
        if (parsed == null) {
          target.setNull();
        } else {
          target.setInteger(parsed);
        }
      }
      default ->
          throw Failures.value("toInteger cannot convert " + Cell.name(of.tag()), span, null);
    }
  }

  private static @Nullable Long integer(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException notAnInteger) {
      try {
        return new BigDecimal(text).toBigInteger().longValueExact();
      } catch (ArithmeticException | NumberFormatException notANumber) {
        return null;
      }
    }
  }

  private static void toFloat(Evaluator of, Span span, Evaluator target) {
    switch (of.tag()) {
      case Cell.INTEGER, Cell.FLOAT -> target.setFloat(Cell.asDouble(of.head, of.body));
      case Cell.STRING -> {
        try {
          target.setFloat(Double.parseDouble(Border.text(of.head, of.body).strip()));
        } catch (NumberFormatException e) {
          target.setNull();
        }
      }
      default -> throw Failures.value("toFloat cannot convert " + Cell.name(of.tag()), span, null);
    }
  }

  private static void toText(Evaluator of, Scratch values, Span span, Evaluator target) {
    String text =
        switch (of.tag()) {
          case Cell.STRING -> Border.text(of.head, of.body);
          case Cell.BOOLEAN -> Boolean.toString(of.body != 0);
          case Cell.INTEGER -> Long.toString(of.body);
          case Cell.FLOAT -> Double.toString(Double.longBitsToDouble(of.body));
          default -> {
            if (!Cell.isEncoded(of.tag())) {
              throw Failures.value("toString cannot convert " + Cell.name(of.tag()), span, null);
            }
            yield Relations.decode(of.head, of.body).toString();
          }
        };
    BasicEvaluators.setText(target, text, values);
  }

  private static void point(Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    if (of.tag() != Cell.MAP) {
      throw Failures.type("point needs a map", of.head, span);
    }
    Map<?, ?> map = (Map<?, ?>) Border.get(of.head, of.body, context.reading());
    assert map != null;
    boolean geographic = map.containsKey("longitude") || map.containsKey("latitude");
    Double x = coordinate(map, geographic ? "longitude" : "x");
    Double y = coordinate(map, geographic ? "latitude" : "y");
    Double z = coordinate(map, geographic ? "height" : "z");
    if (x == null || y == null) {
      throw Failures.value(
          "a point needs x and y, or longitude and latitude, as numbers", span, null);
    }
    Object srid = map.get("srid");
    int system = srid instanceof Long number ? number.intValue() : srid(geographic, z != null);
    long at = context.values().allocate(Cell.BYTES);
    Border.put(new Point(system, x, y, z == null ? Double.NaN : z), at, context.values());
    target.setCell(at);
  }

  private static int srid(boolean geographic, boolean threeDimensional) {
    if (geographic) {
      return threeDimensional ? 4979 : 4326;
    }
    return threeDimensional ? 9157 : 7203;
  }

  private static @Nullable Double coordinate(Map<?, ?> map, String key) {
    return map.get(key) instanceof Number number ? number.doubleValue() : null;
  }
}
