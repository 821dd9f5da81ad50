package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ListKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The kinds that have lists of their own, by the arena and direction of the lists, as of one
/// state: looked for on first use, and again once the catalog has other kinds. Used by one thread
/// at a time.
final class KnownKinds {
  private static final KnownKind[] NONE = {};
  private static final KnownKind @Nullable [][] NO_ARENAS = {};

  private final RecordReading reading;
  private @Nullable List<ListKind> of;
  private KnownKind @Nullable [][] lists = NO_ARENAS;

  KnownKinds(RecordReading reading) {
    this.reading = reading;
  }

  /// The kinds of a node's arena in a direction; do not change the array.
  KnownKind[] of(long node, boolean out) {
    List<ListKind> all = reading.catalog().kinds();
    if (all.isEmpty()) {
      return NONE;
    }
    if (of != all) {
      of = all;
      lists = new KnownKind[2 * reading.catalog().arenas().size()][];
    }
    int index = 2 * Ids.arena(node) + (out ? 1 : 0);
    if (index >= lists.length) {
      return NONE;
    }
    KnownKind[] found = lists[index];
    if (found == null) {
      found = look(all, Ids.arena(node), out);
      lists[index] = found;
    }
    return found;
  }

  /// Without streams, since each transaction comes here.
  private KnownKind[] look(List<ListKind> all, int arena, boolean out) {
    List<KnownKind> found = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      ListKind kind = all.get(i);
      if (kind.arena() == arena && kind.out() == out) {
        found.add(lists(kind));
      }
    }
    return found.toArray(NONE);
  }

  private KnownKind lists(ListKind kind) {
    Catalog catalog = reading.catalog();
    int source = kind.out() ? kind.arena() : kind.other();
    long firstEdgeSlot = Ids.edgeSlot(catalog.region(source), 0);
    return new KnownKind(reading, kind, firstEdgeSlot);
  }
}
