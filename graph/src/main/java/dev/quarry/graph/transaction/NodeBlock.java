package dev.quarry.graph.transaction;

import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.storage.memory.Selection;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Slots of one arena that lie side by side, and which of them hold nodes that a scan is after:
/// those that are live, have its label, and do not count as deleted. Good until the arena changes.
///
/// Filled by [NodeScan#next(NodeBlock)], used by one thread at a time.
public final class NodeBlock {
  private final long[] wanted = new long[Selection.words(Selection.MOST)];
  private @Nullable ArenaReader arena;
  private long first;
  private int size;

  /// Goes to other slots, of which the live ones are wanted.
  void begin(ArenaReader newArena, long newFirst, int newSize) {
    arena = newArena;
    first = newFirst;
    size = newSize;
    newArena.slots().live(first, size, wanted);
  }

  /// The first slots are not wanted.
  void dropUpTo(int slots) {
    Arrays.fill(wanted, 0, slots >> 6, 0);
    wanted[slots >> 6] &= -1L << slots;
  }

  public ArenaReader arena() {
    return java.util.Objects.requireNonNull(arena);
  }

  /// The id that a node in the first slot has.
  public long firstNode() {
    return Ids.node(arena().arena().id(), first);
  }

  /// How many slots there are.
  public int size() {
    return size;
  }

  /// A bit for each slot, 64 to a word: whether it holds a node that is wanted.
  public long[] wanted() {
    return wanted;
  }

  /// Looks at a property of the nodes that are wanted.
  public void load(int key, ColumnBlock into) {
    into.load(arena(), key, first, size, wanted);
  }
}
