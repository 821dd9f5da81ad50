package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Functions of numbers.
final class NumberFunctions {
  private NumberFunctions() {}

  static Object call(String name, List<@Nullable Object> arguments) {
    switch (name) {
      case "pi" -> {
        return Math.PI;
      }
      case "e" -> {
        return Math.E;
      }
      case "rand" -> {
        return Math.random();
      }
      default -> {
        return call(name, arguments, arguments.isEmpty() ? null : arguments.getFirst());
      }
    }
  }

  private static Object call(String name, List<@Nullable Object> arguments, @Nullable Object of) {
    return switch (name) {
      case "abs" -> of instanceof Long whole ? (Object) absolute(whole) : Math.abs(number(of));
      case "sign" -> (long) Math.signum(number(of));
      case "ceil" -> Math.ceil(number(of));
      case "floor" -> Math.floor(number(of));
      case "round" -> Math.floor(number(of) + 0.5);
      case "sqrt" -> Math.sqrt(number(of));
      case "exp" -> Math.exp(number(of));
      case "log" -> Math.log(number(of));
      case "log10" -> Math.log10(number(of));
      case "sin" -> Math.sin(number(of));
      case "cos" -> Math.cos(number(of));
      case "tan" -> Math.tan(number(of));
      case "asin" -> Math.asin(number(of));
      case "acos" -> Math.acos(number(of));
      case "atan" -> Math.atan(number(of));
      case "atan2" -> Math.atan2(number(of), number(arguments.get(1)));
      case "degrees" -> Math.toDegrees(number(of));
      case "radians" -> Math.toRadians(number(of));
      default -> throw Failure.notSupported("function " + name);
    };
  }

  private static long absolute(long number) {
    if (number == Long.MIN_VALUE) {
      throw Failure.of(ErrorCode.ARITHMETIC_OVERFLOW, "abs(" + number + ")");
    }
    return Math.abs(number);
  }

  private static double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw Failure.type("a number is needed", value);
  }
}
