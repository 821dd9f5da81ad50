package dev.quarry.query.temporal;

import dev.quarry.graph.CypherDuration;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;

/// Points in time plus and minus durations: first the months, then the days, then the rest. What a
/// value has no room for is left out: a date takes whole days of the seconds, a time only seconds.
public final class TemporalArithmetic {
  private static final long SECONDS_PER_DAY = 86_400;

  private TemporalArithmetic() {}

  /// @param sign 1, or -1 to subtract
  public static Object add(Object value, CypherDuration duration, int sign) {
    try {
      long months = Math.multiplyExact(sign, duration.months());
      long days = Math.multiplyExact(sign, duration.days());
      long seconds = Math.multiplyExact(sign, duration.seconds());
      long nanoseconds = (long) sign * duration.nanoseconds();
      return switch (value) {
        case LocalDate date ->
            date.plusMonths(months).plusDays(days).plusDays(seconds / SECONDS_PER_DAY);
        case LocalTime time -> time.plusSeconds(seconds % SECONDS_PER_DAY).plusNanos(nanoseconds);
        case OffsetTime time -> time.plusSeconds(seconds % SECONDS_PER_DAY).plusNanos(nanoseconds);
        case LocalDateTime time ->
            time.plusMonths(months).plusDays(days).plusSeconds(seconds).plusNanos(nanoseconds);
        case ZonedDateTime time ->
            time.plusMonths(months).plusDays(days).plusSeconds(seconds).plusNanos(nanoseconds);
        default -> throw new AssertionError(value);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw new TemporalException(
          value + (sign < 0 ? " - " : " + ") + duration + " is out of range: " + e.getMessage());
    }
  }
}
