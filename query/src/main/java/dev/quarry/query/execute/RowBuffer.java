package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Rows that are kept: a chain in a scratch, each row with all that its cells point to.
///
/// ```text
/// row   0            8
///      ┌────────────┬──────────────────────────┐
///      │ next row   │ cells, one per slot kept │
///      └────────────┴──────────────────────────┘
/// ```
final class RowBuffer {
  private final Scratch scratch;
  private final int[] slots;
  private long first;
  private long last;
  private long size;

  RowBuffer(Scratch scratch, int[] slots) {
    this.scratch = scratch;
    this.slots = slots;
  }

  void clear() {
    scratch.reset();
    first = 0;
    last = 0;
    size = 0;
  }

  /// How many rows are kept.
  long size() {
    return size;
  }

  /// Keeps a row; returns it.
  long add(Batch batch, int row) {
    long kept = scratch.allocate(8 + (long) slots.length * Cell.BYTES);
    Memory.putLong(kept, 0);
    for (int i = 0; i < slots.length; i++) {
      long cell = batch.cell(slots[i], row);
      Cell.retain(Cell.head(cell), Cell.body(cell), cell(kept, i), scratch);
    }
    if (last == 0) {
      first = kept;
    } else {
      Memory.putLong(last, kept);
    }
    last = kept;
    size++;
    return kept;
  }

  /// The first row, 0 if there is none.
  long first() {
    return first;
  }

  long next(long row) {
    return Memory.getLong(row);
  }

  /// The address of a cell of a row: that of slot number `index` of those that are kept.
  static long cell(long row, int index) {
    return row + 8 + (long) index * Cell.BYTES;
  }

  /// Writes a row to a batch.
  void restore(long row, Batch into, int to) {
    for (int i = 0; i < slots.length; i++) {
      Memory.copy(cell(row, i), into.cell(slots[i], to), Cell.BYTES);
    }
  }
}
