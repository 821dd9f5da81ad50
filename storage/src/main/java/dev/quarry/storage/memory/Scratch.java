package dev.quarry.storage.memory;

import java.util.Arrays;

/// A bump allocator: what lies in it dies together, at [#reset()], [#release(long)] or [#close()].
///
/// Chunks begin at 4 KiB and double to 1 MiB; a larger request has a chunk of its own. A chunk is
/// charged to the account when it is taken, so the budget is looked at once per chunk, never per
/// allocation. [#reset()] keeps the first chunk. Threads: one at a time.
public final class Scratch implements AutoCloseable {
  private static final int FIRST_CHUNK = 4096;
  private static final int LARGEST_CHUNK = 1 << 20;
  private static final int FEW_CHUNKS = 4;
  private static final long[] NONE = {};

  private final NativeMemory memory;
  private final Budget account;
  private long[] chunkAddress = NONE;
  private long[] chunkBytes = NONE;
  private long[] chunkStart = NONE;
  private int chunks;
  private long at;
  private long end;
  private long before;

  Scratch(NativeMemory memory, Budget account) {
    this.memory = memory;
    this.account = account;
  }

  /// A new scratch that is charged to the same account.
  public Scratch another() {
    return new Scratch(memory, account);
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
    return chunks == 0 ? 0 : before + (at - chunkAddress[chunks - 1]);
  }

  /// Bytes handed out so far.
  public long usedBytes() {
    return mark();
  }

  /// Frees all that was allocated after `mark` was taken.
  public void release(long mark) {
    assert mark <= mark() : mark + " of " + mark();
    while (chunks > 1 && chunkStart[chunks - 1] >= mark) {
      dropLast();
    }
    if (chunks == 1 && mark == 0) {
      at = chunkAddress[0];
    } else if (chunks > 0) {
      at = chunkAddress[chunks - 1] + (mark - before);
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

  private void addChunk(long size) {
    long usual = Math.min(LARGEST_CHUNK, (long) FIRST_CHUNK << Math.min(2 * chunks, 20));
    long bytes = Math.max(usual, size);
    if (bytes > 16384) {
      bytes = (bytes + Extent.SPAN_BYTES - 1) & -Extent.SPAN_BYTES;
    } else if (bytes > 4096) {
      bytes = 16384;
    } else {
      bytes = 4096;
    }
    long start = mark();
    long address = memory.take(bytes, account);
    if (chunks == chunkAddress.length) {
      int room = Math.max(FEW_CHUNKS, chunks * 2);
      chunkAddress = Arrays.copyOf(chunkAddress, room);
      chunkBytes = Arrays.copyOf(chunkBytes, room);
      chunkStart = Arrays.copyOf(chunkStart, room);
    }
    chunkAddress[chunks] = address;
    chunkBytes[chunks] = bytes;
    chunkStart[chunks] = start;
    chunks++;
    before = start;
    at = address;
    end = address + bytes;
  }

  private void dropLast() {
    chunks--;
    memory.give(chunkAddress[chunks], chunkBytes[chunks], account);
    if (chunks == 0) {
      at = 0;
      end = 0;
      before = 0;
    } else {
      before = chunkStart[chunks - 1];
      at = chunkAddress[chunks - 1];
      end = at + chunkBytes[chunks - 1];
      at = end;
    }
  }
}
