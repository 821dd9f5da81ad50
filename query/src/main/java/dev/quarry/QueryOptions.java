package dev.quarry;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Limits of one query. Immutable; the withers return changed copies.
///
/// @param timeout the query ends with `Transaction.TimedOut` past it; null for no limit
/// @param memoryBytes native memory the query may hold; 0 for a quarter of the store's budget
/// @param maximumRows rows it may return before it ends with `Limit.Exceeded`; 0 for no limit
/// @param threads the most that run it at once, the one that asks for its rows among them; 0 for as
///   many as the store may use ([OpenOptions#withThreads]), less those that help other queries of
///   it. Only what reads a snapshot and aggregates many rows uses more than one, and no answer
///   depends on how many
public record QueryOptions(
    @Nullable Duration timeout, long memoryBytes, long maximumRows, int threads) {
  /// No limit but the default share of memory.
  public static final QueryOptions DEFAULT = new QueryOptions(null, 0, 0, 0);

  public QueryOptions {
    if (memoryBytes < 0 || maximumRows < 0 || threads < 0) {
      throw new IllegalArgumentException(
          "limits must not be negative: memory %d, rows %d, threads %d"
              .formatted(memoryBytes, maximumRows, threads));
    }
  }

  /// The same with another timeout.
  public QueryOptions withTimeout(@Nullable Duration newTimeout) {
    return new QueryOptions(newTimeout, memoryBytes, maximumRows, threads);
  }

  /// The same with another limit on memory.
  public QueryOptions withMemory(long newMemoryBytes) {
    return new QueryOptions(timeout, newMemoryBytes, maximumRows, threads);
  }

  /// The same with another limit on rows.
  public QueryOptions withMaximumRows(long newMaximumRows) {
    return new QueryOptions(timeout, memoryBytes, newMaximumRows, threads);
  }

  /// The same on other threads; 1 for the one that asks for its rows alone.
  public QueryOptions withThreads(int newThreads) {
    return new QueryOptions(timeout, memoryBytes, maximumRows, newThreads);
  }
}
