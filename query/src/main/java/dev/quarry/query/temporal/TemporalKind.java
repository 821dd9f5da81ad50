package dev.quarry.query.temporal;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/// The five kinds of points in time, named as the functions that make them.
public enum TemporalKind {
  DATE("date", true, false, false),
  LOCAL_TIME("localtime", false, true, false),
  TIME("time", false, true, true),
  LOCAL_DATETIME("localdatetime", true, true, false),
  DATETIME("datetime", true, true, true);

  private final String text;
  private final boolean hasDate;
  private final boolean hasTime;
  private final boolean hasZone;

  TemporalKind(String text, boolean hasDate, boolean hasTime, boolean hasZone) {
    this.text = text;
    this.hasDate = hasDate;
    this.hasTime = hasTime;
    this.hasZone = hasZone;
  }

  /// The kind that a function makes.
  ///
  /// @param function its name, as `date`
  public static TemporalKind of(String function) {
    for (TemporalKind kind : values()) {
      if (kind.text.equals(function)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(function);
  }

  String text() {
    return text;
  }

  boolean hasDate() {
    return hasDate;
  }

  boolean hasTime() {
    return hasTime;
  }

  boolean hasZone() {
    return hasZone;
  }

  /// A value of this kind; what the kind lacks is left out.
  Object of(LocalDate date, LocalTime time, ZoneId zone) {
    return switch (this) {
      case DATE -> date;
      case LOCAL_TIME -> time;
      case TIME -> time.atOffset(offset(date, time, zone));
      case LOCAL_DATETIME -> date.atTime(time);
      case DATETIME -> ZonedDateTime.of(date, time, zone);
    };
  }

  private static ZoneOffset offset(LocalDate date, LocalTime time, ZoneId zone) {
    return zone instanceof ZoneOffset offset
        ? offset
        : zone.getRules().getOffset(date.atTime(time));
  }

  /// The date of a value; null if it has none.
  static @Nullable LocalDate date(Object value) {
    return switch (value) {
      case LocalDate date -> date;
      case LocalDateTime time -> time.toLocalDate();
      case ZonedDateTime time -> time.toLocalDate();
      default -> null;
    };
  }

  /// The time of day of a value; null if it has none.
  static @Nullable LocalTime time(Object value) {
    return switch (value) {
      case LocalTime time -> time;
      case OffsetTime time -> time.toLocalTime();
      case LocalDateTime time -> time.toLocalTime();
      case ZonedDateTime time -> time.toLocalTime();
      default -> null;
    };
  }

  /// The zone of a value; null if it has none.
  static @Nullable ZoneId zone(Object value) {
    return switch (value) {
      case OffsetTime time -> time.getOffset();
      case ZonedDateTime time -> time.getZone();
      default -> null;
    };
  }
}
