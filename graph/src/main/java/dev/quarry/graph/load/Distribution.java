package dev.quarry.graph.load;

import dev.quarry.storage.memory.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.function.IntConsumer;

/// Puts records into buckets by a digit of their key, several parts of the records at once. Digits
/// in a row share a bucket as long as they have few records.
///
/// ```text
/// records    part 0       part 1       part 2
/// bucket 0   ├─ of 0 ─┤├─ of 1 ─┤├─ of 2 ─┤     each part knows where its records of a bucket go
/// bucket 1   ├─ of 0 ─┤├─ of 1 ─┤├─ of 2 ─┤     once all have counted
/// ```
///
/// So records of a bucket keep their order. Each goes straight to its place: gathering some of a
/// bucket first, to write few lines of the cache at a time, costs three times as much. Used once,
/// by one thread, which has others help.
final class Distribution {
  private static final long LEAST_PART = 1 << 16; // records
  private static final int PARTS = 4; // of each thread, since some are slower
  private static final int PIECE = 1 << 12; // records that are copied to an array at a time

  private final Records records;
  private final int words; // of a record
  private final int rotation;
  private final int shift;
  private final int mask;
  private final int helpers;
  private final int[][] counts; // of each part: its records of each digit
  private final int[] bucketOf; // a digit
  private final long[][] places; // of each part: where its next record of a bucket goes
  private final long[] ends; // of buckets

  /// @param rotation 0, or 32 to exchange first and second before
  /// @param bits of the digit
  /// @param usual records of a bucket that has several digits, at most
  /// @param helpers threads beside this one
  Distribution(Records records, int rotation, int shift, int bits, long usual, int helpers) {
    int parts = (int) Math.clamp(records.count() / LEAST_PART, 1, PARTS * (helpers + 1L));
    this.records = records;
    this.words = records.recordBytes() / 8;
    this.rotation = rotation;
    this.shift = shift;
    this.mask = (1 << bits) - 1;
    this.helpers = parts == 1 ? 0 : helpers;
    this.counts = new int[parts][1 << bits];
    each(this::count);
    this.bucketOf = new int[1 << bits];
    this.ends = combine(usual);
    this.places = new long[parts][ends.length];
    countsToPlaces();
  }

  /// Where the records of each bucket end.
  long[] ends() {
    return ends;
  }

  /// The records of the largest bucket.
  long largest() {
    long largest = 0;
    for (int bucket = 0; bucket < ends.length; bucket++) {
      largest = Math.max(largest, ends[bucket] - (bucket == 0 ? 0 : ends[bucket - 1]));
    }
    return largest;
  }

  /// Moves the records to others, whose memory is used again.
  void move(Records target) {
    target.resize(records.count());
    each(part -> move(part, target));
    target.bits(Long.rotateRight(records.bits(), rotation));
  }

  /// Chooses the bucket of each digit; returns where buckets end.
  private long[] combine(long usual) {
    long[] all = new long[bucketOf.length];
    int bucket = 0;
    long begin = 0;
    long end = 0;
    for (int digit = 0; digit < bucketOf.length; digit++) {
      long count = 0;
      for (int[] part : counts) {
        count += part[digit];
      }
      if (end > begin && end + count - begin > usual) {
        begin = end;
        bucket++;
      }
      end += count;
      bucketOf[digit] = bucket;
      all[bucket] = end;
    }
    return Arrays.copyOf(all, bucket + 1);
  }

  private void countsToPlaces() {
    for (int part = 0; part < places.length; part++) {
      for (int digit = 0; digit < bucketOf.length; digit++) {
        places[part][bucketOf[digit]] += counts[part][digit];
      }
    }
    long place = 0;
    for (int bucket = 0; bucket < ends.length; bucket++) {
      for (long[] part : places) {
        long count = part[bucket];
        part[bucket] = place;
        place += count;
      }
    }
  }

  /// Does work for each part, several at once.
  private void each(IntConsumer work) {
    Pipeline.Stage<int[]> stage =
        new Pipeline.Stage<>() {
          private int begun;

          @Override
          public boolean begin(int[] part) {
            part[0] = begun++;
            return part[0] < counts.length;
          }

          @Override
          public void work(int[] part) {
            work.accept(part[0]);
          }
        };
    List<int[]> numbers =
        IntStream.rangeClosed(0, counts.length).mapToObj(i -> new int[1]).toList();
    try (Pipeline<int[]> parts = new Pipeline<>(stage, numbers, helpers)) {
      for (int[] part = parts.take(); part != null; part = parts.take()) {
        parts.give(part);
      }
    }
  }

  private long from(int part) {
    return records.count() * part / counts.length;
  }

  private void count(int part) {
    int[] ofPart = counts[part];
    long[] read = new long[PIECE * words];
    long to = from(part + 1);
    for (long at = from(part); at < to; ) {
      int piece = read(at, to, read);
      for (int i = 0; i < piece * words; i += words) {
        ofPart[digit(read[i])]++;
      }
      at += piece;
    }
  }

  private int digit(long key) {
    return (int) (Long.rotateRight(key, rotation) >>> shift) & mask;
  }

  /// Copies records to an array, over which loops are fast from the beginning; returns how many.
  private int read(long from, long to, long[] target) {
    int piece = (int) Math.min(Math.min(PIECE, to - from), records.inRow(from));
    Memory.getLongs(records.at(from), target, 0, piece * words);
    return piece;
  }

  private void move(int part, Records target) {
    long[] next = places[part];
    long[] read = new long[PIECE * words];
    long to = from(part + 1);
    for (long at = from(part); at < to; ) {
      int piece = read(at, to, read);
      if (words == 1) {
        put(read, piece, next, target);
      } else {
        putWide(read, piece, next, target);
      }
      at += piece;
    }
  }

  private void put(long[] read, int piece, long[] next, Records target) {
    for (int i = 0; i < piece; i++) {
      long key = Long.rotateRight(read[i], rotation);
      Memory.putLong(target.at(next[bucketOf[(int) (key >>> shift) & mask]]++), key);
    }
  }

  private void putWide(long[] read, int piece, long[] next, Records target) {
    for (int i = 0; i < piece; i++) {
      long key = Long.rotateRight(read[2 * i], rotation);
      long place = target.at(next[bucketOf[(int) (key >>> shift) & mask]]++);
      Memory.putLong(place, key);
      Memory.putLong(place + 8, read[2 * i + 1]);
    }
  }
}
