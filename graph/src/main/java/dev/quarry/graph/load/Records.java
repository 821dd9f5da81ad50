package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// Relationships between two arenas, in native memory.
///
/// ```text
/// record   0          4              8                  16
///         ┌──────────┬──────────────┬───────────────────┐
///         │ second 4 │ first 4      │ a word            │   the word only with rows, see RowSorter
///         └──────────┴──────────────┴───────────────────┘
/// ```
///
/// First and second are the slots of source and target, or the other way round. Records lie in
/// chunks of one size; the first chunk begins small and is copied until it has that size. So a
/// chunk that is full never moves, and what is given back is of use for others. Used by one thread;
/// while nobody adds, by many.
final class Records implements AutoCloseable {
  /// Bytes of a chunk.
  static final int CHUNK_BYTES = 1 << 18;

  private static final long FIRST_BYTES = 4096;
  private static final int PIECE = 4096; // records that are copied to an array at a time

  private final NativeMemory memory;
  private final Budget account;
  private final int recordBytes;
  private final int chunkShift;
  private final long inChunk; // mask of the place in a chunk
  private Scratch scratch;
  private long[] chunks = new long[4];
  private long capacity;
  private long count;
  private long bits;
  private long[] read = {};

  /// @param isWide whether there is a second word
  Records(NativeMemory memory, Budget account, boolean isWide) {
    this.memory = memory;
    this.account = account;
    this.recordBytes = isWide ? 16 : 8;
    this.chunkShift = Integer.numberOfTrailingZeros(CHUNK_BYTES / recordBytes);
    this.inChunk = (1L << chunkShift) - 1;
    this.scratch = memory.scratch(account);
  }

  /// Others of the same kind, as many, whose contents are not given yet.
  Records another() {
    Records other = new Records(memory, account, isWide());
    try {
      while (other.capacity < count) {
        other.addChunk();
      }
    } catch (RuntimeException e) {
      other.close();
      throw e;
    }
    other.count = count;
    return other;
  }

  boolean isWide() {
    return recordBytes == 16;
  }

  int recordBytes() {
    return recordBytes;
  }

  long count() {
    return count;
  }

  /// Bytes that it has of memory.
  long bytes() {
    return capacity * recordBytes;
  }

  /// The bits that are set in the key, first << 32 | second, of any record.
  long bits() {
    return bits;
  }

  /// How many can be added before it must grow.
  long room() {
    return capacity - count;
  }

  /// Bytes that [#grow()] adds.
  long growth() {
    long bytes = bytes();
    return bytes >= CHUNK_BYTES ? CHUNK_BYTES : Math.max(FIRST_BYTES, bytes);
  }

  /// Makes room for more.
  void grow() {
    if (bytes() >= CHUNK_BYTES) {
      addChunk();
      return;
    }
    long bytes = bytes() + growth();
    Scratch larger = memory.scratch(account);
    long copy = larger.allocate(bytes);
    if (count > 0) {
      Memory.copy(chunks[0], copy, count * recordBytes);
    }
    scratch.close();
    scratch = larger;
    chunks[0] = copy;
    capacity = bytes / recordBytes;
  }

  private void addChunk() {
    int chunk = (int) (capacity >>> chunkShift);
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, 2 * chunk);
    }
    chunks[chunk] = scratch.allocate(CHUNK_BYTES);
    capacity += 1L << chunkShift;
  }

  /// Adds a record; there must be room.
  void add(long first, long second, long word) {
    long at = at(count++);
    long key = first << 32 | second;
    Memory.putLong(at, key);
    bits |= key;
    if (isWide()) {
      Memory.putLong(at + 8, word);
    }
  }

  /// Adds records of one word, as far as there is room.
  ///
  /// @param pairs first and second in turn, the first of them at index `2 * from`
  /// @return the index behind the last one that was added
  int add(long[] pairs, int from, int to) {
    assert !isWide();
    int end = (int) Math.min(to, from + room());
    int done = from;
    while (done < end) {
      int piece = (int) Math.min(end - done, (1L << chunkShift) - (count & inChunk));
      bits |= add(at(count), pairs, done, piece);
      count += piece;
      done += piece;
    }
    return end;
  }

  private static long add(long at, long[] pairs, int from, int count) {
    long bits = 0;
    for (int i = 0; i < count; i++) {
      long key = pairs[2 * (from + i)] << 32 | pairs[2 * (from + i) + 1];
      bits |= key;
      Memory.putLong(at + i * 8L, key);
    }
    return bits;
  }

  /// The address of a record; those behind it in its chunk follow.
  long at(long index) {
    return chunks[(int) (index >>> chunkShift)] + (index & inChunk) * recordBytes;
  }

  /// How many records lie in a row from one on.
  long inRow(long index) {
    return Math.min(count - index, (1L << chunkShift) - (index & inChunk));
  }

  /// Copies records, which need not lie in a row, to an address.
  void get(long from, long to, long target) {
    for (long i = from; i < to; ) {
      long piece = Math.min(to - i, inRow(i));
      Memory.copy(at(i), target + (i - from) * recordBytes, piece * recordBytes);
      i += piece;
    }
  }

  /// Copies records from an address over those from one on.
  void put(long from, long to, long source) {
    for (long i = from; i < to; ) {
      long piece = Math.min(to - i, inRow(i));
      Memory.copy(source + (i - from) * recordBytes, at(i), piece * recordBytes);
      i += piece;
    }
  }

  /// Counts records by a digit of their key.
  ///
  /// @param rotation 0, or 32 to exchange first and second before
  /// @param counts of each digit, has a power of two of cells
  void count(int rotation, int shift, long[] counts) {
    for (long i = 0; i < count; i += inRow(i)) {
      count(at(i), inRow(i), rotation, shift, counts);
    }
  }

  private void count(long at, long many, int rotation, int shift, long[] counts) {
    int digits = counts.length - 1;
    for (long done = 0; done < many; done += PIECE) {
      int words = read(at + done * recordBytes, (int) Math.min(PIECE, many - done));
      for (int i = 0; i < words; i += recordBytes / 8) {
        counts[(int) (Long.rotateRight(read[i], rotation) >>> shift) & digits]++;
      }
    }
  }

  /// Copies records to an array, over which loops are fast from the beginning; returns its words.
  private int read(long at, int records) {
    int words = records * recordBytes / 8;
    if (read.length == 0) {
      read = new long[PIECE * recordBytes / 8];
    }
    Memory.getLongs(at, read, 0, words);
    return words;
  }

  /// Puts records into others by a digit; those of one digit keep their order.
  ///
  /// @param starts where the records of each digit begin; where they end, afterwards
  void distribute(Records to, int rotation, int shift, long[] starts) {
    Gathered gathered = new Gathered(to, starts);
    int digits = starts.length - 1;
    for (long from = 0; from < count; ) {
      int words = read(at(from), (int) Math.min(PIECE, inRow(from)));
      for (int i = 0; i < words; i += recordBytes / 8) {
        long key = Long.rotateRight(read[i], rotation);
        int digit = (int) (key >>> shift) & digits;
        if (recordBytes == 8) {
          gathered.add(digit, key);
        } else {
          gathered.add(digit, key, read[i + 1]);
        }
      }
      from += words * 8L / recordBytes;
    }
    gathered.flush();
    to.bits = Long.rotateRight(bits, rotation);
  }

  /// Words on their way to the places of their digits: some are gathered before they are copied
  /// there together, so that few lines of the cache are written at a time.
  private static final class Gathered {
    private static final int SHIFT = 5;
    private static final int ROOM = 1 << SHIFT;

    private final Records target;
    private final long[] starts;
    private final long[] words;
    private final int[] counts; // words of each digit

    Gathered(Records target, long[] starts) {
      this.target = target;
      this.starts = starts;
      this.words = new long[starts.length << SHIFT];
      this.counts = new int[starts.length];
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
      int inRecord = target.recordBytes / 8;
      int records = counts[digit] / inRecord;
      int from = digit << SHIFT;
      for (int done = 0; done < records; ) {
        long start = starts[digit];
        int piece = (int) Math.min(records - done, target.inRow(start));
        Memory.putLongs(words, from + done * inRecord, target.at(start), piece * inRecord);
        starts[digit] = start + piece;
        done += piece;
      }
      counts[digit] = 0;
    }
  }

  /// Gives the memory back; it is empty then, and can be used again.
  @Override
  public void close() {
    scratch.close();
    capacity = 0;
    count = 0;
    bits = 0;
  }
}
