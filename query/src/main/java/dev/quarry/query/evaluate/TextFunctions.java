package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.text.Normalizer;
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
      case TO_UPPER, UPPER -> set(target, text.toUpperCase(Locale.ROOT), values);
      case TO_LOWER, LOWER -> set(target, text.toLowerCase(Locale.ROOT), values);
      case TRIM, BTRIM, LTRIM, RTRIM -> trim(function, text, arguments, values, span, target);
      case CHAR_LENGTH, CHARACTER_LENGTH -> target.setInteger(codePoints(arguments[0]));
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
      case REPLACE -> {
        String search = text(arguments[1], function, span);
        String replacement = text(arguments[2], function, span);
        set(target, replace(text, search, replacement), values);
      }
      case SPLIT -> split(text, separators(arguments[1], span), values, target);
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

  /// How many code points a string has.
  static long codePoints(Evaluator text) {
    long count = 0;
    for (long i = 0; i < Cell.size(text.head); i++) {
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
    String characters = arguments.length == 2 ? text(arguments[1], function, span) : "";
    boolean blanks = arguments.length == 1;
    int begin = 0;
    int end = text.length();
    if (function != Function.RTRIM) {
      while (begin < end && isTrimmed(text.codePointAt(begin), blanks, characters)) {
        begin += Character.charCount(text.codePointAt(begin));
      }
    }
    if (function != Function.LTRIM) {
      while (begin < end && isTrimmed(text.codePointBefore(end), blanks, characters)) {
        end -= Character.charCount(text.codePointBefore(end));
      }
    }
    set(target, text.substring(begin, end), values);
  }

  private static boolean isTrimmed(int character, boolean blanks, String characters) {
    return blanks ? Character.isWhitespace(character) : characters.indexOf(character) >= 0;
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

  /// An empty search is found before each character and at the end.
  private static String replace(String text, String search, String replacement) {
    if (!search.isEmpty()) {
      return text.replace(search, replacement);
    }
    StringBuilder result = new StringBuilder(replacement);
    text.codePoints().forEach(c -> result.appendCodePoint(c).append(replacement));
    return result.toString();
  }

  private static List<String> separators(Evaluator argument, Span span) {
    if (argument.tag() != Cell.LIST) {
      return List.of(text(argument, Function.SPLIT, span));
    }
    List<String> separators = new ArrayList<>();
    for (long i = 0; i < Cell.size(argument.head); i++) {
      long at = argument.body + i * Cell.BYTES;
      if (Cell.tag(Cell.head(at)) != Cell.STRING) {
        throw Failures.type("split needs strings as separators", Cell.head(at), span);
      }
      separators.add(Border.text(Cell.head(at), Cell.body(at)));
    }
    return separators;
  }

  /// Cuts at the separators, the longest first where several are found; an empty one cuts between
  /// any two characters.
  private static void split(
      String text, List<String> separators, Scratch values, Evaluator target) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    int at = 0;
    while (at < text.length()) {
      int length = separatorAt(text, at, separators);
      boolean cuts = length > 0 || length == 0 && at > from;
      if (cuts) {
        parts.add(text.substring(from, at));
        from = at + length;
      }
      at = length > 0 ? from : at + Character.charCount(text.codePointAt(at));
    }
    parts.add(text.substring(from));
    long cell = values.allocate(Cell.BYTES);
    Border.put(parts, cell, values);
    target.setCell(cell);
  }

  /// The length of the longest separator at a place, -1 if there is none.
  private static int separatorAt(String text, int at, List<String> separators) {
    int longest = -1;
    for (String separator : separators) {
      if (separator.length() > longest && text.startsWith(separator, at)) {
        longest = separator.length();
      }
    }
    return longest;
  }
}
