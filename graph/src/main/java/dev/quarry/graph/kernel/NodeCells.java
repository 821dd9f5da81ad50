package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// What a kernel computed: a cell of native memory for each node. Used by one thread at a time; the
/// memory is given back when it is closed.
public final class NodeCells implements AutoCloseable {
  private final Positions positions;
  private final Scratch memory;
  private final long cells;
  private final int cellBytes;

  /// @param memory holds the positions and the cells, and nothing else
  /// @param cellBytes 4 or 8
  NodeCells(Positions positions, Scratch memory, long cells, int cellBytes) {
    this.positions = positions;
    this.memory = memory;
    this.cells = cells;
    this.cellBytes = cellBytes;
  }

  /// The nodes that have a cell.
  public Positions positions() {
    return positions;
  }

  /// The integer at a position; one of 4 bytes with its sign.
  public long integer(long position) {
    return cellBytes == 4
        ? Memory.getInt(cells + position * 4)
        : Memory.getLong(cells + position * 8);
  }

  /// The float at a position.
  public double floating(long position) {
    return Memory.getDouble(cells + position * 8);
  }

  /// The first position from one on that has a node; -1 at the end.
  public long next(long from) {
    return positions.next(from);
  }

  @Override
  public void close() {
    memory.close();
  }
}
