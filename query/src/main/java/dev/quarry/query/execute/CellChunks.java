package dev.quarry.query.execute;

import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// A growing list of cells in a scratch: 32 bytes, zeros at first, and a chain of chunks.
///
/// ```text
/// list   count · first chunk · last chunk · cells free in it
/// chunk  address of the next one · cells: 4 at first, then twice as many up to 1,024
/// ```
final class CellChunks {
  static final int BYTES = 32;

  private static final int FIRST_CHUNK = 4;
  private static final int LARGEST_CHUNK = 1024;

  private CellChunks() {}

  /// Adds a copy of a cell, and of what it points to.
  static void add(long list, long head, long body, Scratch scratch) {
    long count = count(list);
    long free = Memory.getLong(list + 24);
    long chunk = Memory.getLong(list + 16);
    if (free == 0) {
      long size = chunkSize(count);
      long next = scratch.allocate(8 + size * Cell.BYTES);
      Memory.putLong(next, 0);
      Memory.putLong(chunk == 0 ? list + 8 : chunk, next);
      Memory.putLong(list + 16, next);
      chunk = next;
      free = size;
    }
    long used = chunkSize(count - usedIn(count)) - free;
    Cell.retain(head, body, chunk + 8 + used * Cell.BYTES, scratch);
    Memory.putLong(list, count + 1);
    Memory.putLong(list + 24, free - 1);
  }

  static long count(long list) {
    return Memory.getLong(list);
  }

  /// The address of all cells, one behind the other, in a scratch; what they point to stays where
  /// it is.
  static long contiguous(long list, Scratch scratch) {
    long count = count(list);
    long cells = scratch.allocate(count * Cell.BYTES);
    long done = 0;
    Pace pace = Pace.current();
    for (long chunk = Memory.getLong(list + 8); chunk != 0; chunk = Memory.getLong(chunk)) {
      pace.bytes(LARGEST_CHUNK);
      long here = Math.min(chunkSize(done), count - done);
      Memory.copy(chunk + 8, cells + done * Cell.BYTES, here * Cell.BYTES);
      done += here;
    }
    return cells;
  }

  /// The size of the chunk that begins with cell number `start`.
  private static long chunkSize(long start) {
    long size = FIRST_CHUNK;
    long begin = 0;
    while (begin < start && size < LARGEST_CHUNK) {
      begin += size;
      size *= 2;
    }
    return Math.min(size, LARGEST_CHUNK);
  }

  /// How many cells of the chunk in which cell number `at` lies come before it.
  private static long usedIn(long at) {
    long size = FIRST_CHUNK;
    long begin = 0;
    while (begin + size <= at && size < LARGEST_CHUNK) {
      begin += size;
      size *= 2;
    }
    return (at - begin) % size;
  }
}
