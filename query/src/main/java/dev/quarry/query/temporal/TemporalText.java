package dev.quarry.query.temporal;

import dev.quarry.graph.CypherDuration;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads temporal values from the ISO 8601 forms of openCypher, with and without separators.
///
/// ```text
/// date  2015-07-21  20150721  2015-07  201507  2015-W30-2  2015W302  2015-W30  2015-Q2-45
///       2015-202  2015202  2015; years of more than four digits have a sign
/// time  21:40:32.142  214032.142  21:40  2140  21
/// zone  Z  +01:00  +0100  +01  +01:00:30  [Europe/Stockholm], also behind an offset
/// ```
public final class TemporalText {
  private static final Pattern DATE =
      Pattern.compile(
          "([-+]\\d{1,9}|\\d{4})"
              + "(?:-?(?:W(\\d{2})(?:-?(\\d))?|Q(\\d)(?:-?(\\d{2}))?|(\\d{3})|(\\d{2})(?:-?(\\d{2}))?))?");
  private static final Pattern TIME =
      Pattern.compile("(\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:[.,](\\d{1,9}))?)?)?");
  private static final Pattern OFFSET =
      Pattern.compile("([-+])(\\d{2})(?::?(\\d{2})(?::?(\\d{2}))?)?");
  private static final Pattern ZONED = Pattern.compile("(.*?)(Z|[-+][\\d:]+)?(?:\\[(.+)])?");
  private static final Pattern DURATION =
      Pattern.compile(
          "([-+]?)P(?:([-+]?[\\d.]+)Y)?(?:([-+]?[\\d.]+)M)?(?:([-+]?[\\d.]+)W)?(?:([-+]?[\\d.]+)D)?"
              + "(T(?:([-+]?[\\d.]+)H)?(?:([-+]?[\\d.]+)M)?(?:([-+]?[\\d.,]+)S)?)?");
  private static final Pattern DURATION_AS_DATE =
      Pattern.compile("P(\\d{4})-(\\d{2})-(\\d{2})T(\\d{2}):(\\d{2}):([\\d.]+)");

  private TemporalText() {}

  /// A point in time.
  ///
  /// @param zone of times without one
  public static Object parse(TemporalKind kind, String text, ZoneId zone) {
    try {
      return switch (kind) {
        case DATE -> date(text);
        case LOCAL_TIME -> time(text);
        case LOCAL_DATETIME, DATETIME -> dateTime(kind, text, zone);
        case TIME -> zoned(kind, LocalDate.EPOCH, text, zone);
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw noSuch(kind.text(), text, e.getMessage());
    }
  }

  private static Object dateTime(TemporalKind kind, String text, ZoneId zone) {
    int t = text.indexOf('T');
    LocalDate date = date(t < 0 ? text : text.substring(0, t));
    if (kind == TemporalKind.LOCAL_DATETIME) {
      return date.atTime(t < 0 ? LocalTime.MIDNIGHT : time(text.substring(t + 1)));
    }
    return zoned(kind, date, t < 0 ? "00" : text.substring(t + 1), zone);
  }

  private static Object zoned(TemporalKind kind, LocalDate date, String text, ZoneId zone) {
    Matcher parts = ZONED.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("no time and zone");
    }
    LocalTime time = time(parts.group(1));
    ZoneId named = parts.group(3) == null ? null : zone(parts.group(3));
    ZoneId offset = parts.group(2) == null ? null : zone(parts.group(2));
    if (named != null && offset != null) {
      ZonedDateTime value =
          ZonedDateTime.ofLocal(date.atTime(time), named, (ZoneOffset) offset.normalized());
      if (!value.getOffset().equals(offset.normalized())) {
        throw new DateTimeException(
            "in " + named + " the offset is " + value.getOffset() + ", not " + offset);
      }
      return kind == TemporalKind.TIME ? time.atOffset(value.getOffset()) : value;
    }
    ZoneId chosen = named != null ? named : offset != null ? offset : zone;
    return kind.of(date, time, chosen);
  }

  private static LocalDate date(String text) {
    Matcher parts = DATE.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("no date");
    }
    LocalDate year = LocalDate.of(Integer.parseInt(parts.group(1)), 1, 1);
    if (parts.group(2) != null) {
      long day = number(parts.group(3), 1);
      return year.plusDays(3) // the fourth of January lies in the first week
          .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, number(parts.group(2), 1))
          .with(java.time.temporal.ChronoField.DAY_OF_WEEK, day);
    }
    if (parts.group(4) != null) {
      return year.with(IsoFields.QUARTER_OF_YEAR, number(parts.group(4), 1))
          .with(IsoFields.DAY_OF_QUARTER, number(parts.group(5), 1));
    }
    if (parts.group(6) != null) {
      return year.withDayOfYear(number(parts.group(6), 1));
    }
    return year.withMonth(number(parts.group(7), 1)).withDayOfMonth(number(parts.group(8), 1));
  }

  private static LocalTime time(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("no time");
    }
    String fraction = parts.group(4) == null ? "" : parts.group(4);
    int nanoseconds = Integer.parseInt((fraction + "000000000").substring(0, 9));
    return LocalTime.of(
        number(parts.group(1), 0),
        number(parts.group(2), 0),
        number(parts.group(3), 0),
        nanoseconds);
  }

  /// A zone: an offset in one of its forms, or a name.
  static ZoneId zone(String text) {
    Matcher offset = OFFSET.matcher(text);
    try {
      if (offset.matches()) {
        int seconds =
            number(offset.group(2), 0) * 3600
                + number(offset.group(3), 0) * 60
                + number(offset.group(4), 0);
        return ZoneOffset.ofTotalSeconds(offset.group(1).equals("-") ? -seconds : seconds);
      }
      return text.equals("Z") ? ZoneOffset.UTC : ZoneId.of(text.replace(' ', '_'));
    } catch (DateTimeException e) {
      throw new TemporalException("there is no time zone `" + text + "`");
    }
  }

  /// A duration: `P1Y2M3W4DT5H6M7.8S`, parts may be left out and have fractions; or
  /// `P2012-02-02T14:37:21.545`.
  public static CypherDuration duration(String text) {
    Matcher asDate = DURATION_AS_DATE.matcher(text);
    Matcher parts = DURATION.matcher(text);
    try {
      if (asDate.matches()) {
        BigDecimal months =
            decimal(asDate.group(1)).multiply(BigDecimal.valueOf(12)).add(decimal(asDate.group(2)));
        BigDecimal seconds =
            seconds(decimal(asDate.group(4)), decimal(asDate.group(5)), decimal(asDate.group(6)));
        return Durations.of(months, decimal(asDate.group(3)), seconds);
      }
      if (!parts.matches() || text.endsWith("P") || text.endsWith("T")) {
        throw new NumberFormatException("no duration");
      }
      BigDecimal sign = BigDecimal.valueOf(parts.group(1).equals("-") ? -1 : 1);
      BigDecimal months =
          decimal(parts.group(2)).multiply(BigDecimal.valueOf(12)).add(decimal(parts.group(3)));
      BigDecimal days =
          decimal(parts.group(4)).multiply(BigDecimal.valueOf(7)).add(decimal(parts.group(5)));
      BigDecimal seconds =
          seconds(decimal(parts.group(7)), decimal(parts.group(8)), decimal(parts.group(9)));
      return Durations.of(months.multiply(sign), days.multiply(sign), seconds.multiply(sign));
    } catch (NumberFormatException | ArithmeticException e) {
      throw noSuch("duration", text, e.getMessage());
    }
  }

  private static BigDecimal seconds(BigDecimal hours, BigDecimal minutes, BigDecimal seconds) {
    return hours
        .multiply(BigDecimal.valueOf(3600))
        .add(minutes.multiply(BigDecimal.valueOf(60)))
        .add(seconds);
  }

  private static BigDecimal decimal(@Nullable String digits) {
    return digits == null ? BigDecimal.ZERO : new BigDecimal(digits.replace(',', '.'));
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static TemporalException noSuch(String what, String text, @Nullable String why) {
    return new TemporalException("`" + text + "` is no " + what + " in ISO form: " + why);
  }
}
