package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.memory.Selection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lists nodes, many at a time, arena by arena. It meets no nodes created after it began.
///
/// Arenas whose nodes all have the label, or none of them, are told by the catalog; only where
/// labels changed after creation is a node looked at. Used by one thread at a time.
public final class NodeScan {
  private final RecordReading reading;
  private final int label;
  private final boolean all;
  private final long[] ends;
  private @Nullable ArenaReader arena;
  private boolean flipped;
  private int nextArena;
  private long from;
  private long end; // of the slots of the arena that are gone over

  /// @param label token; -1 for a label that nobody has used
  /// @param all whether labels do not matter
  NodeScan(RecordReading reading, int label, boolean all) {
    this.reading = reading;
    this.label = label;
    this.all = all;
    this.ends = new long[all || label >= 0 ? reading.catalog().arenas().size() : 0];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = mayBeWanted(i) ? reading.nodeReader(i).slots().highWater() : 0;
    }
  }

  /// Whether some node of an arena is wanted now, or may be by the time it is looked at.
  private boolean mayBeWanted(int id) {
    return reading.edits() != null || isWanted(id);
  }

  private boolean isWanted(int id) {
    Catalog catalog = reading.catalog();
    return all || catalog.arenas().get(id).hasLabel(label) || catalog.flip(id, label) != null;
  }

  /// How many slots it goes over.
  public long slots() {
    return Arrays.stream(ends).sum();
  }

  /// Cuts what it goes over into pieces.
  ///
  /// @param slots of a piece at most, at least 1
  public ScanPieces pieces(long slots) {
    assert reading.edits() == null : "what changes cannot be shared";
    return new ScanPieces(ends.clone(), slots);
  }

  /// Goes to a piece, and to its end only.
  ///
  /// @param pieces of a scan of the same nodes of the same commit
  public void begin(ScanPieces pieces, long piece) {
    open(pieces.arena(piece));
    from = pieces.from(piece);
    end = pieces.end(piece);
    nextArena = ends.length;
  }

  /// Writes the ids of the next nodes.
  ///
  /// @return how many, 0 at the end
  public int fill(long[] ids, int most) {
    while (true) {
      ArenaReader current = arena;
      if (current != null && !reading.isDropped(Ids.node(current.arena().id(), 0))) {
        Slots slots = current.slots();
        int id = current.arena().id();
        int count = slots.fillLive(from, end, Ids.node(id, 0), ids, most);
        from = slots.next();
        boolean over = count == 0;
        count = flipped || reading.mayHaveDeleted() ? keepWanted(ids, count) : count;
        if (count > 0) {
          return count;
        }
        if (!over) {
          continue;
        }
      }
      if (!openArena()) {
        return 0;
      }
    }
  }

  /// Goes to the next block of slots, which may hold no node that is wanted. Do not mix with
  /// [#fill].
  ///
  /// @return false at the end
  public boolean next(NodeBlock into) {
    while (isOver(arena)) {
      if (!openArena()) {
        return false;
      }
    }
    int id = java.util.Objects.requireNonNull(arena).arena().id();
    long first = from & -Selection.MOST; // a piece may begin in the middle of a block
    int size = (int) Math.min(Selection.MOST, end - first);
    into.begin(reading.nodeReader(id), first, size);
    if (first < from) {
      into.dropUpTo((int) (from - first));
    }
    if (flipped) {
      keepLabelled(into.wanted(), id, first, Selection.words(size));
    }
    if (reading.mayHaveDeleted()) {
      dropLeaving(into);
    }
    from = first + size;
    return true;
  }

  private boolean isOver(@Nullable ArenaReader current) {
    return current == null || from >= end || reading.isDropped(Ids.node(current.arena().id(), 0));
  }

  private void keepLabelled(long[] wanted, int id, long first, int words) {
    Flip flip = java.util.Objects.requireNonNull(reading.catalog().flip(id, label));
    Column flips = reading.flipBits(flip);
    boolean born = reading.catalog().arena(id).hasLabel(label);
    for (int i = 0; i < words; i++) {
      long bits = flips.bits(first + 64L * i);
      wanted[i] &= born ? ~bits : bits;
    }
  }

  private void dropLeaving(NodeBlock block) {
    long[] wanted = block.wanted();
    for (int slot = 0; slot < block.size(); slot++) {
      if (reading.isLeaving(block.firstNode() + slot)) {
        wanted[slot >> 6] &= ~(1L << slot);
      }
    }
  }

  private int keepWanted(long[] ids, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      boolean labelled = !flipped || reading.hasLabel(ids[i], label);
      if (labelled && !reading.isLeaving(ids[i])) {
        ids[kept++] = ids[i];
      }
    }
    return kept;
  }

  private boolean openArena() {
    while (nextArena < ends.length) {
      int id = nextArena++;
      if (ends[id] > 0 && isWanted(id)) {
        open(id);
        return true;
      }
    }
    arena = null;
    return false;
  }

  private void open(int id) {
    flipped = !all && reading.catalog().flip(id, label) != null;
    arena = reading.nodeReader(id);
    from = 0;
    end = ends[id];
  }
}
