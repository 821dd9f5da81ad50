package dev.quarry.query.evaluate;

import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.graph.Point;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Scratch;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Functions from one kind of value to another: `toInteger`, which refuses what it cannot convert,
/// `toIntegerOrNull`, which gives null for it, `toIntegerList`, which does so for each element, and
/// their like.
final class ConversionFunctions {
  /// Digits that an integer of 64 bits can have.
  private static final int MOST_DIGITS = 19;

  /// Characters of a number that is read with all its digits; longer ones take too long.
  private static final int LONG_NUMBER = 1_000;

  private ConversionFunctions() {}

  static void apply(
      Function function, Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    Scratch values = context.values();
    if (of.isNull()) {
      target.setNull();
      return;
    }
    switch (function) {
      case TO_BOOLEAN, TO_INTEGER, TO_FLOAT, TO_STRING -> {
        if (!convert(function, of.head, of.body, values, target)) {
          throw failure(function, of, span);
        }
      }
      case TO_BOOLEAN_OR_NULL -> orNull(Function.TO_BOOLEAN, of, values, target);
      case TO_INTEGER_OR_NULL -> orNull(Function.TO_INTEGER, of, values, target);
      case TO_FLOAT_OR_NULL -> orNull(Function.TO_FLOAT, of, values, target);
      case TO_STRING_OR_NULL -> orNull(Function.TO_STRING, of, values, target);
      case TO_BOOLEAN_LIST -> list(function, Function.TO_BOOLEAN, of, context, span, target);
      case TO_INTEGER_LIST -> list(function, Function.TO_INTEGER, of, context, span, target);
      case TO_FLOAT_LIST -> list(function, Function.TO_FLOAT, of, context, span, target);
      case TO_STRING_LIST -> list(function, Function.TO_STRING, of, context, span, target);
      default -> throw new AssertionError(function);
    }
  }

  private static EvaluationException failure(Function function, Evaluator of, Span span) {
    return of.tag() == Cell.FLOAT && function == Function.TO_INTEGER
        ? Failures.overflow(Double.toString(Double.longBitsToDouble(of.body)), span)
        : Failures.value(
            function.text() + " cannot convert " + Cell.name(of.tag()),
            span,
            "use " + function.text() + "OrNull to get null instead");
  }

  private static void orNull(Function function, Evaluator of, Scratch values, Evaluator target) {
    if (!convert(function, of.head, of.body, values, target)) {
      target.setNull();
    }
  }

  private static void list(
      Function function,
      Function element,
      Evaluator of,
      EvaluationContext context,
      Span span,
      Evaluator target) {
    if (of.tag() != Cell.LIST) {
      throw Failures.type(function.text() + " needs a list", of.head, span);
    }
    Scratch values = context.values();
    long size = Cell.size(of.head);
    long source = of.body;
    long cells = values.allocate(size * Cell.BYTES);
    for (long i = 0; i < size; i++) {
      long from = source + i * Cell.BYTES;
      boolean text = Cell.tag(Cell.head(from)) == Cell.STRING;
      context.pace().bytes(text ? Cell.size(Cell.head(from)) : 0);
      if (!convert(element, Cell.head(from), Cell.body(from), values, target)) {
        target.setNull();
      }
      Cell.put(cells + i * Cell.BYTES, target.head, target.body);
    }
    target.set(Cell.listHead(cells, size), cells);
  }

  /// Converts a value; a string that cannot be read becomes null.
  ///
  /// @return false if values of its kind cannot be converted, or it is too large
  private static boolean convert(
      Function function, long head, long body, Scratch values, Evaluator target) {
    if (Cell.tag(head) == Cell.NULL) {
      target.setNull();
      return true;
    }
    return switch (function) {
      case TO_BOOLEAN -> toBoolean(head, body, target);
      case TO_INTEGER -> toInteger(head, body, target);
      case TO_FLOAT -> toFloat(head, body, target);
      default -> toText(head, body, values, target);
    };
  }

  private static boolean toBoolean(long head, long body, Evaluator target) {
    switch (Cell.tag(head)) {
      case Cell.BOOLEAN -> target.set(head, body);
      case Cell.INTEGER -> target.setBoolean(body != 0);
      case Cell.STRING -> {
        String text = Border.text(head, body).strip();
        target.setTernary(
            text.equalsIgnoreCase("true") ? 1 : text.equalsIgnoreCase("false") ? 0 : 2);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean toInteger(long head, long body, Evaluator target) {
    switch (Cell.tag(head)) {
      case Cell.INTEGER -> target.set(head, body);
      case Cell.BOOLEAN -> target.setInteger(body);
      case Cell.FLOAT -> {
        double number = Double.longBitsToDouble(body);
        if (number >= 0x1p63 || number < -0x1p63) {
          return false;
        }
        if (Double.isNaN(number)) {
          target.setNull();
        } else {
          target.setInteger((long) number);
        }
      }
      case Cell.STRING -> {
        Long parsed = integer(Border.text(head, body).strip());
        if (parsed == null) {
          target.setNull();
        } else {
          target.setInteger(parsed);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Long integer(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException notAnInteger) {
      if (text.length() > LONG_NUMBER) {
        return wholePart(text);
      }
      try {
        BigDecimal number = new BigDecimal(text);
        long digits = (long) number.precision() - number.scale();
        if (digits <= 0) {
          return 0L;
        }
        return digits > MOST_DIGITS ? null : number.toBigInteger().longValueExact();
      } catch (ArithmeticException | NumberFormatException notANumber) {
        return null;
      }
    }
  }

  /// What stands before the dot of a number without an exponent; null if it is none.
  private static @Nullable Long wholePart(String text) {
    int dot = text.indexOf('.');
    boolean digits = text.chars().skip(dot + 1L).allMatch(c -> c >= '0' && c <= '9');
    try {
      return dot > 0 && digits ? Long.valueOf(text.substring(0, dot)) : null;
    } catch (NumberFormatException notAnInteger) {
      return null;
    }
  }

  private static boolean toFloat(long head, long body, Evaluator target) {
    switch (Cell.tag(head)) {
      case Cell.INTEGER, Cell.FLOAT -> target.setFloat(Cell.asDouble(head, body));
      case Cell.STRING -> {
        Double parsed = floating(Border.text(head, body).strip());
        if (parsed == null) {
          target.setNull();
        } else {
          target.setFloat(parsed);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /// What Java reads, but for its own forms `1f`, `1d` and `0x1p3`.
  private static @Nullable Double floating(String text) {
    boolean javaOnly = text.endsWith("f") || text.endsWith("F") || text.endsWith("d");
    if (javaOnly || text.endsWith("D") || text.indexOf('x') >= 0 || text.indexOf('X') >= 0) {
      return null;
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static boolean toText(long head, long body, Scratch values, Evaluator target) {
    int tag = Cell.tag(head);
    if (tag == Cell.STRING) {
      target.set(head, body);
      return true;
    }
    String text =
        switch (tag) {
          case Cell.BOOLEAN -> Boolean.toString(body != 0);
          case Cell.INTEGER -> Long.toString(body);
          case Cell.FLOAT -> Double.toString(Double.longBitsToDouble(body));
          case Cell.POINT -> PointFunctions.text((Point) Relations.decode(head, body));
          default -> Cell.isEncoded(tag) ? Relations.decode(head, body).toString() : null;
        };
    if (text == null) {
      return false;
    }
    BasicEvaluators.setText(target, text, values);
    return true;
  }
}
