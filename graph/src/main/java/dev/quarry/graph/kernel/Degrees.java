package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.Memory;

/// The number of relationships of each node, read from the heads of lists where those tell. Each of
/// several parallels counts; with [dev.quarry.graph.Direction#BOTH] a self-loop counts once.
///
/// Memory: 8 bytes a node.
public final class Degrees {
  private Degrees() {}

  /// Gives each node its degree in the direction of the part.
  public static NodeCells run(Kernel kernel) {
    long degrees = kernel.zeroed(kernel.result(), kernel.positions().count() * 8);
    Neighbours[] neighbours = kernel.neighbours(kernel.part());
    kernel.forEachWord(
        (word, wanted, worker) -> {
          Neighbours walk = neighbours[worker.index()];
          int count = walk.beginWord(word, wanted);
          while (walk.nextLists()) {
            for (int i = 0; i < count; i++) {
              long cell = degrees + walk.position(i) * 8;
              long length = walk.length(i);
              Memory.putLong(cell, Memory.getLong(cell) + length);
              worker.steps(walk.hasLookedAt() ? length : 1);
            }
          }
        });
    kernel.tell("degrees", 1, 1, kernel.positions().nodes());
    return kernel.finish(degrees, 8);
  }
}
