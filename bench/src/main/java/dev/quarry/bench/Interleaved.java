package dev.quarry.bench;

import java.util.Arrays;
import java.util.Locale;

/// Runs two sides in turn and reports the ratio of their times.
final class Interleaved {
  /// Does one round's work and returns how long one unit of it took, in nanoseconds.
  interface Side {
    double nanosPerUnit() throws Exception;
  }

  private Interleaved() {}

  /// Markdown lines with the medians of both sides, and median, least and greatest ratio.
  ///
  /// @param rounds measured rounds, at least 9; six more come before them and are not counted
  static String compare(String name, Side ours, Side rival, int rounds) throws Exception {
    double[] a = new double[rounds];
    double[] b = new double[rounds];
    double[] ratios = new double[rounds];
    for (int round = -6; round < rounds; round++) {
      boolean oursFirst = (round & 1) == 0; // so that neither side always follows the other
      double first = (oursFirst ? ours : rival).nanosPerUnit();
      double second = (oursFirst ? rival : ours).nanosPerUnit();
      if (round >= 0) {
        a[round] = oursFirst ? first : second;
        b[round] = oursFirst ? second : first;
        ratios[round] = a[round] / b[round];
      }
    }
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | **%s** | %s – %s | %d |",
        name,
        Median.of(a) / 1000,
        Median.of(b) / 1000,
        ratio(Median.of(ratios)),
        ratio(ratios[0]),
        ratio(ratios[rounds - 1]),
        rounds);
  }

  /// Two digits that mean something, also of a small one.
  private static String ratio(double of) {
    return String.format(Locale.ROOT, of < 0.1 ? "%.4f" : "%.2f", of);
  }
}
