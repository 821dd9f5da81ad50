package dev.quarry.query.execute;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Rows that are kept in order, each with all that its cells point to: first they are added, then
/// read, as often as wanted.
///
/// The first of them are a chain in a scratch. Once they fill a quarter of the query's account, or
/// the query uses more than half of the memory it can get, those that follow go to a file
/// ([SpilledRows]).
///
/// ```text
/// row   0            8
///      ┌────────────┬──────────────────────────┐
///      │ next row   │ cells, one per slot kept │
///      └────────────┴──────────────────────────┘
/// ```
final class RowBuffer implements AutoCloseable {
  /// The account is looked at whenever the chain has grown by so much.
  private static final long STEP = 64 << 10;

  private final Execution execution;
  private final int[] slots;
  private final Scratch scratch;
  private final Scratch block;
  private final long most; // rows in memory
  private @Nullable SpilledRows spilled;

  /// Where the cells of a row are laid side by side on their way to the file.
  private long one;

  private long first;
  private long last;
  private long size;
  private long nextLook = STEP;
  private long next;
  private long read;

  RowBuffer(Execution execution, int[] slots) {
    this.execution = execution;
    this.slots = slots;
    this.scratch = execution.newScratch();
    this.block = execution.newScratch();
    this.most = execution.spillRows();
  }

  /// Forgets all rows.
  void clear() {
    close();
    scratch.reset();
    first = 0;
    last = 0;
    size = 0;
    nextLook = STEP;
    rewind();
  }

  /// How many rows are kept.
  long size() {
    return size;
  }

  /// Keeps a row.
  void add(Batch batch, int row) {
    assert read == 0 : read + " rows were read before this one was added";
    if (size == 0) {
      one = scratch.allocate((long) slots.length * Cell.BYTES);
    }
    if (slots.length > 0 && (mustSpill() || !keep(batch, row))) {
      spill(batch, row);
    }
    size++;
  }

  private boolean mustSpill() {
    if (spilled != null || size >= most) {
      return true;
    }
    if (scratch.usedBytes() < nextLook) {
      return false;
    }
    nextLook = scratch.usedBytes() + STEP;
    Budget account = execution.account();
    return scratch.usedBytes() > account.limit() / 4 || account.used() > account.available();
  }

  /// Adds a row to the chain; false if there is no memory for it.
  private boolean keep(Batch batch, int row) {
    long mark = scratch.mark();
    try {
      long kept = scratch.allocate(8 + (long) slots.length * Cell.BYTES);
      Memory.putLong(kept, 0);
      for (int i = 0; i < slots.length; i++) {
        long head = batch.head(slots[i], row);
        Cell.retain(head, batch.body(slots[i], row), cell(kept + 8, i), scratch);
      }
      if (last == 0) {
        first = kept;
      } else {
        Memory.putLong(last, kept);
      }
      last = kept;
      return true;
    } catch (MemoryBudgetException full) {
      scratch.release(mark);
      return false;
    }
  }

  private void spill(Batch batch, int row) {
    SpilledRows rows = spilled;
    if (rows == null) {
      rows = execution.newSpilledRows(block, slots.length);
      spilled = rows;
    }
    for (int i = 0; i < slots.length; i++) {
      batch.getCell(slots[i], row, cell(one, i));
    }
    rows.add(one);
  }

  /// Goes to the first row, to read; no row may be added then.
  void rewind() {
    next = first;
    read = 0;
    if (spilled != null) {
      spilled.rewind();
    }
  }

  /// Fills a batch with the next rows, which are good until the next call; false if there are none.
  boolean read(Batch into) {
    into.begin();
    return fill(into);
  }

  /// Puts the next row into a batch of one row, whose other columns stay as they are; false if
  /// there is none.
  boolean readInto(Batch row) {
    assert row.capacity() == 1 : row.capacity();
    return fill(row);
  }

  private boolean fill(Batch into) {
    int rows = 0;
    if (slots.length == 0) {
      rows = (int) Math.min(into.capacity(), size - read);
    }
    while (next != 0 && rows < into.capacity()) {
      restore(next + 8, into, rows++);
      next = Memory.getLong(next);
    }
    if (rows == 0 && spilled != null) {
      rows = readSpilled(spilled, into);
    }
    into.size(rows);
    read += rows;
    return rows > 0;
  }

  /// Fills a batch with rows of one block.
  private int readSpilled(SpilledRows from, Batch into) {
    int rows = 0;
    long row = from.next();
    if (row == 0 && from.nextBlock()) {
      row = from.next();
    }
    while (row != 0) {
      restore(row, into, rows++);
      row = rows < into.capacity() ? from.next() : 0;
    }
    return rows;
  }

  private void restore(long cells, Batch into, int to) {
    for (int i = 0; i < slots.length; i++) {
      into.putCell(slots[i], to, cell(cells, i));
    }
  }

  /// The address of the cell number `index` of some that lie side by side.
  private static long cell(long cells, int index) {
    return cells + (long) index * Cell.BYTES;
  }

  /// Deletes the file, if there is one.
  @Override
  public void close() {
    if (spilled != null) {
      spilled.close();
      spilled = null;
    }
  }
}
