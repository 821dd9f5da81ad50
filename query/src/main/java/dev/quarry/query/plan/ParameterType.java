package dev.quarry.query.plan;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Node;
import dev.quarry.graph.Point;
import dev.quarry.graph.Relationship;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that a plan may know of a parameter (rule S23). Statements are not refused by it, and it
/// changes no answer: it only tells which of several ways is the shorter one.
public enum ParameterType {
  NULL,
  BOOLEAN,
  INTEGER,
  FLOAT,
  STRING,
  DATE,
  LOCAL_TIME,
  TIME,
  LOCAL_DATETIME,
  DATETIME,
  DURATION,
  POINT,
  LIST,
  MAP,
  NODE,
  RELATIONSHIP;

  /// The type of each parameter.
  public static Map<String, ParameterType> of(Map<String, ?> parameters) {
    if (parameters.isEmpty()) {
      return Map.of();
    }
    if (parameters.size() == 1) {
      Map.Entry<String, ?> only = parameters.entrySet().iterator().next();
      return Map.of(only.getKey(), of(only.getValue()));
    }
    Map<String, ParameterType> types = new TreeMap<>();
    parameters.forEach((name, value) -> types.put(name, of(value)));
    return types;
  }

  /// The type of a value that an application gives, or that a property has.
  static ParameterType of(@Nullable Object value) {
    return switch (value) {
      case null -> NULL;
      case Boolean truth -> BOOLEAN;
      case Long number -> INTEGER;
      case Integer number -> INTEGER;
      case Short number -> INTEGER;
      case Byte number -> INTEGER;
      case Double number -> FLOAT;
      case Float number -> FLOAT;
      case String text -> STRING;
      case Character character -> STRING;
      case LocalDate date -> DATE;
      case LocalTime time -> LOCAL_TIME;
      case OffsetTime time -> TIME;
      case LocalDateTime time -> LOCAL_DATETIME;
      case ZonedDateTime time -> DATETIME;
      case CypherDuration duration -> DURATION;
      case Point point -> POINT;
      case Collection<?> list -> LIST;
      case Node node -> NODE;
      case Relationship relationship -> RELATIONSHIP;
      default -> value.getClass().isArray() ? LIST : MAP;
    };
  }

  /// Whether a value of this type may equal one of another, or be smaller or greater.
  boolean isComparableWith(ParameterType other) {
    return this == other && this != NULL || isNumber() && other.isNumber();
  }

  private boolean isNumber() {
    return this == INTEGER || this == FLOAT;
  }
}
