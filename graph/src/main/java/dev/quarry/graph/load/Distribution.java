package dev.quarry.graph.load;

import dev.quarry.storage.memory.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.function.IntConsumer;

/// Puts records into buckets by a digit of their key, several parts of the records at once.
///
/// ```text
/// records    part 0       part 1       part 2
/// bucket 0   ├─ of 0 ─┤├─ of 1 ─┤├─ of 2 ─┤     each part knows where its records of a digit go
/// bucket 1   ├─ of 0 ─┤├─ of 1 ─┤├─ of 2 ─┤     once all have counted
/// ```
///
/// So records of a bucket keep their order. Used once, by one thread, which has others help.
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
  private final long[][] places; // of each part: its records of each digit; later where they go
  private final long[] ends;

  /// @param rotation 0, or 32 to exchange first and second before
  /// @param bits of the digit
  /// @param helpers threads beside this one
  Distribution(Records records, int rotation, int shift, int bits, int helpers) {
    int parts = (int) Math.clamp(records.count() / LEAST_PART, 1, PARTS * (helpers + 1L));
    this.records = records;
    this.words = records.recordBytes() / 8;
    this.rotation = rotation;
    this.shift = shift;
    this.mask = (1 << bits) - 1;
    this.helpers = parts == 1 ? 0 : helpers;
    this.places = new long[parts][];
    this.ends = new long[1 << bits];
    each(this::count);
  }

  /// Where the records of each bucket end.
  long[] ends() {
    return ends;
  }

  /// The records of the largest bucket.
  long largest() {
    long[] all = new long[ends.length];
    for (long[] part : places) {
      Arrays.setAll(all, digit -> all[digit] + part[digit]);
    }
    return Arrays.stream(all).max().orElse(0);
  }

  /// Moves the records, which are closed, to others.
  Records move() {
    countsToPlaces();
    Records target = records.another();
    try {
      each(part -> move(part, target));
    } catch (RuntimeException | Error e) {
      target.close();
      throw e;
    }
    target.bits(Long.rotateRight(records.bits(), rotation));
    records.close();
    return target;
  }

  private void countsToPlaces() {
    long place = 0;
    for (int digit = 0; digit < ends.length; digit++) {
      for (long[] part : places) {
        long count = part[digit];
        part[digit] = place;
        place += count;
      }
      ends[digit] = place;
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
            return part[0] < places.length;
          }

          @Override
          public void work(int[] part) {
            work.accept(part[0]);
          }
        };
    List<int[]> numbers = IntStream.rangeClosed(0, helpers + 1).mapToObj(i -> new int[1]).toList();
    try (Pipeline<int[]> parts = new Pipeline<>(stage, numbers, helpers)) {
      for (int[] part = parts.take(); part != null; part = parts.take()) {
        parts.give(part);
      }
    }
  }

  private long from(int part) {
    return records.count() * part / places.length;
  }

  private void count(int part) {
    long[] counts = new long[ends.length];
    long[] read = new long[PIECE * words];
    long to = from(part + 1);
    for (long at = from(part); at < to; ) {
      int piece = read(at, to, read);
      for (int i = 0; i < piece * words; i += words) {
        counts[digit(read[i])]++;
      }
      at += piece;
    }
    places[part] = counts;
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
    Gathered gathered = new Gathered(target, places[part]);
    long[] read = new long[PIECE * words];
    long to = from(part + 1);
    for (long at = from(part); at < to; ) {
      int piece = read(at, to, read);
      for (int i = 0; i < piece * words; i += words) {
        long key = Long.rotateRight(read[i], rotation);
        int digit = (int) (key >>> shift) & mask;
        if (words == 1) {
          gathered.add(digit, key);
        } else {
          gathered.add(digit, key, read[i + 1]);
        }
      }
      at += piece;
    }
    gathered.flush();
  }

  /// Words on their way to the places of their digits: some are gathered before they are copied
  /// there together, so that few lines of the cache are written at a time.
  private static final class Gathered {
    private static final int SHIFT = 5;
    private static final int ROOM = 1 << SHIFT;

    private final Records target;
    private final long[] places;
    private final long[] words;
    private final int[] counts; // words of each digit

    Gathered(Records target, long[] places) {
      this.target = target;
      this.places = places;
      this.words = new long[places.length << SHIFT];
      this.counts = new int[places.length];
    }

    void add(int digit, long word) {
      int count = counts[digit];
      words[(digit << SHIFT) + count] = word;
      counts[digit] = count + 1;
      if (count + 1 == ROOM) {
        flush(digit);
      }
    }

    void add(int digit, long word, long more) {
      words[(digit << SHIFT) + counts[digit]++] = word;
      add(digit, more);
    }

    void flush() {
      for (int digit = 0; digit < counts.length; digit++) {
        flush(digit);
      }
    }

    private void flush(int digit) {
      int inRecord = target.recordBytes() / 8;
      int records = counts[digit] / inRecord;
      int from = digit << SHIFT;
      for (int done = 0; done < records; ) {
        long start = places[digit];
        int piece = (int) Math.min(records - done, target.inRow(start));
        Memory.putLongs(words, from + done * inRecord, target.at(start), piece * inRecord);
        places[digit] = start + piece;
        done += piece;
      }
      counts[digit] = 0;
    }
  }
}
