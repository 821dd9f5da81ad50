package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.ListKind;
import dev.quarry.storage.slab.Lists;
import org.jspecify.annotations.Nullable;

/// A kind and its lists in one state, which are made when they are asked for: most transactions
/// look at few of the kinds of an arena. Used by one thread at a time.
final class KnownKind {
  private final RecordReading reading;
  private final ListKind kind;
  private final long firstEdgeSlot;
  private @Nullable Lists lists;

  KnownKind(RecordReading reading, ListKind kind, long firstEdgeSlot) {
    this.reading = reading;
    this.kind = kind;
    this.firstEdgeSlot = firstEdgeSlot;
  }

  ListKind kind() {
    return kind;
  }

  /// Of the region from which its relationships come.
  long firstEdgeSlot() {
    return firstEdgeSlot;
  }

  Lists lists() {
    Lists known = lists;
    return known == null ? makeLists() : known;
  }

  private Lists makeLists() {
    Lists made = reading.lists(kind);
    lists = made;
    return made;
  }
}
