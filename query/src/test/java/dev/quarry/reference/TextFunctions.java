package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Functions of strings. They count code points (rule S15).
final class TextFunctions {
  private static final Set<String> NAMES =
      Set.of(
          "toupper",
          "tolower",
          "trim",
          "ltrim",
          "rtrim",
          "left",
          "right",
          "substring",
          "replace",
          "split");

  private TextFunctions() {}

  static boolean knows(String name) {
    return NAMES.contains(name);
  }

  static Object call(String name, List<@Nullable Object> arguments) {
    String text = text(arguments.getFirst());
    return switch (name) {
      case "toupper" -> text.toUpperCase(Locale.ROOT);
      case "tolower" -> text.toLowerCase(Locale.ROOT);
      case "trim" -> text.strip();
      case "ltrim" -> text.stripLeading();
      case "rtrim" -> text.stripTrailing();
      case "left" -> part(text, 0, count(arguments.get(1)));
      case "right" -> part(text, length(text) - count(arguments.get(1)), count(arguments.get(1)));
      case "substring" -> {
        long count = arguments.size() < 3 ? Integer.MAX_VALUE : count(arguments.get(2));
        yield part(text, count(arguments.get(1)), count);
      }
      case "replace" -> text.replace(text(arguments.get(1)), text(arguments.get(2)));
      default -> split(text, text(arguments.get(1)));
    };
  }

  static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw Failure.type("a string is needed", value);
  }

  private static long count(@Nullable Object value) {
    if (!(value instanceof Long number)) {
      throw Failure.type("an integer is needed", value);
    }
    if (number < 0) {
      throw Failure.of(ErrorCode.NUMBER_OUT_OF_RANGE, "a number of characters, not " + number);
    }
    return number;
  }

  private static long length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String part(String text, long start, long count) {
    StringBuilder part = new StringBuilder();
    text.codePoints().skip(Math.max(0, start)).limit(count).forEach(part::appendCodePoint);
    return part.toString();
  }

  private static List<String> split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
      return parts;
    }
    int start = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }
}
