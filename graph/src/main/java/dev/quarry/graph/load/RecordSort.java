package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import java.util.ArrayList;
import java.util.List;

/// Sorts what lies in memory: into buckets by the upper bits of the first slot, then each bucket by
/// itself, in the processor's cache, several at once.
///
/// Few records of one word are sorted at once, without buckets: in a JVM that just started there is
/// less to load, to interpret and to compile. If a bucket is too large for the cache, as where one
/// node has most of the relationships, all records are sorted digit by digit instead. Either way it
/// takes as much memory again as the records have, and the buffers. Equals keep their order. Used
/// by one thread, which has others help.
final class RecordSort {
  private static final int MOST_BUCKET_BITS = 10;
  private static final int DIGIT_BITS = 11;

  /// Records of a range of runs, as long as there are few of them.
  private static final long RANGE = 1 << 16;

  /// Records that a bucket has on average.
  private static final long USUAL = 1 << 14;

  private final NativeMemory memory;
  private final Budget account;
  private final int recordBytes;
  private final int helpers;
  private final long largest;

  /// @param bufferBytes for all buckets that are sorted at once
  RecordSort(NativeMemory memory, Budget account, int recordBytes, long bufferBytes) {
    this.memory = memory;
    this.account = account;
    this.recordBytes = recordBytes;
    this.helpers = (int) Math.min(Pipeline.helpers(), bufferBytes / Records.CHUNK_BYTES);
    this.largest = bufferBytes / ((helpers + 2) * 2L * recordBytes);
  }

  /// Sorts records by first and second, and hands them on. They are closed before.
  ///
  /// @return the same records, sorted
  Records sort(Records records, Sorted target) {
    return sort(records, 0, 0, target);
  }

  /// Exchanges first and second of records that are sorted, and does the same: with their order
  /// kept, only the new first is left to sort by.
  Records sortTurned(Records sorted, Sorted target) {
    return sort(sorted, 32, 32, target);
  }

  private Records sort(Records records, int rotation, int lowestBit, Sorted target) {
    if (recordBytes == Long.BYTES
        && records.count() <= Math.min(SortBuffer.MOST_IN_ARRAYS, largest)) {
      return sortWhole(records, rotation, lowestBit, target);
    }
    long first = Long.rotateRight(records.bits(), rotation) >>> 32;
    int bits =
        Math.min(MOST_BUCKET_BITS, bitsOf(records.count() / Math.min(USUAL, largest / 2 + 1)));
    int shift = Math.max(32, 32 + bitsOf(first) - bits);
    Distribution distribution = new Distribution(records, rotation, shift, bits, helpers);
    if (distribution.largest() > largest) {
      return sortByDigits(records, rotation, lowestBit, target);
    }
    Records buckets = distribution.move();
    long[] ends = distribution.ends();
    try {
      int threads = buckets.count() <= USUAL ? 0 : helpers;
      run(new Buckets(buckets, ends, Math.min(USUAL, largest), lowestBit), threads, 1, target);
      return buckets;
    } catch (RuntimeException | Error e) {
      buckets.close();
      throw e;
    }
  }

  /// Sorts few records where they are.
  private Records sortWhole(Records records, int rotation, int lowestBit, Sorted target) {
    try (SortBuffer buffer = new SortBuffer(memory, account, recordBytes, 1)) {
      buffer.to[0] = records.count();
      records.get(0, records.count(), buffer.room());
      buffer.sortRotated(rotation, lowestBit);
      records.put(0, records.count(), buffer.sorted());
      records.bits(Long.rotateRight(records.bits(), rotation));
      target.accept(buffer.sorted(), records.count());
      return records;
    } catch (RuntimeException | Error e) {
      records.close();
      throw e;
    }
  }

  /// The bits that it takes to write a number.
  private static int bitsOf(long number) {
    return 64 - Long.numberOfLeadingZeros(number);
  }

  private Records sortByDigits(Records records, int rotation, int lowestBit, Sorted target) {
    Records sorted = records;
    long left = Long.rotateRight(records.bits(), rotation) >>> lowestBit << lowestBit;
    int turn = rotation;
    try {
      while (left != 0 || turn != 0) {
        int shift = left == 0 ? lowestBit : Long.numberOfTrailingZeros(left);
        sorted = new Distribution(sorted, turn, shift, DIGIT_BITS, helpers).move();
        left &= ~(((1L << DIGIT_BITS) - 1) << shift);
        turn = 0;
      }
      for (long i = 0; i < sorted.count(); i += sorted.inRow(i)) {
        target.accept(sorted.at(i), sorted.inRow(i));
      }
      return sorted;
    } catch (RuntimeException | Error e) {
      sorted.close();
      throw e;
    }
  }

  /// Hands on the records of all runs of a file in order.
  void merge(RunFile file, Sorted target) {
    RunRanges ranges = new RunRanges(file, Math.min(RANGE, largest));
    run(ranges, helpers, file.runs().size(), target);
  }

  /// Has pieces sorted and hands them on in order.
  ///
  /// @param places that a piece is put together from
  private void run(Pipeline.Stage<SortBuffer> stage, int threads, int places, Sorted target) {
    List<SortBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < threads + 2; i++) {
      buffers.add(new SortBuffer(memory, account, recordBytes, places));
    }
    try (Pipeline<SortBuffer> pieces = new Pipeline<>(stage, buffers, threads)) {
      for (SortBuffer piece = pieces.take(); piece != null; piece = pieces.take()) {
        target.accept(piece.sorted(), piece.count());
        pieces.give(piece);
      }
    } finally {
      buffers.forEach(SortBuffer::close);
    }
  }
}
