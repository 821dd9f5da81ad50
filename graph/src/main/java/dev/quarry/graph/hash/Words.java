package dev.quarry.graph.hash;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.spill.SpillFile;
import dev.quarry.storage.spill.SpillFolder;
import org.jspecify.annotations.Nullable;

/// A sequence of words of 8 bytes: written once from its beginning, then read in order, or a range
/// of it at once. It lies in memory if it fits there, else in a spill file.
///
/// Used by one thread.
final class Words implements AutoCloseable {
  private static final int BUFFER = 1 << 13;

  private final Scratch scratch;
  private final @Nullable SpillFile file;
  private final long count;
  private final long start;
  private long written;
  private long read;

  /// @param count how many there will be
  /// @param most how many may lie in memory
  Words(long count, long most, NativeMemory memory, Budget account, SpillFolder spill) {
    this.scratch = memory.scratch(account);
    this.count = count;
    try {
      this.start = scratch.allocate(Math.max(1, count <= most ? count : BUFFER) * 8);
      this.file = count <= most ? null : spill.newFile();
    } catch (RuntimeException | Error e) {
      scratch.close();
      throw e;
    }
  }

  /// Writes the next word.
  void put(long word) {
    assert written < count : written + " of " + count;
    if (file == null) {
      Memory.putLong(start + written++ * 8, word);
      return;
    }
    Memory.putLong(start + written++ % BUFFER * 8, word);
    if (written % BUFFER == 0 || written == count) {
      file.append(start, written * 8 - file.size());
    }
  }

  /// Reads the next word; all must have been written.
  long next() {
    assert written == count : written + " of " + count;
    if (file == null) {
      return Memory.getLong(start + read++ * 8);
    }
    if (read % BUFFER == 0) {
      file.read(read * 8, start, Math.min(BUFFER, count - read) * 8);
    }
    return Memory.getLong(start + read++ % BUFFER * 8);
  }

  /// Begins to read from the first word again.
  void rewind() {
    read = 0;
  }

  /// The words from `from` on, one behind the other.
  ///
  /// @param window where they are put if they do not lie in memory
  /// @return where they are
  long load(long from, long words, long window) {
    assert written == count : written + " of " + count;
    if (file == null) {
      return start + from * 8;
    }
    file.read(from * 8, window, words * 8);
    return window;
  }

  @Override
  public void close() {
    scratch.close();
    if (file != null) {
      file.close();
    }
  }
}
