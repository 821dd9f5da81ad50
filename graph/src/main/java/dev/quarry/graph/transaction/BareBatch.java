package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.RadixSort;
import dev.quarry.storage.memory.Scratch;

/// Bare relationships of one type between two arenas, to be entered into their lists together:
/// first all outgoing lists in the order of the sources, then all incoming ones in the order of the
/// targets. So each list is looked for once, near the one before it, instead of at random.
///
/// ```text
/// pair    63          32 31           0
///        ┌──────────────┬──────────────┐
///        │ source slot  │ target slot  │    8 bytes of native memory, and as much to sort it
///        └──────────────┴──────────────┘
/// ```
///
/// Used by one thread at a time.
final class BareBatch implements AutoCloseable {
  /// The highest slot that fits.
  static final long MOST_SLOT = 0xFFFF_FFFEL;

  private static final int BYTES = 8;
  private static final int FIRST = 64;

  private final int source;
  private final int type;
  private final int target;
  private Scratch memory;
  private long pairs;
  private long spare;
  private long turned;
  private long capacity;
  private long count;
  private boolean bySource;

  /// @param source arena of the sources
  /// @param target arena of the targets
  /// @param account scratch that is charged to the account to use; nothing is taken from it
  BareBatch(int source, int type, int target, Scratch account) {
    this.source = source;
    this.type = type;
    this.target = target;
    this.memory = account.another();
  }

  int source() {
    return source;
  }

  int type() {
    return type;
  }

  int target() {
    return target;
  }

  boolean isOf(int aSource, int aType, int aTarget) {
    return type == aType && source == aSource && target == aTarget;
  }

  long count() {
    return count;
  }

  /// @param sourceSlot at most [#MOST_SLOT]
  /// @param targetSlot likewise
  void add(long sourceSlot, long targetSlot) {
    assert Math.max(sourceSlot, targetSlot) <= MOST_SLOT : sourceSlot + ", " + targetSlot;
    if (count == capacity) {
      grow();
    }
    Memory.putLong(pairs + count++ * BYTES, sourceSlot << 32 | targetSlot);
    bySource = false;
  }

  private void grow() {
    long larger = Math.max(FIRST, capacity * 2);
    Scratch next = memory.another();
    long both;
    try {
      both = next.allocate(2 * larger * BYTES);
    } catch (RuntimeException | Error e) {
      next.close();
      throw e;
    }
    Memory.copy(pairs, both, count * BYTES);
    memory.close();
    memory = next;
    pairs = both;
    spare = both + larger * BYTES;
    capacity = larger;
  }

  /// The address of the pairs, those of one source together, in the order in which they were added.
  long bySource() {
    if (!bySource) {
      sort();
      bySource = true;
    }
    return pairs;
  }

  /// The address of the pairs with their halves exchanged, those of one target together and
  /// ascending if they were sorted by source before; they stay so.
  long byTarget() {
    for (long i = 0; i < count; i++) {
      long at = pairs + i * BYTES;
      Memory.putLong(at, Long.rotateRight(Memory.getLong(at), 32));
    }
    sort();
    return pairs;
  }

  /// Takes memory for another array, so that both orders can be there at once.
  ///
  /// @return whether the account has it
  boolean reserveBoth() {
    if (memory.availableBytes() < 2 * count * BYTES) {
      return false;
    }
    turned = memory.allocate(count * BYTES);
    return true;
  }

  /// Another array that is as [#byTarget()] would be, beside [#bySource()], which was asked for
  /// before, as was [#reserveBoth()]; used once. Another thread may do this, while the caller's
  /// reads pairs and adds none.
  long turned() {
    for (long i = 0; i < count; i++) {
      Memory.putLong(turned + i * BYTES, Long.rotateRight(Memory.getLong(pairs + i * BYTES), 32));
    }
    return RadixSort.sort(turned, spare, count, BYTES, 32);
  }

  private void sort() {
    long sorted = RadixSort.sort(pairs, spare, count, BYTES, 32);
    spare = sorted == pairs ? spare : pairs;
    pairs = sorted;
  }

  /// The slot of the source of a pair.
  long sourceSlot(long index) {
    return Memory.getLong(pairs + index * BYTES) >>> 32;
  }

  /// The slot of its target.
  long targetSlot(long index) {
    return Memory.getLong(pairs + index * BYTES) & 0xFFFF_FFFFL;
  }

  @Override
  public void close() {
    count = 0;
    capacity = 0;
    memory.close();
  }
}
