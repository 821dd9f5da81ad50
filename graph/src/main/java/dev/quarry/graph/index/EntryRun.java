package dev.quarry.graph.index;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.RadixSort;
import dev.quarry.storage.memory.Scratch;

/// Entries of an index, gathered in native memory and then sorted as the tree has them; the format
/// is that of [IndexKey].
///
/// Entries that come in order, as those of ids that are counted up, are not sorted. Of others their
/// orders are: 16 bytes each, and where they are found. Only where orders repeat, as those of texts
/// that begin alike, hashes and records are sorted before. Used by one thread.
public final class EntryRun implements AutoCloseable {
  private static final int WIDTH = IndexCursor.WIDTH;
  private static final int WORDS = WIDTH / 8;

  // Places of words in an entry.
  private static final int RECORD = 0;
  private static final int HASH = 8;
  private static final int ORDER = 16;

  /// Bytes that an entry takes at most: itself, two pairs to sort, and its copy in order.
  private static final long BYTES = WIDTH + 2 * 16 + WIDTH;

  private static final long LEAST = 4096;
  private static final int GATHERED = 1024;

  private final Scratch working;
  private final long most;
  private Scratch scratch;
  private long entries;
  private long capacity;
  private long count; // in native memory
  private final long[] gathered = new long[GATHERED * WORDS];
  private int waiting; // in `gathered`
  private boolean isSorted = true;
  private long distinct;
  private long lastOrder;
  private long lastHash;
  private long lastRecord;

  /// @param account of this scratch pays; a part of what it has left may be taken
  public EntryRun(Scratch account) {
    this.working = account.another();
    this.scratch = account.another();
    this.most = Math.max(LEAST, account.availableBytes() / 4 / BYTES);
  }

  /// How many more entries can be added.
  public long room() {
    return most - count();
  }

  public long count() {
    return count + waiting;
  }

  /// Adds an entry; there must be room.
  public void add(long order, long hash, long record) {
    assert room() > 0 : most;
    boolean isFirst = count() == 0;
    int compared = isFirst ? 1 : Long.compareUnsigned(order, lastOrder);
    compared = compared == 0 ? Long.compareUnsigned(hash, lastHash) : compared;
    distinct += compared != 0 ? 1 : 0;
    compared = compared == 0 ? Long.compareUnsigned(record, lastRecord) : compared;
    isSorted &= compared > 0;
    lastOrder = order;
    lastHash = hash;
    lastRecord = record;
    if (waiting == GATHERED) {
      store();
    }
    int at = waiting++ * WORDS;
    gathered[at] = record;
    gathered[at + 1] = hash;
    gathered[at + 2] = order;
  }

  private void store() {
    if (count + waiting > capacity) {
      grow();
    }
    Memory.putLongs(gathered, 0, entries + count * WIDTH, waiting * WORDS);
    count += waiting;
    waiting = 0;
  }

  private void grow() {
    long larger = Math.max(LEAST, 2 * capacity);
    Scratch next = scratch.another();
    try {
      long copy = next.allocate(larger * WIDTH);
      if (count > 0) {
        Memory.copy(entries, copy, count * WIDTH);
      }
      entries = copy;
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    scratch.close();
    scratch = next;
    capacity = larger;
  }

  /// Sorts what was added.
  ///
  /// @return the address of the entries, good until the next call
  long sorted() {
    store();
    if (!isSorted) {
      sort();
    }
    return entries;
  }

  /// How many different keys the sorted entries have.
  long distinct() {
    return distinct;
  }

  private void sort() {
    long pairs = working.allocate(count * 16);
    long spare = working.allocate(count * 16);
    for (long i = 0; i < count; i++) {
      Memory.putLong(pairs + i * 16 + 8, i);
    }
    long sorted = sortBy(ORDER, pairs, spare);
    if (hasRepeats(sorted)) {
      sorted = sortBy(RECORD, sorted, sorted == pairs ? spare : pairs);
      sorted = sortBy(HASH, sorted, sorted == pairs ? spare : pairs);
      sorted = sortBy(ORDER, sorted, sorted == pairs ? spare : pairs);
    }
    long target = working.allocate(count * WIDTH);
    for (long i = 0; i < count; i++) {
      Memory.copy(entry(sorted, i), target + i * WIDTH, WIDTH);
    }
    Memory.copy(target, entries, count * WIDTH);
    working.close();
    countDistinct();
    isSorted = true;
  }

  /// Sorts pairs by a word of the entries that they are about; equals keep their order.
  private long sortBy(int word, long pairs, long spare) {
    for (long i = 0; i < count; i++) {
      Memory.putLong(pairs + i * 16, Memory.getLong(entry(pairs, i) + word));
    }
    return RadixSort.sort(pairs, spare, count, 16);
  }

  /// The entry that a pair is about.
  private long entry(long pairs, long i) {
    return entries + Memory.getLong(pairs + i * 16 + 8) * WIDTH;
  }

  private boolean hasRepeats(long pairs) {
    for (long i = 1; i < count; i++) {
      if (Memory.getLong(pairs + i * 16) == Memory.getLong(pairs + i * 16 - 16)) {
        return true;
      }
    }
    return false;
  }

  private void countDistinct() {
    distinct = 1;
    for (long at = entries + WIDTH; at < entries + count * WIDTH; at += WIDTH) {
      boolean isSame =
          Memory.getLong(at + ORDER) == Memory.getLong(at - WIDTH + ORDER)
              && Memory.getLong(at + HASH) == Memory.getLong(at - WIDTH + HASH);
      distinct += isSame ? 0 : 1;
    }
  }

  /// Forgets what was added; the memory is kept.
  public void clear() {
    count = 0;
    waiting = 0;
    distinct = 0;
    isSorted = true;
  }

  @Override
  public void close() {
    scratch.close();
    working.close();
  }
}
