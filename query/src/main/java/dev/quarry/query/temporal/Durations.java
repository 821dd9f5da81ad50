package dev.quarry.query.temporal;

import dev.quarry.graph.CypherDuration;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes durations and computes with them. A fraction of a month becomes days, one of a day
/// seconds: a month has 30.436875 days on average, a day 86,400 seconds.
public final class Durations {
  private static final BigDecimal DAYS_PER_MONTH = new BigDecimal("30.436875");
  private static final BigDecimal SECONDS_PER_DAY = BigDecimal.valueOf(86_400);

  private enum Unit {
    YEARS("years", 0, "12"),
    QUARTERS("quarters", 0, "3"),
    MONTHS("months", 0, "1"),
    WEEKS("weeks", 1, "7"),
    DAYS("days", 1, "1"),
    HOURS("hours", 2, "3600"),
    MINUTES("minutes", 2, "60"),
    SECONDS("seconds", 2, "1"),
    MILLISECONDS("milliseconds", 2, "0.001"),
    MICROSECONDS("microseconds", 2, "0.000001"),
    NANOSECONDS("nanoseconds", 2, "0.000000001");

    final String key;
    final int part;
    final BigDecimal factor;

    Unit(String key, int part, String factor) {
      this.key = key;
      this.part = part;
      this.factor = new BigDecimal(factor);
    }
  }

  private Durations() {}

  /// A duration of a map such as `{days: 1.5, minutes: 3}`.
  public static CypherDuration of(Map<?, ?> map) {
    BigDecimal[] parts = {BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO};
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Unit unit = unit((String) entry.getKey());
      BigDecimal amount = decimal(unit.key, entry.getValue());
      parts[unit.part] = parts[unit.part].add(amount.multiply(unit.factor));
    }
    return of(parts[0], parts[1], parts[2]);
  }

  private static Unit unit(String key) {
    for (Unit unit : Unit.values()) {
      if (unit.key.equals(key)) {
        return unit;
      }
    }
    throw new TemporalException(
        "a duration has no `" + key + "`; use years, months, days, hours …");
  }

  private static BigDecimal decimal(String key, @Nullable Object value) {
    return switch (value) {
      case Long number -> BigDecimal.valueOf(number);
      case Double number when Double.isFinite(number) -> BigDecimal.valueOf(number);
      case null, default ->
          throw new TemporalException("`" + key + "` of a duration must be a number");
    };
  }

  static CypherDuration of(BigDecimal months, BigDecimal days, BigDecimal seconds) {
    try {
      BigDecimal wholeMonths = months.setScale(0, RoundingMode.DOWN);
      BigDecimal allDays = days.add(months.subtract(wholeMonths).multiply(DAYS_PER_MONTH));
      BigDecimal wholeDays = allDays.setScale(0, RoundingMode.DOWN);
      BigDecimal nanoseconds =
          seconds
              .add(allDays.subtract(wholeDays).multiply(SECONDS_PER_DAY))
              .movePointRight(9)
              .setScale(0, RoundingMode.DOWN);
      BigDecimal[] wholeSeconds = nanoseconds.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
      return new CypherDuration(
          wholeMonths.longValueExact(),
          wholeDays.longValueExact(),
          wholeSeconds[0].longValueExact(),
          wholeSeconds[1].intValueExact());
    } catch (ArithmeticException e) {
      throw new TemporalException("the duration does not fit into 64 bits");
    }
  }

  /// The sum of two durations, part by part.
  ///
  /// @param sign 1, or -1 to subtract
  public static CypherDuration add(CypherDuration a, CypherDuration b, int sign) {
    try {
      return new CypherDuration(
          Math.addExact(a.months(), Math.multiplyExact(sign, b.months())),
          Math.addExact(a.days(), Math.multiplyExact(sign, b.days())),
          Math.addExact(a.seconds(), Math.multiplyExact(sign, b.seconds())),
          a.nanoseconds() + sign * b.nanoseconds());
    } catch (ArithmeticException e) {
      throw new TemporalException("the duration does not fit into 64 bits");
    }
  }

  /// A duration times a number.
  public static CypherDuration multiply(CypherDuration duration, double factor) {
    if (!Double.isFinite(factor)) {
      throw new TemporalException("a duration cannot be multiplied by " + factor);
    }
    return scale(duration, value -> value.multiply(BigDecimal.valueOf(factor)));
  }

  /// A duration divided by a number.
  public static CypherDuration divide(CypherDuration duration, double divisor) {
    if (!Double.isFinite(divisor) || divisor == 0) {
      throw new TemporalException("a duration cannot be divided by " + divisor);
    }
    BigDecimal by = BigDecimal.valueOf(divisor);
    return scale(duration, value -> value.divide(by, 20, RoundingMode.HALF_EVEN));
  }

  private static CypherDuration scale(
      CypherDuration duration, java.util.function.UnaryOperator<BigDecimal> change) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.seconds()).add(BigDecimal.valueOf(duration.nanoseconds(), 9));
    return of(
        change.apply(BigDecimal.valueOf(duration.months())),
        change.apply(BigDecimal.valueOf(duration.days())),
        change.apply(seconds));
  }
}
