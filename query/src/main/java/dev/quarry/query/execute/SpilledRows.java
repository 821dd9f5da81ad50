package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.query.value.RowImage;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.spill.SpillFile;

/// Rows in a spill file, in the order in which they were added: first written, then read, as often
/// as wanted. In memory there is one block of them, while they are written or read.
///
/// ```text
/// block  0           8           16
///       ┌───────────┬───────────┬─────────────────────────────────┐
///       │ bytes     │ rows      │ images of rows, see RowImage    │
///       └───────────┴───────────┴─────────────────────────────────┘
/// ```
///
/// A row that is larger than a block has a block of its own.
final class SpilledRows implements AutoCloseable {
  private static final int HEADER = 16;

  private final SpillFile file;
  private final Scratch scratch;
  private final int cells;
  private final long usualBytes;
  private final RowImage image = new RowImage();
  private long block;
  private long capacity;
  private long used;
  private long rows;
  private long position;
  private long at;

  /// @param scratch for the block alone
  /// @param cells of a row
  /// @param blockBytes of a block of rows that are small
  SpilledRows(SpillFile file, Scratch scratch, int cells, long blockBytes) {
    this.file = file;
    this.scratch = scratch;
    this.cells = cells;
    this.usualBytes = blockBytes;
  }

  /// Writes a row with all that its cells point to.
  ///
  /// @param row its cells, side by side
  void add(long row) {
    long bytes = RowImage.bytes(row, cells);
    if (used + bytes > capacity) {
      flush();
      begin(Math.max(usualBytes, HEADER + bytes));
    }
    image.write(row, cells, block + used);
    used += bytes;
    rows++;
  }

  private void begin(long bytes) {
    scratch.reset();
    block = scratch.allocate(bytes);
    capacity = bytes;
    used = HEADER;
    rows = 0;
  }

  private void flush() {
    if (rows > 0) {
      Memory.putLong(block, used);
      Memory.putLong(block + 8, rows);
      file.append(block, used);
    }
    capacity = 0;
    used = 0;
    rows = 0;
  }

  /// Ends writing, or goes back to the first row; the memory of the block is given back.
  void rewind() {
    if (capacity > 0) {
      flush();
    }
    scratch.close();
    position = 0;
    rows = 0;
  }

  /// Goes to the next block, whose rows take the place of those before; false at the end.
  boolean nextBlock() {
    if (position == file.size()) {
      return false;
    }
    scratch.reset();
    block = scratch.allocate(HEADER);
    require(file.size() - position >= HEADER);
    file.read(position, block, HEADER);
    used = Memory.getLong(block);
    rows = Memory.getLong(block + 8);
    require(used > HEADER && used <= file.size() - position && rows > 0);
    scratch.reset();
    block = scratch.allocate(used);
    file.read(position, block, used);
    position += used;
    at = HEADER;
    return true;
  }

  /// The cells of the next row of the block, side by side; 0 at its end.
  long next() {
    if (rows == 0) {
      return 0;
    }
    rows--;
    long row = block + at;
    at += RowImage.length(row, used - at);
    return RowImage.land(row, cells);
  }

  private void require(boolean holds) {
    if (!holds) {
      throw new StoreIoException(
          ErrorCode.STORE_IO,
          "a spill file does not hold what was written to it: a block of %,d bytes and %,d rows at %,d of %,d"
              .formatted(used, rows, position, file.size()),
          "check the disk of the folder for spill files");
    }
  }

  @Override
  public void close() {
    scratch.close();
    file.close();
  }
}
