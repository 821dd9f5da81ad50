package dev.quarry.graph;

import java.math.BigDecimal;

/// A Cypher duration: months, days, seconds and nanoseconds, four parts that are never carried into
/// each other, except nanoseconds into seconds.
///
/// Equal by parts: 70 s equal 1 min 10 s, one day does not equal 24 hours.
///
/// @param nanoseconds 0 – 999,999,999, added to the seconds, whose sign counts for both
public record CypherDuration(long months, long days, long seconds, int nanoseconds) {
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  /// Carries nanoseconds outside 0 – 999,999,999 into the seconds.
  public CypherDuration {
    long carried = Math.floorDiv(nanoseconds, NANOS_PER_SECOND);
    seconds = Math.addExact(seconds, carried);
    nanoseconds = (int) (nanoseconds - carried * NANOS_PER_SECOND);
  }

  /// The ISO 8601 form, for example `P1Y2M3DT4H5M6.5S`; `PT0S` for nothing.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("P");
    part(text, months / 12, 'Y');
    part(text, months % 12, 'M');
    part(text, days, 'D');
    int beforeTime = text.length();
    text.append('T');
    boolean borrow = seconds < 0 && nanoseconds > 0;
    long whole = borrow ? seconds + 1 : seconds;
    int fraction = borrow ? nanoseconds - NANOS_PER_SECOND : nanoseconds;
    part(text, whole / 3600, 'H');
    part(text, whole / 60 % 60, 'M');
    long rest = whole % 60;
    if (rest != 0 || fraction != 0) {
      BigDecimal exact = BigDecimal.valueOf(rest).add(BigDecimal.valueOf(fraction, 9));
      text.append(exact.stripTrailingZeros().toPlainString()).append('S');
    }
    if (text.length() == beforeTime + 1) {
      text.setLength(beforeTime);
    }
    return text.length() == 1 ? "PT0S" : text.toString();
  }

  private static void part(StringBuilder text, long amount, char unit) {
    if (amount != 0) {
      text.append(amount).append(unit);
    }
  }
}
