package dev.quarry.bench;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.slab.ListSpaces;

/// What the lists of a graph take.
final class ListBytes {
  private ListBytes() {}

  /// Bytes in pages of all lists, both directions, directories included.
  static long of(GraphSnapshot snapshot) {
    return of(snapshot, true) + of(snapshot, false);
  }

  /// The same of one direction.
  static long of(GraphSnapshot snapshot, boolean out) {
    long bytes = 0;
    for (ListKind kind : snapshot.catalog().kinds()) {
      bytes += kind.out() == out ? of(snapshot, kind.spaces()) : 0;
    }
    for (Arena arena : snapshot.catalog().arenas()) {
      bytes += arena.isDropped() ? 0 : of(snapshot, arena.lists(out));
    }
    return bytes;
  }

  private static long of(GraphSnapshot snapshot, ListSpaces spaces) {
    int[] all = {
      spaces.directory(),
      spaces.hubs(),
      spaces.slabs().small(),
      spaces.slabs().large(),
      spaces.slabs().descriptors(),
      spaces.runs().groups(),
      spaces.runs().ends(),
      spaces.runs().entries()
    };
    long bytes = 0;
    for (int space : all) {
      PageTable pages = snapshot.pages().table(space);
      bytes += pages.presentPages() * pages.pageBytes();
    }
    return bytes;
  }

  /// Bytes of a relationship in one direction of a CSR: offsets of 8 bytes, entries of 4.
  static double csr(long nodes, long relationships) {
    return 4 + 8.0 * nodes / relationships;
  }
}
