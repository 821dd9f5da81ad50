package dev.quarry.storage.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A bump allocator: what lies in it dies together, at [#reset()], [#release(long)] or [#close()].
///
/// Chunks begin at 4 KiB and double to 1 MiB; a larger request has a chunk of its own. A chunk is
/// charged to the account when it is taken, so the budget is looked at once per chunk, never per
/// allocation. One of several [Scratches] has a piece ahead of its chunks. [#reset()] keeps the
/// first chunk, or the piece, as long as that has been enough. Threads: one at a time.
public final class Scratch implements AutoCloseable {
  private static final int FIRST_CHUNK = 4096;
  private static final int LARGEST_CHUNK = 1 << 20;
  private static final int FEW_CHUNKS = 4;
  private static final long[] NONE = {};

  /// The piece was too small once: it is not begun with again.
  private static final long OUTGROWN = -1;

  // What is known of a chunk, in `earlier`.
  private static final int ADDRESS = 0;
  private static final int BYTES = 1;
  private static final int START = 2;
  private static final int WORDS = 3;

  private final NativeMemory memory;
  private final Budget account;
  private final @Nullable Scratches among;
  private long[] earlier = NONE; // the chunks before the last one, which most never have
  private int chunks;
  private long base; // of the last chunk, as all that follows
  private long at;
  private long end;
  private long before;
  private long piece; // 0 before it was needed

  Scratch(NativeMemory memory, Budget account) {
    this(memory, account, null);
  }

  /// @param among who has a piece for it; null if it begins with a chunk
  Scratch(NativeMemory memory, Budget account, @Nullable Scratches among) {
    this.memory = memory;
    this.account = account;
    this.among = among;
  }

  /// A new scratch that is charged to the same account, and ends with the same others if this is
  /// one of several.
  public Scratch another() {
    return new Scratch(memory, account, among);
  }

  /// Bytes that the account has left.
  public long availableBytes() {
    return account.available();
  }

  /// The address of `bytes` new bytes, aligned to 8. They may hold anything.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if the account is full
  public long allocate(long bytes) {
    assert bytes >= 0 : bytes;
    long size = Math.max(8, (bytes + 7) & ~7L);
    if (size > end - at) {
      addChunk(size);
    }
    long address = at;
    at += size;
    return address;
  }

  /// The same, all zeros.
  public long allocateZeroed(long bytes) {
    long address = allocate(bytes);
    Memory.fill(address, bytes, (byte) 0);
    return address;
  }

  /// Bytes handed out so far, rounding and the ends of full chunks included. A mark for
  /// [#release(long)].
  public long mark() {
    return before + (at - base);
  }

  /// Bytes handed out so far.
  public long usedBytes() {
    return mark();
  }

  /// Frees all that was allocated after `mark` was taken.
  public void release(long mark) {
    assert mark <= mark() : mark + " of " + mark();
    while (chunks > 1 && before >= mark) {
      dropLast();
    }
    if (chunks == 1 && mark == 0) {
      releaseFirst();
    } else if (chunks > 0) {
      at = base + (mark - before);
    }
  }

  /// A piece that was too small is left: what is needed again and again is a chunk.
  private void releaseFirst() {
    if (piece == OUTGROWN && isPiece(end - base)) {
      dropLast();
    } else {
      at = base;
    }
  }

  /// Frees all, but keeps the first chunk for the next use.
  public void reset() {
    release(0);
  }

  /// Frees all and gives every chunk back. The scratch may be used again.
  @Override
  public void close() {
    while (chunks > 0) {
      dropLast();
    }
  }

  private static boolean isPiece(long bytes) {
    return bytes == Scratches.PIECE_BYTES;
  }

  private void addChunk(long size) {
    Scratches others = among;
    if (others != null && piece != OUTGROWN) {
      if (chunks == 0 && size <= Scratches.PIECE_BYTES) {
        piece = piece == 0 ? others.takePiece() : piece;
        push(piece, Scratches.PIECE_BYTES);
        return;
      }
      others.note(this);
      piece = OUTGROWN;
    }
    long bytes = chunkBytes(size);
    push(memory.take(bytes, account), bytes);
  }

  private long chunkBytes(long size) {
    boolean afterPiece = chunks > 0 && isPiece(chunks > 1 ? earlier[BYTES] : end - base);
    int chunksBefore = afterPiece ? chunks - 1 : chunks;
    long usual = Math.min(LARGEST_CHUNK, (long) FIRST_CHUNK << Math.min(2 * chunksBefore, 20));
    long bytes = Math.max(usual, size);
    if (bytes > 16384) {
      return (bytes + Extent.SPAN_BYTES - 1) & -Extent.SPAN_BYTES;
    }
    return bytes > 4096 ? 16384 : 4096;
  }

  private void push(long address, long bytes) {
    long start = mark();
    if (chunks > 0) {
      keepLast();
    }
    chunks++;
    base = address;
    before = start;
    at = address;
    end = address + bytes;
  }

  private void keepLast() {
    int last = (chunks - 1) * WORDS;
    if (last == earlier.length) {
      earlier = Arrays.copyOf(earlier, Math.max(FEW_CHUNKS * WORDS, 2 * last));
    }
    earlier[last + ADDRESS] = base;
    earlier[last + BYTES] = end - base;
    earlier[last + START] = before;
  }

  private void dropLast() {
    giveBack(base, end - base);
    chunks--;
    if (chunks == 0) {
      base = 0;
      end = 0;
      before = 0;
    } else {
      int last = (chunks - 1) * WORDS;
      base = earlier[last + ADDRESS];
      end = base + earlier[last + BYTES];
      before = earlier[last + START];
    }
    at = end;
  }

  private void giveBack(long address, long bytes) {
    if (!isPiece(bytes)) {
      memory.give(address, bytes, account);
    } else if (Memory.checkMode()) {
      Memory.fill(address, bytes, NativeMemory.POISON);
    }
  }
}
