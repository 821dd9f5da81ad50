package dev.quarry;

import java.time.Duration;

/// What a query did.
///
/// @param nodesCreated nodes that it created
/// @param relationshipsCreated relationships that it created
/// @param propertiesSet properties that it set, those of created records included
/// @param labelsAdded labels that it added, those of created nodes included
/// @param plan the plan as text, as `EXPLAIN` shows it
/// @param time from the start of the query to its last row so far
/// @param peakBytes most native memory that the query held at once
public record Summary(
    long nodesCreated,
    long relationshipsCreated,
    long propertiesSet,
    long labelsAdded,
    String plan,
    Duration time,
    long peakBytes) {
  /// Whether the query changed anything.
  public boolean changed() {
    return nodesCreated + relationshipsCreated + propertiesSet + labelsAdded > 0;
  }
}
