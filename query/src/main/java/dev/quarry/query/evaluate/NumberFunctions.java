package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.concurrent.ThreadLocalRandom;

/// Functions of numbers.
final class NumberFunctions {
  private NumberFunctions() {}

  static void apply(
      Function function, Evaluator[] arguments, long now, Span span, Evaluator target) {
    switch (function) {
      case PI -> target.setFloat(Math.PI);
      case E -> target.setFloat(Math.E);
      case RAND -> target.setFloat(ThreadLocalRandom.current().nextDouble());
      case TIMESTAMP -> target.setInteger(now);
      default -> ofNumber(function, arguments, span, target);
    }
  }

  private static void ofNumber(
      Function function, Evaluator[] arguments, Span span, Evaluator target) {
    for (Evaluator argument : arguments) {
      if (argument.isNull()) {
        target.setNull();
        return;
      }
      if (!Cell.isNumber(argument.tag())) {
        throw Failures.type(function.text() + " needs a number", argument.head, span);
      }
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
      case CEIL -> target.setFloat(Math.ceil(number));
      case FLOOR -> target.setFloat(Math.floor(number));
      case ROUND -> target.setFloat(round(number, arguments));
      case SQRT -> target.setFloat(Math.sqrt(number));
      case EXP -> target.setFloat(Math.exp(number));
      case LOG -> target.setFloat(Math.log(number));
      case LOG10 -> target.setFloat(Math.log10(number));
      case SIN -> target.setFloat(Math.sin(number));
      case COS -> target.setFloat(Math.cos(number));
      case TAN -> target.setFloat(Math.tan(number));
      case ASIN -> target.setFloat(Math.asin(number));
      case ACOS -> target.setFloat(Math.acos(number));
      case ATAN -> target.setFloat(Math.atan(number));
      case ATAN2 ->
          target.setFloat(Math.atan2(number, Cell.asDouble(arguments[1].head, arguments[1].body)));
      case DEGREES -> target.setFloat(Math.toDegrees(number));
      case RADIANS -> target.setFloat(Math.toRadians(number));
      default -> throw new AssertionError(function);
    }
  }

  /// Half is rounded up where no digits are asked for, else away from zero.
  private static double round(double number, Evaluator[] arguments) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return number;
    }
    if (arguments.length == 1) {
      return Math.floor(number + 0.5);
    }
    int digits = Math.clamp(arguments[1].body, 0, 300);
    return new BigDecimal(Double.toString(number))
        .setScale(digits, RoundingMode.HALF_UP)
        .doubleValue();
  }
}
