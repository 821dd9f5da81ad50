package dev.quarry.bench.peers.kit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// One round of a workload while it runs: what was measured, by name.
public final class Trial {
  /// The name of the one measure that most workloads have: nanoseconds per unit.
  public static final String TIME = "time";

  private final Map<String, Double> measures = new LinkedHashMap<>();

  /// Does the work and notes nanoseconds per unit as [#TIME].
  ///
  /// @param units how many pieces of work it is
  public <T> T time(int units, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    T result = work.call();
    note(TIME, (System.nanoTime() - start) / (double) units);
    return result;
  }

  void note(String measure, double value) {
    measures.put(measure, value);
  }

  /// Notes rate and percentiles of latencies.
  ///
  /// @param nanos of each operation; sorted by this call
  void latencies(String operation, long[] nanos, double seconds) {
    Arrays.sort(nanos);
    note(operation + " mean", nanos.length == 0 ? 0 : seconds * 1e9 / nanos.length);
    note(operation + " p50", at(nanos, 0.5));
    note(operation + " p90", at(nanos, 0.9));
    note(operation + " p99", at(nanos, 0.99));
    note(operation + " p99.9", at(nanos, 0.999));
    note(operation + " most", at(nanos, 1));
  }

  private static double at(long[] sorted, double quantile) {
    return sorted.length == 0
        ? 0
        : sorted[(int) Math.min(sorted.length - 1, Math.ceil(sorted.length * quantile))];
  }

  Map<String, Double> measures() {
    return measures;
  }
}
