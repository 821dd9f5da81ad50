package dev.quarry.cli.render;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A value as Cypher writes it, so that it can be read back.
public final class LiteralText {
  private LiteralText() {}

  /// The expression that gives this value.
  public static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> quoted(text);
      case Double number -> number(number);
      case List<?> list ->
          list.stream().map(LiteralText::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> name(entry.getKey().toString()) + ": " + of(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case LocalDate date -> call("date", date);
      case LocalTime time -> call("localtime", time);
      case OffsetTime time -> call("time", time);
      case LocalDateTime time -> call("localdatetime", time);
      case ZonedDateTime time -> call("datetime", time);
      case CypherDuration duration -> call("duration", duration);
      case Point point -> point(point);
      default -> value.toString();
    };
  }

  /// A name, in backticks where it needs them.
  public static String name(String name) {
    return name.matches("[\\p{L}_][\\p{L}\\p{N}_]*") ? name : "`" + name.replace("`", "``") + "`";
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("'");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '\'' -> quoted.append("\\'");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('\'').toString();
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "0.0 / 0.0";
    }
    return Double.isInfinite(number)
        ? (number > 0 ? "1.0" : "-1.0") + " / 0.0"
        : Double.toString(number);
  }

  private static String call(String function, Object value) {
    return function + "(" + quoted(value.toString()) + ")";
  }

  private static String point(Point point) {
    String z = point.dimensions() == 3 ? ", z: " + point.z() : "";
    return "point({srid: %d, x: %s, y: %s%s})".formatted(point.srid(), point.x(), point.y(), z);
  }
}
