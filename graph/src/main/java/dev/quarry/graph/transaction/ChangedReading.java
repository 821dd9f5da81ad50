package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.storage.memory.Scratch;

/// The state that changes have made so far, for those who look at it before it is committed.
final class ChangedReading extends RecordReading {
  private final Changes changes;

  ChangedReading(Changes changes, Handles handles, Scratch scratch) {
    super(changes.pages(), handles, scratch);
    this.changes = changes;
  }

  @Override
  public Catalog catalog() {
    return changes.catalog();
  }

  @Override
  UnwrittenCounts unwritten() {
    return changes.counters().unwritten();
  }

  @Override
  public void ensureOpen() {}
}
