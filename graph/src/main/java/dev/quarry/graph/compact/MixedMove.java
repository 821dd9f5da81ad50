package dev.quarry.graph.compact;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.ListWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Moves relationships that leave the nodes of an arena from mixed lists to lists of their own,
/// where their kinds have some.
///
/// **Invariant:** the two entries of a relationship move in the same transaction, since who finds
/// one of them in a list of its kind expects the other there as well. Bare equals are entries that
/// are equal, so it does not matter which of them moves. Used by the writer's thread.
final class MixedMove {
  /// Entries of a hub that are looked at together.
  private static final int MOST_OF_HUB = 256;

  private final PageTransaction pages;
  private final Catalog catalog;
  private final int arena;
  private final ListWriter outgoing;
  private final Map<Integer, ListWriter> incoming = new HashMap<>(); // mixed lists, by arena
  private final Map<ListKind, ListWriter> kinds = new HashMap<>();
  private long[] noted = new long[2 * MOST_OF_HUB]; // pairs: what a mixed list has of each
  private int count;
  private long source;
  private long looked;
  private long moved;

  // The kind that was looked up last; entries come sorted by type.
  private int type = -1;
  private int other = -1;
  private @Nullable Own own;

  /// Lists of a kind, both directions.
  private record Own(ListWriter out, ListWriter in) {}

  MixedMove(PageTransaction pages, Catalog catalog, int arena) {
    this.pages = pages;
    this.catalog = catalog;
    this.arena = arena;
    this.outgoing = mixed(arena, true);
  }

  private ListWriter mixed(int of, boolean out) {
    ListSpaces spaces = catalog.arena(of).lists(out);
    return new ListWriter(pages, spaces);
  }

  /// Slots that have outgoing mixed lists lie below this.
  long slotCount() {
    return outgoing.lists().slotCount();
  }

  /// Moves what can be moved of the list of a slot; of a hub, of some of its entries, from one on.
  /// [#hasMore()] tells whether it has to be called again.
  ///
  /// @param hi of the entry at which it begins, 0 for the first
  /// @param lo likewise
  void move(long slot, long hi, long lo) {
    source = Ids.node(arena, slot);
    count = 0;
    looked += outgoing.retain(slot, hi, lo, this::note, MOST_OF_HUB);
    if (count == 0) {
      return;
    }
    outgoing.retain(slot, hi, lo, (entry, target) -> own(entry, target) == null, MOST_OF_HUB);
    for (int i = 0; i < count; i++) {
      moveIn(noted[2 * i], noted[2 * i + 1]);
    }
    moved += count;
  }

  /// Whether the list of the slot has entries that were not looked at.
  boolean hasMore() {
    return outgoing.hasMore();
  }

  long nextHi() {
    return outgoing.nextHi();
  }

  long nextLo() {
    return outgoing.nextLo();
  }

  /// Entries that were looked at.
  long looked() {
    return looked;
  }

  /// Relationships that were moved.
  long moved() {
    return moved;
  }

  /// Completes the transaction's part.
  void finish() {
    outgoing.finish();
    incoming.values().forEach(ListWriter::finish);
    kinds.values().forEach(ListWriter::finish);
  }

  /// Notes an entry that is to move; keeps it for now.
  private boolean note(long entry, long target) {
    if (own(entry, target) != null) {
      if (2 * count == noted.length) {
        noted = Arrays.copyOf(noted, 2 * noted.length); // a list that is no hub is not long
      }
      noted[2 * count] = entry;
      noted[2 * count++ + 1] = target;
    }
    return true;
  }

  /// Takes the incoming entry out of its mixed list, and enters both in lists of their own.
  private void moveIn(long entry, long target) {
    ListWriter in = incoming.computeIfAbsent(Ids.arena(target), id -> mixed(id, false));
    if (!in.remove(Ids.slot(target), entry, source)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a relationship :%s from node n%d.%d is not in the list of node n%d.%d"
              .formatted(
                  catalog.typeName(Ids.type(entry)),
                  arena,
                  Ids.slot(source),
                  Ids.arena(target),
                  Ids.slot(target)),
          "run `quarry check`");
    }
    Own to = own(entry, target);
    assert to != null : entry;
    long edgeSlot = Ids.edgeSlot(entry);
    to.out.insert(Ids.slot(source), 0, Ids.word(Ids.slot(target), edgeSlot));
    to.in.insert(Ids.slot(target), 0, Ids.word(Ids.slot(source), edgeSlot));
  }

  /// The lists of its kind that take a relationship; null if it stays.
  private @Nullable Own own(long entry, long target) {
    if (!Ids.fitWord(Ids.slot(source), Ids.slot(target), Ids.edgeSlot(entry))) {
      return null;
    }
    if (Ids.type(entry) != type || Ids.arena(target) != other) {
      type = Ids.type(entry);
      other = Ids.arena(target);
      catalog.ensureNamed(other, type);
      ListKind out = catalog.kind(arena, type, true, other);
      ListKind in = catalog.kind(other, type, false, arena);
      own = out == null || in == null ? null : new Own(writer(out), writer(in));
    }
    return own;
  }

  private ListWriter writer(ListKind kind) {
    return kinds.computeIfAbsent(kind, one -> new ListWriter(pages, one.spaces()));
  }
}
