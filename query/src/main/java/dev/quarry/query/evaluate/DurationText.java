package dev.quarry.query.evaluate;

import dev.quarry.graph.CypherDuration;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations in ISO form: `P1Y2M3W4DT5H6M7.8S`, parts may be left out.
final class DurationText {
  private static final Pattern FORM =
      Pattern.compile(
          "(-?)P(?:(-?\\d+)Y)?(?:(-?\\d+)M)?(?:(-?\\d+)W)?(?:(-?\\d+)D)?"
              + "(?:T(?:(-?\\d+)H)?(?:(-?\\d+)M)?(?:(-?\\d+(?:\\.\\d{1,9})?)S)?)?");

  private DurationText() {}

  /// @throws IllegalArgumentException if the text is no duration
  static CypherDuration parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches() || text.endsWith("P") || text.endsWith("T")) {
      throw new IllegalArgumentException(text);
    }
    long sign = parts.group(1).isEmpty() ? 1 : -1;
    BigDecimal seconds = parts.group(8) == null ? BigDecimal.ZERO : new BigDecimal(parts.group(8));
    long nanoseconds = seconds.movePointRight(9).longValueExact();
    long whole = number(parts.group(6)) * 3600 + number(parts.group(7)) * 60;
    long allSeconds = sign * (whole + Math.floorDiv(nanoseconds, 1_000_000_000L));
    long rest = sign * Math.floorMod(nanoseconds, 1_000_000_000L);
    return new CypherDuration(
        sign * (number(parts.group(2)) * 12 + number(parts.group(3))),
        sign * (number(parts.group(4)) * 7 + number(parts.group(5))),
        allSeconds + Math.floorDiv(rest, 1_000_000_000L),
        (int) Math.floorMod(rest, 1_000_000_000L));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
