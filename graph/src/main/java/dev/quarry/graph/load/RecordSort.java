package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Sorts what lies in memory: into buckets by the upper bits of the first slot, then each bucket by
/// itself, in the processor's cache, several at once.
///
/// Few records of one word are sorted at once, without buckets: in a JVM that just started there is
/// less to load, to interpret and to compile. If a bucket is too large for the cache, as where one
/// node has most of the relationships, all records are sorted digit by digit instead. Either way it
/// takes as much memory again as the records have, and the buffers. Equals keep their order. Used
/// by one thread, which has others help.
final class RecordSort {
  private static final int MOST_BUCKET_BITS = 14;
  private static final int DIGIT_BITS = 11;

  /// Bits by which there are more digits than buckets of the usual size, so that few buckets are
  /// larger though some nodes have many relationships.
  private static final int FINER_BITS = 4;

  /// Records of a range of runs, as long as there are few of them.
  private static final long RANGE = 1 << 16;

  /// Records of a bucket, unless a single digit has more.
  private static final long USUAL = 1 << 15;

  private final NativeMemory memory;
  private final Budget account;
  private final int recordBytes;
  private final int helpers;
  private final long largest;

  /// @param bufferBytes for all buckets that are sorted at once
  RecordSort(SortResources resources, int recordBytes, long bufferBytes) {
    this.memory = resources.memory();
    this.account = resources.account();
    this.recordBytes = recordBytes;
    this.helpers =
        (int) Math.min(Pipeline.helpers(resources.threads()), bufferBytes / Records.CHUNK_BYTES);
    this.largest = bufferBytes / (bucketBuffers(helpers) * 2L * recordBytes);
  }

  /// Sorts records by first and second, and hands them on. What else it took is given back before.
  ///
  /// @return where the sorted ones are; the given ones are empty unless it is them
  Records sort(Records records, Sorted target) {
    return sortOnce(records, 0, target);
  }

  /// Exchanges first and second of records that are sorted, and does the same: with their order
  /// kept, only the new first is left to sort by.
  Records sortTurned(Records sorted, Sorted target) {
    return sortOnce(sorted, 32, target);
  }

  /// Does the one and then the other, with the same memory; nothing is left in the end.
  void sortBothWays(Records records, Sorted out, Sorted in) {
    try (Records spare = records.none()) {
      Records sorted = sort(records, spare, 0, true, out);
      sort(sorted, sorted == spare ? records : spare, 32, true, in);
    } finally {
      records.close();
    }
  }

  private Records sortOnce(Records records, int rotation, Sorted target) {
    Records spare = records.none();
    try {
      return sort(records, spare, rotation, false, target);
    } catch (RuntimeException | Error e) {
      records.close();
      spare.close();
      throw e;
    }
  }

  /// @param rotation 32 for records that are sorted, to sort by the new first only
  /// @param keeps whether the memory that is not needed any more is kept
  /// @return where the sorted ones are: `records` or `spare`
  private Records sort(Records records, Records spare, int rotation, boolean keeps, Sorted target) {
    if (recordBytes == Long.BYTES
        && records.count() <= Math.min(SortBuffer.MOST_IN_ARRAYS, largest)) {
      return sortWhole(records, rotation, target);
    }
    long first = Long.rotateRight(records.bits(), rotation) >>> 32;
    long usual = Math.min(USUAL, largest);
    int bits = Math.min(MOST_BUCKET_BITS, bitsOf(records.count() / usual) + FINER_BITS);
    int shift = Math.max(32, 32 + bitsOf(first) - bits);
    Distribution distribution = new Distribution(records, rotation, shift, bits, usual, helpers);
    if (distribution.largest() > largest) {
      return sortByDigits(records, spare, rotation, keeps, target);
    }
    distribution.move(spare);
    if (!keeps) {
      records.close();
    }
    Buckets pieces = new Buckets(spare, distribution.ends(), rotation);
    int threads = spare.count() <= USUAL ? 0 : helpers;
    List<SortBuffer> buffers = buffers(bucketBuffers(threads), 1);
    run(pieces, buffers, threads, piece -> hand(spare, piece.from[0], piece.to[0], target));
    return spare;
  }

  /// Hands records on.
  private static void hand(Records records, long from, long to, Sorted target) {
    for (long i = from; i < to; ) {
      long piece = Math.min(to - i, records.inRow(i));
      target.accept(records.at(i), piece);
      i += piece;
    }
  }

  /// Sorts few records where they are.
  private Records sortWhole(Records records, int rotation, Sorted target) {
    try (SortBuffer buffer = new SortBuffer(memory, account, recordBytes, 1)) {
      buffer.sort(records, 0, records.count(), rotation, rotation);
    }
    records.bits(Long.rotateRight(records.bits(), rotation));
    hand(records, 0, records.count(), target);
    return records;
  }

  /// The bits that it takes to write a number.
  private static int bitsOf(long number) {
    return 64 - Long.numberOfLeadingZeros(number);
  }

  private Records sortByDigits(
      Records records, Records spare, int rotation, boolean keeps, Sorted target) {
    Records from = records;
    Records to = spare;
    long left = Long.rotateRight(records.bits(), rotation) >>> rotation << rotation;
    int turn = rotation;
    while (left != 0 || turn != 0) {
      int shift = left == 0 ? rotation : Long.numberOfTrailingZeros(left);
      new Distribution(from, turn, shift, DIGIT_BITS, 0, helpers).move(to);
      left &= ~(((1L << DIGIT_BITS) - 1) << shift);
      turn = 0;
      Records moved = to;
      to = from;
      from = moved;
    }
    if (!keeps) {
      to.close();
    }
    hand(from, 0, from.count(), target);
    return from;
  }

  /// Hands on the records of all runs of a file in order.
  void merge(RunFile file, Sorted target) {
    RunRanges ranges = new RunRanges(file, Math.min(RANGE, largest));
    List<SortBuffer> buffers = buffers(helpers + 2, file.runs().size());
    run(ranges, buffers, helpers, piece -> target.accept(piece.sorted(), piece.count()));
  }

  /// @param places that a piece is put together from
  private List<SortBuffer> buffers(int count, int places) {
    return Stream.generate(() -> new SortBuffer(memory, account, recordBytes, places))
        .limit(count)
        .toList();
  }

  /// Enough that helpers go on while this thread hands a piece on or sorts one itself.
  private static int bucketBuffers(int helpers) {
    return 2 * helpers + 2;
  }

  /// Has pieces sorted and handed on in order.
  private static void run(
      Pipeline.Stage<SortBuffer> stage,
      List<SortBuffer> buffers,
      int threads,
      Consumer<SortBuffer> handOn) {
    try (Pipeline<SortBuffer> pieces = new Pipeline<>(stage, buffers, threads)) {
      for (SortBuffer piece = pieces.take(); piece != null; piece = pieces.take()) {
        handOn.accept(piece);
        pieces.give(piece);
      }
    } finally {
      buffers.forEach(SortBuffer::close);
    }
  }
}
