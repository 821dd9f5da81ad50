package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// The nodes that a walk has led to, as a bit for each slot of the arenas in which they lie: to ask
/// for one is one read, and a list whose entries lie in one piece is compared with them in one
/// loop.
///
/// ```text
/// arena   0            1       2
/// bits    0            ●       ●──▶ 0 1 1 0 0 1 …    a bit a slot
///      nothing marked  └──▶ 1 0 0 1 …
/// ```
///
/// Memory: an eighth of a byte for each slot of an arena in which a node was marked, which is
/// cleared by the walk that marked it, so nothing but the first walk costs more than its list is
/// long. Used by one thread at a time.
public final class NodeMarks {
  private static final long[] NONE = {};

  private final RecordReading reading;
  private final Scratch scratch;
  private final boolean grows;
  private long[] bits = NONE; // by arena, 0 where no node was marked
  private long[] slots = NONE; // by arena, how many have a bit
  private boolean repeats;

  /// @param scratch for the bits, used for nothing else
  public NodeMarks(RecordReading reading, Scratch scratch) {
    this.reading = reading;
    this.scratch = scratch;
    this.grows = !(reading instanceof GraphSnapshot);
  }

  /// Marks the other ends of the slice at which a walk is.
  ///
  /// @param mostBytes that all bits may take
  /// @return false if they would take more: then some may be marked, and others not
  public boolean mark(Expansion walk, long mostBytes) {
    int arena = walk.sliceArena();
    int count = walk.sliceCount();
    if (arena >= 0) {
      if (!hasRoom(arena, mostBytes)) {
        return false;
      }
      repeats |= ListMarks.mark(walk.sliceAddress(), count, slots[arena], bits[arena]) < count;
      return true;
    }
    for (int i = 0; i < count; i++) {
      long node = walk.sliceNeighbour(i);
      if (!hasRoom(Ids.arena(node), mostBytes)) {
        return false;
      }
      mark(node);
    }
    return true;
  }

  private void mark(long node) {
    repeats |= !isFirst(node);
  }

  /// Marks a node whose arena has bits; whether it was not marked before.
  private boolean isFirst(long node) {
    int arena = Ids.arena(node);
    long slot = Ids.slot(node);
    assert slot < slots[arena] : slot + " of " + slots[arena];
    long word = bits[arena] + (slot >>> 6) * 8;
    long before = Memory.getLong(word);
    Memory.putLong(word, before | 1L << slot);
    return (before >>> slot & 1) == 0;
  }

  /// Marks the other ends of some relationships of the slice at which a walk is, and tells those
  /// that were not marked before. Not for marks that are taken back.
  ///
  /// @param from the first of them
  /// @param first where nodes go, with room for all
  /// @param mostBytes that all bits may take
  /// @return how many were not marked before; -1 if bits would take more: then nothing is marked
  public int markNew(Expansion walk, int from, int count, long[] nodes, int first, long mostBytes) {
    int arena = walk.sliceArena();
    if (arena >= 0) {
      long list = walk.sliceAddress() + from * 4L;
      long base = Ids.node(arena, 0);
      return hasRoom(arena, mostBytes)
          ? ListMarks.markAndWrite(list, count, slots[arena], bits[arena], base, nodes, first)
          : -1;
    }
    for (int i = from; i < from + count; i++) {
      if (!hasRoom(Ids.arena(walk.sliceNeighbour(i)), mostBytes)) {
        return -1;
      }
    }
    int found = 0;
    for (int i = from; i < from + count; i++) {
      nodes[first + found] = walk.sliceNeighbour(i);
      found += isFirst(nodes[first + found]) ? 1 : 0;
    }
    return found;
  }

  /// Makes sure that each slot of an arena has a bit.
  private boolean hasRoom(int arena, long mostBytes) {
    if (!grows && hasMarks(arena)) {
      return true;
    }
    long wanted = reading.nodeReader(arena).slots().highWater();
    if (arena < slots.length && wanted <= slots[arena]) {
      return true;
    }
    if (arena >= slots.length) {
      bits = Arrays.copyOf(bits, arena + 1);
      slots = Arrays.copyOf(slots, arena + 1);
    }
    long room = slots[arena] == 0 ? wanted : 2 * wanted; // of a transaction that creates nodes
    long bytes = (room + 63 >>> 6) * 8;
    if (scratch.usedBytes() + bytes > mostBytes || bytes > scratch.availableBytes() / 4) {
      return false;
    }
    long larger = scratch.allocateZeroed(bytes);
    Memory.copy(bits[arena], larger, (slots[arena] + 63 >>> 6) * 8);
    bits[arena] = larger;
    slots[arena] = room;
    return true;
  }

  /// Takes back what [#mark] did for the slice at which a walk is. All slices of the list must be
  /// taken back, as bits of others are lost.
  public void unmark(Expansion walk) {
    repeats = false;
    int arena = walk.sliceArena();
    int count = walk.sliceCount();
    if (arena >= 0) {
      if (hasMarks(arena)) {
        ListMarks.clear(walk.sliceAddress(), count, slots[arena], bits[arena]);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      long node = walk.sliceNeighbour(i);
      if (hasMarks(Ids.arena(node)) && Ids.slot(node) < slots[Ids.arena(node)]) {
        Memory.putLong(bits[Ids.arena(node)] + (Ids.slot(node) >>> 6) * 8, 0);
      }
    }
  }

  private boolean hasMarks(int arena) {
    return arena < bits.length && bits[arena] != 0;
  }

  /// Whether some node was marked more than once.
  public boolean hasRepeats() {
    return repeats;
  }

  /// Whether a node is marked.
  public boolean has(long node) {
    int arena = Ids.arena(node);
    long slot = Ids.slot(node);
    return arena < slots.length
        && slot < slots[arena]
        && (Memory.getLong(bits[arena] + (slot >>> 6) * 8) >>> slot & 1) != 0;
  }

  /// Moves the nodes that are marked to the front, in their order.
  ///
  /// @return how many there are
  public int select(long[] nodes, int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      long node = nodes[i];
      nodes[kept] = node;
      kept += has(node) ? 1 : 0;
    }
    return kept;
  }

  /// How many relationships of the slice at which a walk is lead to marked nodes.
  public long count(Expansion walk) {
    int arena = walk.sliceArena();
    int count = walk.sliceCount();
    if (arena >= 0) {
      return hasMarks(arena)
          ? ListMarks.countSet(walk.sliceAddress(), count, slots[arena], bits[arena])
          : 0;
    }
    long marked = 0;
    for (int i = 0; i < count; i++) {
      marked += has(walk.sliceNeighbour(i)) ? 1 : 0;
    }
    return marked;
  }

  /// Forgets all marks and gives their memory back.
  public void clear() {
    scratch.close();
    bits = NONE;
    slots = NONE;
    repeats = false;
  }
}
