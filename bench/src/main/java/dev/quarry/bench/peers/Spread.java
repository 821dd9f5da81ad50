package dev.quarry.bench.peers;

import dev.quarry.bench.Median;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Least, median and greatest of some figures.
record Spread(double least, double median, double greatest, int count) {
  /// Null if there are none.
  static @Nullable Spread of(Collection<Double> figures) {
    if (figures.isEmpty()) {
      return null;
    }
    double[] sorted = figures.stream().mapToDouble(figure -> figure).sorted().toArray();
    int count = sorted.length;
    return new Spread(sorted[0], Median.of(sorted), sorted[count - 1], count);
  }

  /// Of the ratios of figures of the same round, theirs by ours: above 1 ours is less. Null if they
  /// have no round in common.
  static @Nullable Spread ratios(Map<Integer, Double> theirs, Map<Integer, Double> ours) {
    List<Double> ratios = new ArrayList<>();
    theirs.forEach(
        (round, figure) -> {
          Double own = ours.get(round);
          if (own != null && own > 0) {
            ratios.add(figure / own);
          }
        });
    return of(ratios);
  }
}
