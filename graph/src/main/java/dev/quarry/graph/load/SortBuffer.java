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

  /// Sorts what was put there; equals keep their order.
  void sort() {
    long count = count();
    if (recordBytes == 8 && count <= MOST_IN_ARRAYS) {
      Memory.getLongs(records, words((int) count), 0, (int) count);
      Memory.putLongs(sortWords((int) count, 0), 0, records, (int) count);
      sorted = records;
    } else {
      sorted = RadixSort.sort(records, spare, count, recordBytes);
    }
  }

  /// Sorts records where they lie, by the bits of the key from one on; equals keep their order.
  ///
  /// @param rotation by which the bits of each are rotated to the right before; 0 unless they are
  ///   of one word and at most [#MOST_IN_ARRAYS]
  void sort(Records of, long start, long end, int rotation, int lowestBit) {
    from[0] = start;
    to[0] = end;
    if (recordBytes == 8 && end - start <= MOST_IN_ARRAYS) {
      int count = (int) (end - start);
      of.get(start, end, words(count));
      for (int i = 0; rotation != 0 && i < count; i++) {
        words[i] = Long.rotateRight(words[i], rotation);
      }
      of.put(start, end, sortWords(count, lowestBit));
    } else {
      assert rotation == 0 : rotation;
      of.get(start, end, room());
      of.put(start, end, RadixSort.sort(records, spare, end - start, recordBytes, lowestBit));
    }
  }

  /// An array with room for so many words.
  private long[] words(int count) {
    if (words.length < count) {
      words = new long[count];
      spareWords = new long[count];
    }
    return words;
  }

  private long[] sortWords(int count, int lowestBit) {
    return RadixSort.sort(words, spareWords, count, lowestBit);
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
