package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.slab.ListCursor;
import dev.quarry.storage.slab.Lists;
import org.jspecify.annotations.Nullable;

/// The lists of one kind, or the mixed lists of an arena in one direction: each is read whole or
/// not at all. Used by one thread at a time.
final class SalvagedLists {
  private final Lists lists;
  private final @Nullable ListKind kind;
  private final int region; // of the sources of lists of their own
  private final ListCursor cursor = new ListCursor();

  /// Takes an entry.
  interface Sink {
    /// @param edgeSlot -1 for a bare relationship
    void relationship(int type, long other, long edgeSlot);
  }

  SalvagedLists(GraphSnapshot from, ListKind kind) {
    this.lists = new Lists(from.pages(), kind.spaces());
    this.kind = kind;
    this.region = from.catalog().region(kind.out() ? kind.arena() : kind.other());
  }

  SalvagedLists(GraphSnapshot from, int arena, boolean out) {
    this.lists = from.nodeReader(arena).lists(out);
    this.kind = null;
    this.region = 0;
  }

  /// The kind; null for mixed lists.
  @Nullable ListKind kind() {
    return kind;
  }

  /// Whether a list can be read to its end.
  boolean isReadable(long slot) {
    try {
      lists.open(slot, cursor);
      while (cursor.nextFragment()) {
        Memory.getByte(cursor.address());
      }
      return true;
    } catch (CorruptPageException e) {
      cursor.openNothing();
      return false;
    }
  }

  /// Whether a list is known to have entries.
  boolean isListed(long slot) {
    try {
      return lists.length(slot) > 0;
    } catch (CorruptPageException e) {
      return false;
    }
  }

  /// Reads a list that is readable.
  void read(long slot, Sink sink) {
    lists.open(slot, cursor);
    int width = cursor.entryBytes();
    while (cursor.nextFragment()) {
      for (int i = 0; i < cursor.count(); i++) {
        entry(cursor.address() + (long) i * width, width, sink);
      }
    }
  }

  private void entry(long at, int width, Sink sink) {
    ListKind own = kind;
    if (own == null) {
      long entry = Memory.getLong(at + 8);
      sink.relationship(Ids.type(entry), Memory.getLong(at), Ids.edgeSlot(entry));
    } else if (width == 4) {
      long other = Memory.getInt(at) & 0xFFFFFFFFL;
      sink.relationship(own.type(), Ids.node(own.other(), other), -1);
    } else {
      long word = Memory.getLong(at);
      long row = (word & 0xFFFFFFFFL) - 1;
      long edgeSlot = row < 0 ? -1 : Ids.edgeSlot(region, row);
      sink.relationship(own.type(), Ids.node(own.other(), word >>> 32), edgeSlot);
    }
  }
}
