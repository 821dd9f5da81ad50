package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;

/// Rows of properties in native memory, as they came; each is named by its address.
///
/// ```text
///      ┌──────────┬───────┐
///  row │ length 4 │ bytes │   as EncodedRows makes them
///      └──────────┴───────┘
/// ```
///
/// Used by one thread.
final class RowMemory implements AutoCloseable {
  private static final int LEAST_BYTES = 4096;

  private final Scratch scratch;
  private long at;
  private long end;
  private long bytes;
  private byte[] row = new byte[64];
  private int touched; // so that no compiler leaves the reads out

  RowMemory(NativeMemory memory, Budget account) {
    this.scratch = memory.scratch(account);
  }

  /// Bytes that rows have of memory.
  long bytes() {
    return bytes;
  }

  /// Bytes of memory that a row needs; mostly 0.
  long growth(int rowBytes) {
    return 4 + rowBytes <= end - at ? 0 : chunk(rowBytes);
  }

  private long chunk(int rowBytes) {
    return Math.max(4L + rowBytes, Math.clamp(bytes, LEAST_BYTES, Records.CHUNK_BYTES));
  }

  /// Keeps a row; returns its address.
  long add(byte[] source, int from, int to) {
    int count = to - from;
    if (4 + count > end - at) {
      long chunk = chunk(count);
      at = scratch.allocate(chunk);
      end = at + chunk;
      bytes += chunk;
    }
    long address = at;
    Memory.putInt(address, count);
    Memory.putBytes(source, from, address + 4, count);
    at += 4 + count;
    return address;
  }

  /// Has the processor fetch rows that are taken next, all at once: they lie anywhere, and one
  /// after the other would be waited for.
  ///
  /// @param records ends and addresses, or -1, in turn
  void touch(long[] records, int end) {
    int sum = 0;
    for (int i = 1; i < end; i += 2) {
      long row = records[i];
      if (row >= 0) {
        sum += Memory.getByte(row + 3 + Memory.getInt(row)); // its last one
      }
    }
    touched = sum;
  }

  /// Hands a row on; returns the edge slot that it gets.
  long take(long address, long ends, RowTarget target) {
    int count = Memory.getInt(address);
    if (row.length < count) {
      row = new byte[Math.max(count, 2 * row.length)];
    }
    Memory.getBytes(address + 4, row, 0, count);
    return target.add(ends, row, count);
  }

  /// Gives the memory back; it is empty then, and can be used again.
  @Override
  public void close() {
    scratch.close();
    at = 0;
    end = 0;
    bytes = 0;
  }
}
