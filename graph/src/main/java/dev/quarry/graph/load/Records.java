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

  /// @param isWide whether there is a second word
  Records(NativeMemory memory, Budget account, boolean isWide) {
    this.memory = memory;
    this.account = account;
    this.recordBytes = isWide ? 16 : 8;
    this.chunkShift = Integer.numberOfTrailingZeros(CHUNK_BYTES / recordBytes);
    this.inChunk = (1L << chunkShift) - 1;
    this.scratch = memory.scratch(account);
  }

  /// Others of the same kind, none yet.
  Records none() {
    return new Records(memory, account, isWide());
  }

  /// Makes them as many as others, with the same memory where it is enough; what they hold is not
  /// given.
  void resize(long records) {
    while (capacity < records) {
      addChunk();
    }
    count = records;
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

  /// Says which they are, of records that were put here in other ways than by [#add].
  void bits(long known) {
    bits = known;
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
  /// @param known the bits that are set in any of the keys
  /// @return the index behind the last one that was added
  int add(long[] keys, int from, int to, long known) {
    assert !isWide();
    int end = (int) Math.min(to, from + room());
    int done = from;
    while (done < end) {
      int piece = (int) Math.min(end - done, (1L << chunkShift) - (count & inChunk));
      Memory.putLongs(keys, done, at(count), piece);
      count += piece;
      done += piece;
    }
    bits |= known;
    return end;
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

  /// Copies records of one word, at most as many as an array has room for.
  void get(long from, long to, long[] target) {
    for (long i = from; i < to; ) {
      int piece = (int) Math.min(to - i, inRow(i));
      Memory.getLongs(at(i), target, (int) (i - from), piece);
      i += piece;
    }
  }

  /// Copies words over the records from one on.
  void put(long from, long to, long[] source) {
    for (long i = from; i < to; ) {
      int piece = (int) Math.min(to - i, inRow(i));
      Memory.putLongs(source, (int) (i - from), at(i), piece);
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

  /// Gives the memory back; it is empty then, and can be used again.
  @Override
  public void close() {
    scratch.close();
    capacity = 0;
    count = 0;
    bits = 0;
  }
}
