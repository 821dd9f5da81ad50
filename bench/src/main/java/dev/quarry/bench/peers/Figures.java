package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Unit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Figures as text: three digits that count, with a unit a reader can picture.
final class Figures {
  private static final String[] TIMES = {"ns", "µs", "ms", "s"};
  private static final String[] SIZES = {"B", "KB", "MB", "GB"};

  private Figures() {}

  static String text(double figure, Unit unit) {
    String[] names = unit == Unit.NANOSECONDS ? TIMES : SIZES;
    int step = 0;
    double value = figure;
    while (value >= 1_000 && step < names.length - 1) {
      value /= 1_000;
      step++;
    }
    return digits(value) + " " + names[step];
  }

  /// A power of ten, such as `10 ms`.
  static String power(int exponent, Unit unit) {
    String text = text(Math.pow(10, exponent), unit);
    return text.replaceAll("\\.0+ ", " ");
  }

  /// A ratio, such as `0.42 ×` or `1,200 ×`.
  static String ratio(double ratio) {
    return digits(ratio) + " ×";
  }

  private static String digits(double value) {
    if (value < 0.1 && value > 0) {
      return new BigDecimal(value).round(new MathContext(2)).toPlainString();
    }
    String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
