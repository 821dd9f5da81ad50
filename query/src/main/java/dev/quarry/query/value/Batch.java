package dev.quarry.query.value;

import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Some rows, column by column: each column that is in use is a [Vector], known by its slot.
///
/// Belongs to the operator that fills it; its rows are good until that operator is asked for the
/// next ones. An operator above may drop rows of it or add columns. A column that nobody fills has
/// nulls only.
public final class Batch {
  private static final int FIRST_ROWS = 16;
  private static final int GROWTH = 4;

  private final @Nullable Vector[] vectors;
  private final Scratch scratch;
  private final int most;
  private int capacity;
  private int size;
  private boolean wasFull;

  /// @param slotCount columns there may be
  /// @param scratch where columns are taken from, on first use
  /// @param most rows there may be; it begins with fewer, as most queries have few
  public Batch(int slotCount, Scratch scratch, int most) {
    this.vectors = new Vector[slotCount];
    this.scratch = scratch;
    this.most = most;
    this.capacity = Math.min(FIRST_ROWS, most);
  }

  /// Drops all rows, to be filled anew; there is more room if it was full, whatever was dropped of
  /// it since.
  public void begin() {
    begin(wasFull ? (int) Math.min((long) capacity * GROWTH, most) : capacity);
  }

  /// Drops all rows, and makes room for so many.
  public void begin(int rows) {
    capacity = Math.max(capacity, rows);
    for (Vector vector : vectors) {
      if (vector != null) {
        vector.begin(capacity);
      }
    }
    size = 0;
    wasFull = false;
  }

  public int size() {
    return size;
  }

  public void size(int newSize) {
    assert newSize <= capacity : newSize;
    size = newSize;
    wasFull |= newSize == capacity;
  }

  public int capacity() {
    return capacity;
  }

  /// The values of a column.
  public Vector vector(int slot) {
    Vector vector = vectors[slot];
    return vector == null ? newVector(slot) : vector;
  }

  private Vector newVector(int slot) {
    Vector vector = new Vector(scratch);
    vector.begin(capacity);
    vectors[slot] = vector;
    return vector;
  }

  public long head(int slot, int row) {
    return vector(slot).head(row);
  }

  public long body(int slot, int row) {
    return vector(slot).body(row);
  }

  public void put(int slot, int row, long head, long body) {
    vector(slot).put(row, head, body);
  }

  /// Puts a value that lies in memory as a cell.
  public void putCell(int slot, int row, long at) {
    vector(slot).put(row, Cell.head(at), Cell.body(at));
  }

  /// Writes a value to memory as a cell.
  public void getCell(int slot, int row, long to) {
    Vector vector = vector(slot);
    Cell.put(to, vector.head(row), vector.body(row));
  }

  /// Copies some values of a row of another batch.
  public void copyRow(Batch from, int fromRow, int row, int[] slots) {
    for (int slot : slots) {
      vector(slot).copyRow(from.vector(slot), fromRow, row);
    }
  }

  /// Copies some columns of rows of another batch; they become the first rows.
  ///
  /// @param rows their numbers, in any order; one may occur often
  public void copyRows(Batch from, int[] rows, int count, int[] slots) {
    for (int slot : slots) {
      vector(slot).gather(from.vector(slot), rows, count);
    }
  }

  /// Moves all values of a row to another row.
  public void moveRow(int from, int to) {
    for (Vector vector : vectors) {
      if (vector != null) {
        vector.moveRow(from, to);
      }
    }
  }

  /// Keeps some rows, which become the first ones.
  ///
  /// @param rows their numbers, rising
  public void select(int[] rows, int count) {
    assert count <= size : count + " of " + size;
    for (Vector vector : vectors) {
      if (vector != null && count < size) {
        vector.select(rows, count);
      }
    }
    size = count;
  }
}
