package dev.quarry.bench.peers;

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
    List<Double> sorted = figures.stream().sorted().toList();
    return new Spread(
        sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast(), sorted.size());
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
