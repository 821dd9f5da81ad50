package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.RadixSort;
import dev.quarry.storage.memory.Scratch;

/// Native memory in which a piece of the records is sorted. Used by one thread at a time.
///
/// Records of one word are sorted in arrays, unless there are many: in a JVM that just started a
/// loop over an array takes a tenth of the time of one over native memory.
final class SortBuffer implements AutoCloseable {
  static final int MOST_IN_ARRAYS = 1 << 17;

  private final int recordBytes;
  private final Scratch scratch;
  private long records;
  private long spare;
  private long capacity;
  private long sorted;
  private long[] words = {};
  private long[] spareWords = {};

  /// The piece: from and to in each of the places that it is put together from.
  final long[] from;

  final long[] to;

  SortBuffer(NativeMemory memory, Budget account, int recordBytes, int places) {
    this.recordBytes = recordBytes;
    this.scratch = memory.scratch(account);
    this.from = new long[places];
    this.to = new long[places];
  }

  /// How many records the piece has.
  long count() {
    long count = 0;
    for (int i = 0; i < from.length; i++) {
      count += to[i] - from[i];
    }
    return count;
  }

  /// The address for the records of the piece, which are to be put there.
  long room() {
    long count = count();
    if (count > capacity) {
      scratch.close();
      capacity = 0;
      records = scratch.allocate(count * recordBytes);
      spare = scratch.allocate(count * recordBytes);
      capacity = count;
    }
    return records;
  }

  /// Sorts what was put there by the bits of the key from one on; equals keep their order.
  void sort(int lowestBit) {
    long count = count();
    if (recordBytes == 8 && count <= MOST_IN_ARRAYS) {
      sortInArrays((int) count, 0, lowestBit);
      sorted = records;
    } else {
      sorted = RadixSort.sort(records, spare, count, recordBytes, lowestBit);
    }
  }

  /// The same after the bits of each record were rotated to the right. Of records of one word, at
  /// most [#MOST_IN_ARRAYS].
  void sortRotated(int rotation, int lowestBit) {
    sortInArrays((int) count(), rotation, lowestBit);
    sorted = records;
  }

  private void sortInArrays(int count, int rotation, int lowestBit) {
    if (words.length < count) {
      words = new long[count];
      spareWords = new long[count];
    }
    Memory.getLongs(records, words, 0, count);
    for (int i = 0; rotation != 0 && i < count; i++) {
      words[i] = Long.rotateRight(words[i], rotation);
    }
    long[] ordered = RadixSort.sort(words, spareWords, count, lowestBit);
    Memory.putLongs(ordered, 0, records, count);
  }

  /// The address of the sorted records.
  long sorted() {
    return sorted;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
