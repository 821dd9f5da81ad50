package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.text.Normalizer;
import java.util.BitSet;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Functions of strings. Positions and lengths count code points (rule S15).
final class TextFunctions {
  private static final int BYTES_OF_STEP = 64;

  private TextFunctions() {}

  static void apply(
      Function function,
      Evaluator[] arguments,
      EvaluationContext context,
      Span span,
      Evaluator target) {
    Scratch values = context.values();
    for (Evaluator argument : arguments) {
      if (argument.isNull()) {
        target.setNull();
        return;
      }
    }
    require(arguments[0], function, span);
    switch (function) {
      case CHAR_LENGTH, CHARACTER_LENGTH -> target.setInteger(codePoints(arguments[0]));
      case REPLACE -> {
        require(arguments[1], function, span);
        require(arguments[2], function, span);
        TextParts.replace(arguments, context, target);
      }
      case SPLIT -> TextParts.split(arguments[0], separators(arguments[1], span), context, target);
      default -> apply(function, text(arguments[0]), arguments, values, span, target);
    }
  }

  /// Functions that work on a Java string.
  private static void apply(
      Function function,
      String text,
      Evaluator[] arguments,
      Scratch values,
      Span span,
      Evaluator target) {
    switch (function) {
      case TO_UPPER, UPPER -> set(target, text.toUpperCase(Locale.ROOT), values);
      case TO_LOWER, LOWER -> set(target, text.toLowerCase(Locale.ROOT), values);
      case TRIM, BTRIM, LTRIM, RTRIM -> trim(function, text, arguments, values, span, target);
      case NORMALIZE -> {
        Normalizer.Form form =
            arguments.length == 1 ? Normalizer.Form.NFC : form(arguments[1], span);
        set(target, Normalizer.normalize(text, form), values);
      }
      case LEFT -> set(target, cut(text, 0, count(arguments[1], function, span)), values);
      case RIGHT -> {
        long size = codePoints(arguments[0]);
        long count = count(arguments[1], function, span);
        set(target, cut(text, Math.max(0, size - count), count), values);
      }
      case SUBSTRING -> {
        long from = count(arguments[1], function, span);
        long count =
            arguments.length == 3 ? count(arguments[2], function, span) : Integer.MAX_VALUE;
        set(target, cut(text, from, count), values);
      }
      default -> throw new AssertionError(function);
    }
  }

  private static void set(Evaluator target, String text, Scratch values) {
    BasicEvaluators.setText(target, text, values);
  }

  private static String text(Evaluator argument) {
    return Border.text(argument.head, argument.body);
  }

  private static String text(Evaluator argument, Function function, Span span) {
    require(argument, function, span);
    return text(argument);
  }

  private static void require(Evaluator argument, Function function, Span span) {
    if (argument.tag() != Cell.STRING) {
      throw Failures.type(function.text() + " needs a string", argument.head, span);
    }
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

  /// How many code points a string has.
  static long codePoints(Evaluator text) {
    Pace pace = Pace.current();
    long count = 0;
    for (long i = 0; i < Cell.size(text.head); i++) {
      if ((i & BYTES_OF_STEP - 1) == 0) {
        pace.step();
      }
      count += (Memory.getByte(text.body + i) & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
  }

  /// `count` code points from code point `from` on.
  private static String cut(String text, long from, long count) {
    int size = text.codePointCount(0, text.length());
    int first = (int) Math.min(from, size);
    int length = (int) Math.min(count, size - first);
    int begin = text.offsetByCodePoints(0, first);
    return text.substring(begin, text.offsetByCodePoints(begin, length));
  }

  /// White space at one or both ends, or all characters of a second string.
  private static void trim(
      Function function,
      String text,
      Evaluator[] arguments,
      Scratch values,
      Span span,
      Evaluator target) {
    BitSet characters = null;
    if (arguments.length == 2) {
      characters = new BitSet();
      text(arguments[1], function, span).codePoints().forEach(characters::set);
    }
    int begin = 0;
    int end = text.length();
    if (function != Function.RTRIM) {
      while (begin < end && isTrimmed(text.codePointAt(begin), characters)) {
        begin += Character.charCount(text.codePointAt(begin));
      }
    }
    if (function != Function.LTRIM) {
      while (begin < end && isTrimmed(text.codePointBefore(end), characters)) {
        end -= Character.charCount(text.codePointBefore(end));
      }
    }
    set(target, text.substring(begin, end), values);
  }

  private static boolean isTrimmed(int character, @Nullable BitSet characters) {
    return characters == null ? Character.isWhitespace(character) : characters.get(character);
  }

  private static Normalizer.Form form(Evaluator argument, Span span) {
    String name = text(argument, Function.NORMALIZE, span);
    for (Normalizer.Form form : Normalizer.Form.values()) {
      if (form.name().equalsIgnoreCase(name)) {
        return form;
      }
    }
    throw Failures.value(
        "there is no normal form `" + name + "`", span, "use NFC, NFD, NFKC or NFKD");
  }

  /// The cells of the separators of split: one string, or a list of them.
  private static long[] separators(Evaluator argument, Span span) {
    if (argument.tag() != Cell.LIST) {
      require(argument, Function.SPLIT, span);
      return new long[] {argument.head, argument.body};
    }
    long[] separators = new long[Math.multiplyExact(2, Cell.size(argument.head))];
    for (int i = 0; i < separators.length; i += 2) {
      long at = argument.body + i / 2L * Cell.BYTES;
      separators[i] = Cell.head(at);
      separators[i + 1] = Cell.body(at);
      if (Cell.tag(separators[i]) != Cell.STRING) {
        throw Failures.type("split needs strings as separators", separators[i], span);
      }
    }
    return separators;
  }
}
