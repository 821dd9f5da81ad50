package dev.quarry;

import java.time.Duration;

/// What a query did.
///
/// @param nodesCreated nodes that it created
/// @param nodesDeleted nodes that it deleted
/// @param relationshipsCreated relationships that it created
/// @param relationshipsDeleted relationships that it deleted, those of detached nodes included
/// @param propertiesSet properties that it set or removed, those of created records included
/// @param labelsAdded labels that it added, those of created nodes included
/// @param labelsRemoved labels that it removed
/// @param indexesAdded indexes that it made, those of constraints apart
/// @param indexesRemoved indexes that it dropped, those of constraints apart
/// @param constraintsAdded constraints that it made
/// @param constraintsRemoved constraints that it dropped
/// @param plan the plan as text, as `EXPLAIN` shows it
/// @param time from the start of the query to its last row so far
/// @param peakBytes most native memory that the query held at once
public record Summary(
    long nodesCreated,
    long nodesDeleted,
    long relationshipsCreated,
    long relationshipsDeleted,
    long propertiesSet,
    long labelsAdded,
    long labelsRemoved,
    long indexesAdded,
    long indexesRemoved,
    long constraintsAdded,
    long constraintsRemoved,
    String plan,
    Duration time,
    long peakBytes) {
  /// Whether the query changed anything.
  public boolean changed() {
    return nodesCreated
            + nodesDeleted
            + relationshipsCreated
            + relationshipsDeleted
            + propertiesSet
            + labelsAdded
            + labelsRemoved
            + indexesAdded
            + indexesRemoved
            + constraintsAdded
            + constraintsRemoved
        > 0;
  }
}
