package dev.quarry.graph.load;

import dev.quarry.graph.CypherDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Reads the text of a field as a value of a declared type.
final class FieldParser {
  private static final Set<String> TYPES =
      Set.of(
          "int",
          "integer",
          "long",
          "short",
          "byte",
          "float",
          "double",
          "boolean",
          "string",
          "char",
          "date",
          "localtime",
          "time",
          "localdatetime",
          "datetime",
          "duration");

  private FieldParser() {}

  static boolean isType(String word) {
    return TYPES.contains(word.toLowerCase(Locale.ROOT));
  }

  static String typeNames() {
    return String.join(", ", new TreeSet<>(TYPES));
  }

  /// @throws IllegalArgumentException with the reason, if the text is no value of the type
  static Object parse(String text, String type, boolean array) {
    if (!array) {
      return parse(text, type);
    }
    List<Object> list = new ArrayList<>();
    for (String element : text.split(";")) {
      if (!element.isEmpty()) {
        list.add(parse(element, type));
      }
    }
    return list;
  }

  private static Object parse(String text, String type) {
    try {
      return switch (type) {
        case "int", "integer", "long", "short", "byte" -> Long.valueOf(text.strip());
        case "float", "double" -> Double.valueOf(text.strip());
        case "boolean" -> truth(text.strip());
        case "date" -> LocalDate.parse(text.strip());
        case "localtime" -> LocalTime.parse(text.strip());
        case "time" -> OffsetTime.parse(text.strip());
        case "localdatetime" -> LocalDateTime.parse(text.strip());
        case "datetime" -> zoned(text.strip());
        case "duration" -> duration(text.strip());
        default -> text;
      };
    } catch (NumberFormatException | DateTimeException e) {
      throw new IllegalArgumentException("`" + shortened(text) + "` is no " + type, e);
    }
  }

  private static Boolean truth(String text) {
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return Boolean.valueOf(text);
    }
    throw new IllegalArgumentException("`" + shortened(text) + "` is no boolean");
  }

  private static ZonedDateTime zoned(String text) {
    return text.endsWith("Z") || text.indexOf('+') > 0 || text.indexOf('[') > 0
        ? ZonedDateTime.parse(text)
        : LocalDateTime.parse(text).atZone(ZoneOffset.UTC);
  }

  private static CypherDuration duration(String text) {
    int time = text.indexOf('T');
    Period period =
        time == 1 ? Period.ZERO : Period.parse(time < 0 ? text : text.substring(0, time));
    Duration rest = time < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(time));
    return new CypherDuration(
        period.toTotalMonths(), period.getDays(), rest.getSeconds(), rest.getNano());
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
