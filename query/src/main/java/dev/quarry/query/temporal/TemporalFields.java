package dev.quarry.query.temporal;

import dev.quarry.graph.CypherDuration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import org.jspecify.annotations.Nullable;

/// The fields of temporal values: `d.year`, `t.hour`, `x.offset`, `p.minutesOfHour`.
public final class TemporalFields {
  private TemporalFields() {}

  /// A field: a [Long] or a [String]; null if values of its kind have no such field.
  public static @Nullable Object get(Object value, String field) {
    if (value instanceof CypherDuration duration) {
      return ofDuration(duration, field);
    }
    LocalDate date = TemporalKind.date(value);
    Object found = date == null ? null : ofDate(date, field);
    LocalTime time = TemporalKind.time(value);
    if (found == null && time != null) {
      found = ofTime(time, field);
    }
    return found != null ? found : ofZone(value, field);
  }

  private static @Nullable Object ofDate(LocalDate date, String field) {
    return switch (field) {
      case "year" -> (long) date.getYear();
      case "quarter" -> date.getLong(IsoFields.QUARTER_OF_YEAR);
      case "month" -> (long) date.getMonthValue();
      case "week" -> date.getLong(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case "weekYear" -> date.getLong(IsoFields.WEEK_BASED_YEAR);
      case "day" -> (long) date.getDayOfMonth();
      case "ordinalDay" -> (long) date.getDayOfYear();
      case "weekDay", "dayOfWeek" -> date.getLong(ChronoField.DAY_OF_WEEK);
      case "dayOfQuarter" -> date.getLong(IsoFields.DAY_OF_QUARTER);
      default -> null;
    };
  }

  private static @Nullable Object ofTime(LocalTime time, String field) {
    return switch (field) {
      case "hour" -> (long) time.getHour();
      case "minute" -> (long) time.getMinute();
      case "second" -> (long) time.getSecond();
      case "millisecond" -> time.getNano() / 1_000_000L;
      case "microsecond" -> time.getNano() / 1_000L;
      case "nanosecond" -> (long) time.getNano();
      default -> null;
    };
  }

  private static @Nullable Object ofZone(Object value, String field) {
    return switch (value) {
      case OffsetTime time -> ofOffset(time.getOffset().getId(), time.getOffset(), field);
      case ZonedDateTime time -> {
        yield switch (field) {
          case "epochSeconds" -> time.toEpochSecond();
          case "epochMillis" ->
              Math.multiplyExact(time.toEpochSecond(), 1000L) + time.getNano() / 1_000_000;
          default -> ofOffset(time.getZone().getId(), time.getOffset(), field);
        };
      }
      default -> null;
    };
  }

  private static @Nullable Object ofOffset(String zone, java.time.ZoneOffset offset, String field) {
    return switch (field) {
      case "timezone" -> zone;
      case "offset" -> offset.getId();
      case "offsetMinutes" -> offset.getTotalSeconds() / 60L;
      case "offsetSeconds" -> (long) offset.getTotalSeconds();
      default -> null;
    };
  }

  private static @Nullable Object ofDuration(CypherDuration duration, String field) {
    long months = duration.months();
    long seconds = duration.seconds();
    long nanoseconds = duration.nanoseconds();
    return switch (field) {
      case "years" -> months / 12;
      case "quarters" -> months / 3;
      case "months" -> months;
      case "weeks" -> duration.days() / 7;
      case "days" -> duration.days();
      case "hours" -> seconds / 3600;
      case "minutes" -> seconds / 60;
      case "seconds" -> seconds;
      case "milliseconds" -> scaled(seconds, 1_000L) + nanoseconds / 1_000_000;
      case "microseconds" -> scaled(seconds, 1_000_000L) + nanoseconds / 1_000;
      case "nanoseconds" -> scaled(seconds, 1_000_000_000L) + nanoseconds;
      case "quartersOfYear" -> months / 3 % 4;
      case "monthsOfQuarter" -> months % 3;
      case "monthsOfYear" -> months % 12;
      case "daysOfWeek" -> duration.days() % 7;
      case "minutesOfHour" -> seconds / 60 % 60;
      case "secondsOfMinute" -> seconds % 60;
      case "millisecondsOfSecond" -> nanoseconds / 1_000_000;
      case "microsecondsOfSecond" -> nanoseconds / 1_000;
      case "nanosecondsOfSecond" -> nanoseconds;
      default -> null;
    };
  }

  private static long scaled(long seconds, long factor) {
    try {
      return Math.multiplyExact(seconds, factor);
    } catch (ArithmeticException e) {
      throw new TemporalException("the duration has more parts of a second than 64 bits can count");
    }
  }
}
