package dev.quarry.query.temporal;

import dev.quarry.graph.CypherDuration;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The duration between two points in time, which may be of different kinds: what one of them lacks
/// (date, time of day, zone) it takes from the other; a date begins at midnight.
public final class TemporalDifference {
  private final ZonedDateTime from;
  private final ZonedDateTime to;
  private final boolean dates;

  private TemporalDifference(Object a, Object b) {
    LocalDate dateA = TemporalKind.date(a);
    LocalDate dateB = TemporalKind.date(b);
    ZoneId zoneA = TemporalKind.zone(a);
    ZoneId zoneB = TemporalKind.zone(b);
    this.dates = dateA != null && dateB != null;
    this.from = at(a, dateA, dateB, zoneA, zoneB);
    this.to = at(b, dateB, dateA, zoneB, zoneA).withZoneSameInstant(from.getZone());
  }

  private static ZonedDateTime at(
      Object value,
      @Nullable LocalDate date,
      @Nullable LocalDate otherDate,
      @Nullable ZoneId zone,
      @Nullable ZoneId otherZone) {
    LocalTime time = TemporalKind.time(value);
    LocalDate day = date != null ? date : otherDate != null ? otherDate : LocalDate.EPOCH;
    ZoneId in = zone != null ? zone : otherZone != null ? otherZone : ZoneOffset.UTC;
    return ZonedDateTime.of(day, time == null ? LocalTime.MIDNIGHT : time, in);
  }

  /// Months, then days, then seconds.
  public static CypherDuration between(Object a, Object b) {
    return compute(a, b, TemporalDifference::inAll);
  }

  /// Whole months only; nothing if one of them has no date.
  public static CypherDuration inMonths(Object a, Object b) {
    return compute(a, b, d -> new CypherDuration(d.months(), 0, 0, 0));
  }

  /// Whole days only; nothing if one of them has no date.
  public static CypherDuration inDays(Object a, Object b) {
    return compute(
        a, b, d -> new CypherDuration(0, d.dates ? d.from.until(d.to, ChronoUnit.DAYS) : 0, 0, 0));
  }

  /// Seconds only.
  public static CypherDuration inSeconds(Object a, Object b) {
    return compute(a, b, d -> seconds(0, 0, d.from, d.to));
  }

  private interface Measure {
    CypherDuration of(TemporalDifference difference);
  }

  private static CypherDuration compute(Object a, Object b, Measure measure) {
    try {
      return measure.of(new TemporalDifference(a, b));
    } catch (DateTimeException | ArithmeticException e) {
      throw new TemporalException("no duration between " + a + " and " + b + ": " + e.getMessage());
    }
  }

  private long months() {
    return dates ? from.until(to, ChronoUnit.MONTHS) : 0;
  }

  private CypherDuration inAll() {
    if (!dates) {
      return seconds(0, 0, from, to);
    }
    long months = months();
    ZonedDateTime afterMonths = from.plusMonths(months);
    long days = afterMonths.until(to, ChronoUnit.DAYS);
    return seconds(months, days, afterMonths.plusDays(days), to);
  }

  private static CypherDuration seconds(
      long months, long days, ZonedDateTime from, ZonedDateTime to) {
    return new CypherDuration(
        months,
        days,
        Math.subtractExact(to.toEpochSecond(), from.toEpochSecond()),
        to.getNano() - from.getNano());
  }
}
