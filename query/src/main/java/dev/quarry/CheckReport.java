package dev.quarry;

import java.time.Duration;
import java.util.List;

/// What a check found.
///
/// @param problems in words, the first 100; empty if the store is sound
/// @param found how many problems there are in all
/// @param pages that were read and verified
/// @param nodes that were walked
/// @param relationships that were walked
/// @param time that it took
public record CheckReport(
    List<String> problems, long found, long pages, long nodes, long relationships, Duration time) {
  public CheckReport {
    problems = List.copyOf(problems);
  }

  /// Whether nothing is wrong.
  public boolean isSound() {
    return problems.isEmpty();
  }
}
