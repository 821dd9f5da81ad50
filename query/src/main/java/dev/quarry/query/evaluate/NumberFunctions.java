package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Functions of numbers.
final class NumberFunctions {
  /// A float has no digit behind this one.
  private static final int MOST_DIGITS = 1100;

  private NumberFunctions() {}

  static void apply(
      Function function, Evaluator[] arguments, long now, Span span, Evaluator target) {
    switch (function) {
      case PI -> target.setFloat(Math.PI);
      case E -> target.setFloat(Math.E);
      case RAND -> target.setFloat(ThreadLocalRandom.current().nextDouble());
      case TIMESTAMP -> target.setInteger(now);
      case ROUND -> round(arguments, span, target);
      default -> ofNumbers(function, arguments, span, target);
    }
  }

  private static void ofNumbers(
      Function function, Evaluator[] arguments, Span span, Evaluator target) {
    for (Evaluator argument : arguments) {
      if (argument.isNull()) {
        target.setNull();
        return;
      }
      requireNumber(function, argument, span);
    }
    Evaluator of = arguments[0];
    boolean integer = of.tag() == Cell.INTEGER;
    double number = Cell.asDouble(of.head, of.body);
    switch (function) {
      case ABS -> {
        if (integer && of.body == Long.MIN_VALUE) {
          throw Failures.overflow("abs(" + of.body + ")", span);
        }
        if (integer) {
          target.setInteger(Math.abs(of.body));
        } else {
          target.setFloat(Math.abs(number));
        }
      }
      case SIGN -> target.setInteger((long) Math.signum(number));
      case IS_NAN -> target.setBoolean(Double.isNaN(number));
      case ATAN2 ->
          target.setFloat(Math.atan2(number, Cell.asDouble(arguments[1].head, arguments[1].body)));
      default -> target.setFloat(compute(function, number));
    }
  }

  private static double compute(Function function, double number) {
    return switch (function) {
      case CEIL -> Math.ceil(number);
      case FLOOR -> Math.floor(number);
      case SQRT -> Math.sqrt(number);
      case EXP -> Math.exp(number);
      case LOG -> Math.log(number);
      case LOG10 -> Math.log10(number);
      case SIN -> Math.sin(number);
      case COS -> Math.cos(number);
      case TAN -> Math.tan(number);
      case COT -> 1 / Math.tan(number);
      case ASIN -> Math.asin(number);
      case ACOS -> Math.acos(number);
      case ATAN -> Math.atan(number);
      case SINH -> Math.sinh(number);
      case COSH -> Math.cosh(number);
      case TANH -> Math.tanh(number);
      case COTH -> number == 0 ? Double.NaN : 1 / Math.tanh(number);
      case HAVERSIN -> (1 - Math.cos(number)) / 2;
      case DEGREES -> Math.toDegrees(number);
      case RADIANS -> Math.toRadians(number);
      default -> throw new AssertionError(function);
    };
  }

  private static void requireNumber(Function function, Evaluator argument, Span span) {
    if (!Cell.isNumber(argument.tag())) {
      throw Failures.type(function.text() + " needs a number", argument.head, span);
    }
  }

  /// `round(number)`, `round(number, digits)`, `round(number, digits, mode)`. Half is rounded up
  /// where neither digits nor mode are asked for, else away from zero unless the mode says
  /// otherwise.
  private static void round(Evaluator[] arguments, Span span, Evaluator target) {
    for (Evaluator argument : arguments) {
      if (argument.isNull()) {
        target.setNull();
        return;
      }
    }
    requireNumber(Function.ROUND, arguments[0], span);
    double number = Cell.asDouble(arguments[0].head, arguments[0].body);
    int digits = arguments.length > 1 ? digits(arguments[1], span) : 0;
    RoundingMode mode = arguments.length > 2 ? mode(arguments[2], span) : RoundingMode.HALF_UP;
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      target.setFloat(number);
    } else if (arguments.length == 1) {
      double whole = Math.floor(number);
      target.setFloat(number - whole >= 0.5 ? whole + 1 : whole);
    } else {
      target.setFloat(new BigDecimal(Double.toString(number)).setScale(digits, mode).doubleValue());
    }
  }

  private static int digits(Evaluator argument, Span span) {
    if (argument.tag() != Cell.INTEGER) {
      throw Failures.type("the digits of round are an integer", argument.head, span);
    }
    if (argument.body < 0) {
      throw new EvaluationException(
          ErrorCode.NUMBER_OUT_OF_RANGE,
          "round cannot keep " + argument.body + " digits behind the point",
          span,
          "to round to hundreds write 100 * round(x / 100.0)");
    }
    return (int) Math.min(argument.body, MOST_DIGITS);
  }

  private static RoundingMode mode(Evaluator argument, Span span) {
    if (argument.tag() != Cell.STRING) {
      throw Failures.type("the mode of round is a string", argument.head, span);
    }
    String name = Border.text(argument.head, argument.body).toUpperCase(Locale.ROOT);
    @Nullable RoundingMode mode =
        switch (name) {
          case "UP" -> RoundingMode.UP;
          case "DOWN" -> RoundingMode.DOWN;
          case "CEILING" -> RoundingMode.CEILING;
          case "FLOOR" -> RoundingMode.FLOOR;
          case "HALF_UP" -> RoundingMode.HALF_UP;
          case "HALF_DOWN" -> RoundingMode.HALF_DOWN;
          case "HALF_EVEN" -> RoundingMode.HALF_EVEN;
          default -> null;
        };
    if (mode == null) {
      throw Failures.value(
          "round has no mode `" + name + "`",
          span,
          "use UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN or HALF_EVEN");
    }
    return mode;
  }
}
