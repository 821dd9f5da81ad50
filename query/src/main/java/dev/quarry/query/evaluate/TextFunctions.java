package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Functions of strings. Positions and lengths count code points (rule S15).
final class TextFunctions {
  private TextFunctions() {}

  static void apply(
      Function function, Evaluator[] arguments, Scratch values, Span span, Evaluator target) {
    for (Evaluator argument : arguments) {
      if (argument.isNull()) {
        target.setNull();
        return;
      }
    }
    String text = text(arguments[0], function, span);
    switch (function) {
      case TO_UPPER -> set(target, text.toUpperCase(Locale.ROOT), values);
      case TO_LOWER -> set(target, text.toLowerCase(Locale.ROOT), values);
      case TRIM -> set(target, text.strip(), values);
      case LTRIM -> set(target, text.stripLeading(), values);
      case RTRIM -> set(target, text.stripTrailing(), values);
      case LEFT -> set(target, cut(text, 0, count(arguments[1], function, span)), values);
      case RIGHT -> {
        long size = text.codePointCount(0, text.length());
        long count = count(arguments[1], function, span);
        set(target, cut(text, Math.max(0, size - count), count), values);
      }
      case SUBSTRING -> {
        long from = count(arguments[1], function, span);
        long count =
            arguments.length == 3 ? count(arguments[2], function, span) : Integer.MAX_VALUE;
        set(target, cut(text, from, count), values);
      }
      case REPLACE ->
          set(
              target,
              text.replace(text(arguments[1], function, span), text(arguments[2], function, span)),
              values);
      case SPLIT -> split(text, text(arguments[1], function, span), values, target);
      default -> throw new AssertionError(function);
    }
  }

  private static void set(Evaluator target, String text, Scratch values) {
    BasicEvaluators.setText(target, text, values);
  }

  private static String text(Evaluator argument, Function function, Span span) {
    if (argument.tag() != Cell.STRING) {
      throw Failures.type(function.text() + " needs a string", argument.head, span);
    }
    return Border.text(argument.head, argument.body);
  }

  private static long count(Evaluator argument, Function function, Span span) {
    if (argument.tag() != Cell.INTEGER) {
      throw Failures.type(function.text() + " needs an integer", argument.head, span);
    }
    if (argument.body < 0) {
      throw Failures.value(
          function.text() + " needs a number of characters, not " + argument.body, span, null);
    }
    return argument.body;
  }

  /// `count` code points from code point `from` on.
  private static String cut(String text, long from, long count) {
    int size = text.codePointCount(0, text.length());
    int first = (int) Math.min(from, size);
    int end = (int) Math.min(first + count, size);
    int begin = text.offsetByCodePoints(0, first);
    return text.substring(begin, text.offsetByCodePoints(begin, end - first));
  }

  private static void split(String text, String separator, Scratch values, Evaluator target) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    int found = separator.isEmpty() ? -1 : text.indexOf(separator);
    while (found >= 0) {
      parts.add(text.substring(from, found));
      from = found + separator.length();
      found = text.indexOf(separator, from);
    }
    parts.add(text.substring(from));
    if (separator.isEmpty()) {
      parts = text.codePoints().mapToObj(Character::toString).toList();
    }
    long at = values.allocate(Cell.BYTES);
    Border.put(parts, at, values);
    target.setCell(at);
  }
}
