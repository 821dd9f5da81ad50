package dev.quarry.cli.render;

import java.time.Duration;
import java.util.Locale;

/// Sizes and times as people write and read them.
public final class Units {
  /// How sizes are written, for help texts.
  public static final String SIZES = "256m or 2g (k, m, g or t; a number alone is bytes)";

  /// How times are written, for help texts.
  public static final String TIMES = "30s or 500ms (ms, s, m or h; a number alone is seconds)";

  private Units() {}

  /// `256m`, `1g`, `64k`, or plain bytes; a `k` is 1,024 of them.
  ///
  /// @throws IllegalArgumentException if it is no size
  public static long bytes(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    String digits = lower.replaceAll("(ib|b)$", "");
    int shift =
        digits.isEmpty() ? 0 : 10 * ("kmgt".indexOf(digits.charAt(digits.length() - 1)) + 1);
    try {
      long number = Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
      if (number <= 0 || number > Long.MAX_VALUE >> shift) {
        throw new NumberFormatException(text);
      }
      return number << shift;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("`" + text + "` is no size; write 256m or 2g", e);
    }
  }

  /// `500ms`, `30s`, `5m`, `1h`, or plain seconds.
  ///
  /// @throws IllegalArgumentException if it is no time
  public static Duration time(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    try {
      if (lower.endsWith("ms")) {
        return Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
      }
      long number = Long.parseLong(lower.replaceAll("[smh]$", ""));
      return lower.endsWith("h")
          ? Duration.ofHours(number)
          : lower.endsWith("m") ? Duration.ofMinutes(number) : Duration.ofSeconds(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("`" + text + "` is no time; write 30s or 500ms", e);
    }
  }

  /// `12.3 MiB`
  public static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  /// `1.2 s`, `34 ms`
  public static String time(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    return seconds >= 1
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : String.format(Locale.ROOT, seconds >= 0.01 ? "%.0f ms" : "%.1f ms", seconds * 1e3);
  }

  /// `1,234,567`
  public static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `1 node`, `2,998 nodes`
  public static String count(long number, String what) {
    return number(number) + " " + what + (number == 1 ? "" : "s");
  }
}
