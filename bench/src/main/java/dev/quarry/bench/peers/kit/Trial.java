package dev.quarry.bench.peers.kit;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// One round of a workload while it runs: what was measured, by name.
public final class Trial {
  /// The name of the one measure that most workloads have: nanoseconds per unit.
  public static final String TIME = "time";

  private final Map<String, Double> measures = new LinkedHashMap<>();
  private final Duration least;

  /// @param least how long [#repeat] goes on
  Trial(Duration least) {
    this.least = least;
  }

  /// Does work that changes nothing, once and then again until the time of this trial has passed,
  /// and notes nanoseconds per unit as [#TIME], the mean of all times.
  ///
  /// A process that has waited for the others finds its caches cold and its processor asleep. What
  /// takes some microseconds would be a measure of that, if it were done once.
  ///
  /// @param units how many pieces of work it is
  /// @return what it gave the last time
  public <T> T repeat(int units, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    long spent;
    int times = 0;
    T result;
    do {
      result = work.call();
      times++;
      spent = System.nanoTime() - start;
    } while (spent < least.toNanos());
    note(TIME, spent / ((double) units * times));
    return result;
  }

  /// Does the work once and notes nanoseconds per unit as [#TIME].
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
