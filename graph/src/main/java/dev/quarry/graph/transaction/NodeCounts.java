package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// How often lists lead to each node, as a number for each slot of the arenas in which the nodes
/// lie: a list whose entries lie in one piece is added in one loop. Nodes are told arena by arena,
/// in the order in which they were met.
///
/// ```text
/// numbers   0 3 0 0 1 …     8 bytes a slot, 0 where no list led to
/// met       4 1 …           4 bytes a slot: whose numbers are not 0
/// ```
///
/// Memory grows with the arenas, so it is for who goes over much of them. Used by one thread at a
/// time.
public final class NodeCounts {
  private static final int SLOT_BYTES = 12;
  private static final long MOST_SLOTS = Integer.MAX_VALUE;
  private static final int[] NO_ARENAS = {};
  private static final Arena[] NONE = {};

  private final RecordReading reading;
  private final Scratch scratch;
  private final boolean grows;
  private Arena[] all = NONE; // in the order in which they were met
  private int[] places = NO_ARENAS; // by arena, 1 + its place among all; 0 where it has none
  private int arenas;
  private int toldArenas;
  private int toldNodes;

  /// The numbers of one arena.
  private static final class Arena {
    final long base;
    long slots;
    long numbers;
    long met;
    int metCount;

    Arena(int arena) {
      base = Ids.node(arena, 0);
    }
  }

  /// @param scratch for the numbers, used for nothing else
  public NodeCounts(RecordReading reading, Scratch scratch) {
    this.reading = reading;
    this.scratch = scratch;
    this.grows = !(reading instanceof GraphSnapshot);
  }

  /// What became of some relationships.
  public enum Added {
    /// Their other ends have been counted.
    YES,
    /// Nothing was counted, as that would take too much memory.
    NO_ROOM,
    /// A number would exceed what fits into 64 bits; none is right any more.
    TOO_MANY
  }

  /// Counts the other ends of some relationships of the slice at which a walk is.
  ///
  /// @param from the first of them
  /// @param times how often each counts, at least once
  /// @param mostBytes that all numbers may take
  public Added add(Expansion walk, int from, int count, long times, long mostBytes) {
    int arena = walk.sliceArena();
    if (arena >= 0) {
      if (!hasRoom(arena, mostBytes)) {
        return Added.NO_ROOM;
      }
      return addList(all[places[arena] - 1], walk.sliceAddress() + from * 4L, count, times);
    }
    for (int i = from; i < from + count; i++) {
      if (!hasRoom(Ids.arena(walk.sliceNeighbour(i)), mostBytes)) {
        return Added.NO_ROOM;
      }
    }
    long sums = 0;
    for (int i = from; i < from + count; i++) {
      sums |= addNode(walk.sliceNeighbour(i), times);
    }
    return sums < 0 ? Added.TOO_MANY : Added.YES;
  }

  private static Added addList(Arena arena, long list, int count, long times) {
    int noted =
        ListMarks.addAndNote(
            list, count, arena.slots, arena.numbers, times, arena.metCount, arena.met);
    if (noted < 0) {
      return Added.TOO_MANY;
    }
    arena.metCount = noted;
    return Added.YES;
  }

  /// @return the number, negative if it does not fit
  private long addNode(long node, long times) {
    Arena arena = all[places[Ids.arena(node)] - 1];
    long slot = Ids.slot(node);
    assert slot < arena.slots : slot + " of " + arena.slots;
    long before = Memory.getLong(arena.numbers + slot * 8);
    long sum = (before + times) | (before & Long.MIN_VALUE);
    Memory.putLong(arena.numbers + slot * 8, sum);
    if (before == 0) {
      Memory.putInt(arena.met + arena.metCount++ * 4L, (int) slot);
    }
    return sum;
  }

  /// Makes sure that each slot of an arena has a number.
  private boolean hasRoom(int arena, long mostBytes) {
    boolean known = arena < places.length && places[arena] > 0;
    if (known && !grows) {
      return true;
    }
    long wanted = reading.nodeReader(arena).slots().highWater();
    if (known && wanted <= all[places[arena] - 1].slots) {
      return true;
    }
    long slots = known ? 2 * wanted : wanted; // of a transaction that creates nodes
    long bytes = SLOT_BYTES * slots + 4;
    if (slots > MOST_SLOTS
        || scratch.usedBytes() + bytes > mostBytes
        || bytes > scratch.availableBytes() / 4) {
      return false;
    }
    if (!known) {
      addArena(arena);
    }
    enlarge(all[places[arena] - 1], slots);
    return true;
  }

  private void addArena(int arena) {
    places = Arrays.copyOf(places, Math.max(places.length, arena + 1));
    all = Arrays.copyOf(all, arenas + 1);
    all[arenas++] = new Arena(arena);
    places[arena] = arenas;
  }

  private void enlarge(Arena arena, long slots) {
    long numbers = scratch.allocateZeroed(8 * slots);
    long met = scratch.allocate(4 * slots + 4);
    Memory.copy(arena.numbers, numbers, 8 * arena.slots);
    Memory.copy(arena.met, met, 4L * arena.metCount);
    arena.numbers = numbers;
    arena.met = met;
    arena.slots = slots;
  }

  /// Tells some nodes that were not told yet; add no more then.
  ///
  /// @param numbers how often lists led to them
  /// @return how many, 0 at the end
  public int take(long[] nodes, long[] numbers, int most) {
    while (toldArenas < arenas && toldNodes == all[toldArenas].metCount) {
      toldArenas++;
      toldNodes = 0;
    }
    if (toldArenas == arenas) {
      return 0;
    }
    Arena arena = all[toldArenas];
    int count = Math.min(most, arena.metCount - toldNodes);
    for (int i = 0; i < count; i++) {
      long slot = Memory.getInt(arena.met + (toldNodes + i) * 4L) & 0xFFFFFFFFL;
      nodes[i] = arena.base | slot;
      numbers[i] = Memory.getLong(arena.numbers + slot * 8);
    }
    toldNodes += count;
    return count;
  }

  /// Forgets all numbers and gives their memory back.
  public void clear() {
    scratch.close();
    all = NONE;
    places = NO_ARENAS;
    arenas = 0;
    toldArenas = 0;
    toldNodes = 0;
  }
}
