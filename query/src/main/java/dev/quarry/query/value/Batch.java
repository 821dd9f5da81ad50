package dev.quarry.query.value;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Some rows, column by column: each column that is in use is an array of cells.
///
/// Belongs to the operator that fills it; its rows are good until that operator is asked for the
/// next ones. An operator above may drop rows of it or add columns.
public final class Batch {
  private static final int FIRST_ROWS = 16;
  private static final int GROWTH = 8;

  private final long[] columns;
  private final Scratch scratch;
  private final int most;
  private int capacity;
  private int size;

  /// @param slotCount columns there may be
  /// @param scratch where columns are taken from, on first use
  /// @param most rows there may be; it begins with fewer, as most queries have few
  public Batch(int slotCount, Scratch scratch, int most) {
    this.columns = new long[slotCount];
    this.scratch = scratch;
    this.most = most;
    this.capacity = Math.min(FIRST_ROWS, most);
  }

  /// Drops all rows, to be filled anew; there is more room if it was full.
  public void begin() {
    if (size == capacity) {
      ensureRoom(Math.min((long) capacity * GROWTH, most));
    }
    size = 0;
  }

  /// Drops all rows, and makes room for so many.
  public void begin(int rows) {
    ensureRoom(rows);
    size = 0;
  }

  private void ensureRoom(long rows) {
    if (rows > capacity) {
      capacity = (int) rows;
      java.util.Arrays.fill(columns, 0);
    }
  }

  public int size() {
    return size;
  }

  public void size(int newSize) {
    assert newSize <= capacity : newSize;
    size = newSize;
  }

  public int capacity() {
    return capacity;
  }

  /// The address of a cell.
  public long cell(int slot, int row) {
    long column = columns[slot];
    if (column == 0) {
      column = scratch.allocateZeroed((long) capacity * Cell.BYTES);
      columns[slot] = column;
    }
    return column + (long) row * Cell.BYTES;
  }

  public long head(int slot, int row) {
    return Memory.getLong(cell(slot, row));
  }

  public long body(int slot, int row) {
    return Memory.getLong(cell(slot, row) + 8);
  }

  public void put(int slot, int row, long head, long body) {
    Cell.put(cell(slot, row), head, body);
  }

  /// Copies some cells of a row of another batch.
  public void copyRow(Batch from, int fromRow, int row, int[] slots) {
    for (int slot : slots) {
      Memory.copy(from.cell(slot, fromRow), cell(slot, row), Cell.BYTES);
    }
  }

  /// Moves all cells of a row that are in use to another row.
  public void moveRow(int from, int to) {
    for (long column : columns) {
      if (column != 0) {
        Memory.copy(column + (long) from * Cell.BYTES, column + (long) to * Cell.BYTES, Cell.BYTES);
      }
    }
  }
}
