package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;

/// From integers to positive numbers, in native memory: open addressing, in a table that doubles.
///
/// ```text
/// ┌─────────┬──────────┬─ ─ ─
/// │ key 8   │ number 8 │          a cell with number 0 is free
/// └─────────┴──────────┴─ ─ ─
/// ```
///
/// Used by one thread; while nobody adds, by many.
final class IdTable implements AutoCloseable {
  private static final long FIRST_CELLS = 1024;
  private static final long CELL = 16;

  private final NativeMemory memory;
  private final Budget account;
  private final int filled; // of `parts` parts, at most
  private final int parts;
  private Scratch scratch;
  private long table;
  private long mask;
  private long count;

  /// @param filled how many of `parts` parts of the table may be taken
  /// @param expected how many integers will be put at once
  IdTable(NativeMemory memory, Budget account, int filled, int parts, long expected) {
    this.memory = memory;
    this.account = account;
    this.filled = filled;
    this.parts = parts;
    long cells = FIRST_CELLS;
    while (filled * cells <= parts * expected) {
      cells *= 2;
    }
    this.scratch = makeTable(cells);
  }

  private Scratch makeTable(long cells) {
    Scratch next = memory.scratch(account);
    try {
      table = next.allocateZeroed(cells * CELL);
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    mask = cells - 1;
    return next;
  }

  /// The number of an integer, 0 if it has none.
  long get(long key) {
    return Memory.getLong(cellOf(key) + 8);
  }

  /// Gives an integer its number, unless it has one.
  ///
  /// @param number above 0
  /// @return the number that it has already, or 0
  long putIfAbsent(long key, long number) {
    long cell = cellOf(key);
    long known = Memory.getLong(cell + 8);
    if (known == 0) {
      if (parts * count >= filled * mask) {
        grow();
        cell = cellOf(key);
      }
      write(cell, key, number);
      count++;
    }
    return known;
  }

  private static void write(long cell, long key, long number) {
    Memory.putLong(cell, key);
    Memory.putLong(cell + 8, number);
  }

  /// The cell of an integer, or the free one where it belongs.
  private long cellOf(long key) {
    long index = Memory.mix(key);
    while (true) {
      long cell = table + (index & mask) * CELL;
      if (Memory.getLong(cell + 8) == 0 || Memory.getLong(cell) == key) {
        return cell;
      }
      index++;
    }
  }

  private void grow() {
    Scratch old = scratch;
    long from = table;
    long cells = mask + 1;
    scratch = makeTable(2 * cells);
    visit(from, cells, (key, number) -> write(cellOf(key), key, number));
    old.close();
  }

  /// Visits all integers and their numbers.
  void forEach(IdVisitor visitor) {
    visit(table, mask + 1, visitor);
  }

  private static void visit(long table, long cells, IdVisitor visitor) {
    for (long cell = table; cell < table + cells * CELL; cell += CELL) {
      long number = Memory.getLong(cell + 8);
      if (number != 0) {
        visitor.visit(Memory.getLong(cell), number);
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
