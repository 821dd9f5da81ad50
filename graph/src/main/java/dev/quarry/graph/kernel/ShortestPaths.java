package dev.quarry.graph.kernel;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Shortest paths by weight from one node to all others: the nearest node that is not settled is
/// settled next, found in a heap of four branches that knows where each node stands. After E. W.
/// Dijkstra, 1959. One thread.
///
/// Memory: 16 bytes a node.
public final class ShortestPaths {
  private static final int BRANCHES = 4;

  private final Kernel kernel;
  private final Positions positions;
  private final Weights weights;
  private final Expansion walk;
  private final long distances;
  private final long heap; // positions
  private final long places; // in the heap, by position; -1 outside
  private long size;

  private ShortestPaths(Kernel kernel, String weight, double otherwise) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.weights = new Weights(kernel.reading(), weight, otherwise);
    this.walk = kernel.reading().expansion(kernel.part().direction(), kernel.part().typeTokens());
    this.distances = kernel.result().allocate(positions.count() * 8);
    Scratch work = kernel.newScratch();
    this.heap = work.allocate(positions.nodes() * 4);
    this.places = work.allocate(positions.count() * 4);
  }

  /// Gives each node the least sum of weights of a path from a source, infinity where there is
  /// none.
  ///
  /// @param source a position
  /// @param weight a property of relationships
  /// @param otherwise the weight of those that lack it, at least 0
  public static NodeCells run(Kernel kernel, long source, String weight, double otherwise) {
    ShortestPaths run = new ShortestPaths(kernel, weight, otherwise);
    run.begin(source);
    run.settleAll();
    return kernel.finish(run.distances, 8);
  }

  private void begin(long source) {
    Worker worker = kernel.crew().caller();
    for (long at = 0; at < positions.count(); at++) {
      Memory.putDouble(distances + at * 8, Double.POSITIVE_INFINITY);
      Memory.putInt(places + at * 4, -1);
      worker.steps(1);
    }
    Memory.putDouble(distances + source * 8, 0);
    size = 1;
    put(source, 0);
  }

  private void settleAll() {
    Worker worker = kernel.crew().caller();
    long settled = 0;
    while (size > 0) {
      long nearest = takeNearest();
      double distance = distance(nearest);
      walk.open(positions.node(nearest));
      while (walk.next()) {
        long other = positions.of(walk.neighbour());
        if (other >= 0) {
          approach(other, distance + weights.of(walk));
        }
        worker.steps(1);
      }
      worker.steps(1);
      if ((++settled & 0xFFFF) == 0) {
        kernel.tell("shortest paths", 1, 1, settled);
      }
    }
    kernel.tell("shortest paths", 1, 1, settled);
  }

  /// A path to a node was found.
  private void approach(long node, double distance) {
    if (distance < distance(node)) {
      Memory.putDouble(distances + node * 8, distance);
      long place = Memory.getInt(places + node * 4);
      up(node, place < 0 ? size++ : place);
    }
  }

  private double distance(long node) {
    return Memory.getDouble(distances + node * 8);
  }

  private long takeNearest() {
    long nearest = at(0);
    Memory.putInt(places + nearest * 4, -1);
    long last = at(--size);
    if (size > 0) {
      down(last, 0);
    }
    return nearest;
  }

  private void up(long node, long from) {
    double distance = distance(node);
    long place = from;
    while (place > 0) {
      long above = (place - 1) / BRANCHES;
      if (distance(at(above)) <= distance) {
        break;
      }
      put(at(above), place);
      place = above;
    }
    put(node, place);
  }

  private void down(long node, long from) {
    double distance = distance(node);
    long place = from;
    while (true) {
      long least = leastBelow(place);
      if (least < 0 || distance(at(least)) >= distance) {
        break;
      }
      put(at(least), place);
      place = least;
    }
    put(node, place);
  }

  /// The place below one whose node is nearest; -1 if there is none.
  private long leastBelow(long place) {
    long first = place * BRANCHES + 1;
    long end = Math.min(first + BRANCHES, size);
    long least = -1;
    for (long below = first; below < end; below++) {
      if (least < 0 || distance(at(below)) < distance(at(least))) {
        least = below;
      }
    }
    return least;
  }

  private long at(long place) {
    return Memory.getInt(heap + place * 4);
  }

  private void put(long node, long place) {
    Memory.putInt(heap + place * 4, (int) node);
    Memory.putInt(places + node * 4, (int) place);
  }
}
