package dev.quarry.bench;

import java.util.Arrays;

/// The median of figures: half of them are less, and half are greater.
public final class Median {
  private Median() {}

  /// The one in the middle; of an even number, the mean of the two there. The order is left as it
  /// is.
  ///
  /// @param figures at least one
  public static double of(double[] figures) {
    double[] sorted = figures.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
