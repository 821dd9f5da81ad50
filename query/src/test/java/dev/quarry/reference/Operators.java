package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Expression.Comparison;
import dev.quarry.query.syntax.Expression.TextMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Operators on values.
final class Operators {
  private Operators() {}

  // Contents of entities and maps.

  /// The contents of a deleted entity are gone (rule S6).
  static void requireContents(ReferenceEntity entity) {
    if (entity.isDeleted()) {
      throw Failure.of(ErrorCode.DELETED_ENTITY_ACCESS, entity + " is deleted");
    }
  }

  static Map<String, @Nullable Object> contents(Object of) {
    return switch (of) {
      case ReferenceEntity entity -> {
        requireContents(entity);
        yield new java.util.TreeMap<>(entity.properties());
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new java.util.LinkedHashMap<>();
        map.forEach((key, value) -> copy.put((String) key, value));
        yield copy;
      }
      default -> throw Failure.type("only nodes, relationships and maps have keys", of);
    };
  }

  static @Nullable Object property(@Nullable Object of, String key) {
    return of == null ? null : contents(of).get(key);
  }

  static @Nullable Object index(@Nullable Object of, @Nullable Object index) {
    if (of == null || index == null) {
      return null;
    }
    if (of instanceof List<?> list) {
      if (!(index instanceof Long)) {
        throw Failure.type("a list is indexed by an integer", index);
      }
      long at = (Long) index < 0 ? list.size() + (Long) index : (Long) index;
      return at < 0 || at >= list.size() ? null : list.get((int) at);
    }
    if (!(index instanceof String)) {
      throw Failure.type("a key must be a string", index);
    }
    return property(of, (String) index);
  }

  static @Nullable Object slice(@Nullable Object of, @Nullable Object from, @Nullable Object to) {
    if (of == null || from == null || to == null) {
      return null;
    }
    if (!(of instanceof List<?> list) || !(from instanceof Long) || !(to instanceof Long)) {
      throw Failure.type("a slice is of a list, between integers", of);
    }
    long begin = bound((Long) from, list.size());
    long end = bound((Long) to, list.size());
    return begin >= end ? List.of() : new ArrayList<>(list.subList((int) begin, (int) end));
  }

  private static long bound(long at, long size) {
    return Math.clamp(at < 0 ? at + size : at, 0, size);
  }

  // Comparing.

  static @Nullable Boolean compare(
      Comparison.Operator operator, @Nullable Object a, @Nullable Object b) {
    if (operator == Comparison.Operator.EQUAL) {
      return Values.equal(a, b);
    }
    if (operator == Comparison.Operator.NOT_EQUAL) {
      return Values.not(Values.equal(a, b));
    }
    Integer order = Values.compare(a, b);
    if (order == null) {
      return null;
    }
    if (Values.isNaN(a) || Values.isNaN(b)) {
      return false;
    }
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  static @Nullable Boolean in(@Nullable Object element, @Nullable Object list) {
    if (list == null) {
      return null;
    }
    if (!(list instanceof List<?> elements)) {
      throw Failure.type("IN needs a list", list);
    }
    Boolean result = false;
    for (Object one : elements) {
      result = Values.or(result, Values.equal(element, one));
    }
    return result;
  }

  static @Nullable Boolean matches(
      TextMatch.Kind kind, @Nullable Object text, @Nullable Object pattern) {
    if (!(text instanceof String a) || !(pattern instanceof String b)) {
      return null;
    }
    return switch (kind) {
      case STARTS_WITH -> a.startsWith(b);
      case ENDS_WITH -> a.endsWith(b);
      case CONTAINS -> a.contains(b);
      case REGULAR_EXPRESSION -> Pattern.matches(b, a);
    };
  }

  // Computing (rule S18).

  static @Nullable Object negate(@Nullable Object value) {
    if (value instanceof Double number) {
      return -number;
    }
    return value instanceof Long ? integers('-', 0, (Long) value) : numbersOnly(value);
  }

  private static @Nullable Object numbersOnly(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    throw Failure.type("a number is needed", value);
  }

  static @Nullable Object arithmetic(char operator, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof Number x && b instanceof Number y) {
      boolean integers = a instanceof Long && b instanceof Long && operator != '^';
      return integers
          ? (Object) integers(operator, x.longValue(), y.longValue())
          : (Object) floats(operator, x.doubleValue(), y.doubleValue());
    }
    if (operator == '+' && (a instanceof List || b instanceof List)) {
      List<@Nullable Object> list = new ArrayList<>(a instanceof List<?> x ? x : List.of(a));
      list.addAll(b instanceof List<?> y ? y : List.of(b));
      return list;
    }
    if (operator == '+' && (a instanceof String || b instanceof String)) {
      return text(a) + text(b);
    }
    throw Failure.type("no " + operator + " for " + a, b);
  }

  private static String text(Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw Failure.type("only texts, numbers and booleans are joined to a text", value);
  }

  private static long integers(char operator, long a, long b) {
    try {
      return switch (operator) {
        case '+' -> Math.addExact(a, b);
        case '-' -> Math.subtractExact(a, b);
        case '*' -> Math.multiplyExact(a, b);
        case '/' -> Math.divideExact(a, b);
        default -> a % b;
      };
    } catch (ArithmeticException e) {
      boolean byZero = b == 0 && (operator == '/' || operator == '%');
      throw Failure.of(
          byZero ? ErrorCode.DIVISION_BY_ZERO : ErrorCode.ARITHMETIC_OVERFLOW,
          a + " " + operator + " " + b);
    }
  }

  private static double floats(char operator, double a, double b) {
    return switch (operator) {
      case '+' -> a + b;
      case '-' -> a - b;
      case '*' -> a * b;
      case '/' -> a / b;
      case '%' -> a % b;
      default -> Math.pow(a, b);
    };
  }
}
