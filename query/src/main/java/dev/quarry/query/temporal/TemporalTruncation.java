package dev.quarry.query.temporal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Cuts points in time down to a unit: `date.truncate('month', d)`.
public final class TemporalTruncation {
  private TemporalTruncation() {}

  /// @param map fields to set afterwards
  public static Object truncate(
      TemporalKind kind, String unit, Object value, Map<?, ?> map, ZoneId defaultZone) {
    LocalDate date = TemporalKind.date(value);
    LocalTime time = TemporalKind.time(value);
    boolean enough = (!kind.hasDate() || date != null) && (kind.hasDate() || time != null);
    if (!enough) {
      throw new TemporalException(
          kind.text() + ".truncate cannot be applied to a " + TemporalBuilder.name(value));
    }
    try {
      ChronoUnit ofTime = timeUnit(unit);
      LocalDate newDate = date == null ? LocalDate.EPOCH : date;
      LocalTime newTime = LocalTime.MIDNIGHT;
      if (ofTime != null) {
        if (!kind.hasTime()) {
          throw new TemporalException("a date cannot be truncated to `" + unit + "`");
        }
        newTime = time == null ? LocalTime.MIDNIGHT : time.truncatedTo(ofTime);
      } else {
        if (!kind.hasDate() && !unit.equals("day")) {
          throw new TemporalException("a time cannot be truncated to `" + unit + "`");
        }
        newDate = truncate(unit, newDate);
      }
      ZoneId zone = TemporalKind.zone(value);
      ZoneId start = zone == null ? defaultZone : zone;
      return TemporalBuilder.with(kind, newDate, newTime, start, map, defaultZone);
    } catch (DateTimeException e) {
      throw new TemporalException("no " + kind.text() + ": " + e.getMessage());
    }
  }

  private static @Nullable ChronoUnit timeUnit(String unit) {
    return switch (unit) {
      case "hour" -> ChronoUnit.HOURS;
      case "minute" -> ChronoUnit.MINUTES;
      case "second" -> ChronoUnit.SECONDS;
      case "millisecond" -> ChronoUnit.MILLIS;
      case "microsecond" -> ChronoUnit.MICROS;
      default -> null;
    };
  }

  private static LocalDate truncate(String unit, LocalDate date) {
    int year = date.getYear();
    return switch (unit) {
      case "millennium" -> LocalDate.of(Math.floorDiv(year, 1000) * 1000, 1, 1);
      case "century" -> LocalDate.of(Math.floorDiv(year, 100) * 100, 1, 1);
      case "decade" -> LocalDate.of(Math.floorDiv(year, 10) * 10, 1, 1);
      case "year" -> date.withDayOfYear(1);
      case "weekYear" ->
          date.with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, 1).with(ChronoField.DAY_OF_WEEK, 1);
      case "quarter" -> date.with(IsoFields.DAY_OF_QUARTER, 1);
      case "month" -> date.withDayOfMonth(1);
      case "week" -> date.with(ChronoField.DAY_OF_WEEK, 1);
      case "day" -> date;
      default ->
          throw new TemporalException(
              "there is no unit `"
                  + unit
                  + "`; use millennium, century, decade, year, weekYear, quarter, month, week, day,"
                  + " hour, minute, second, millisecond or microsecond");
    };
  }
}
