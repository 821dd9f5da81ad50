package dev.quarry.bench.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import java.util.Arrays;

/// Compressed sparse rows of `int[]` on the Java heap, in both directions, with the slots of one
/// arena as ids. Lists are sorted.
public record HeapGraph(int nodes, Rows out, Rows in) {
  /// The neighbours of node v are `targets[starts[v]]` up to `targets[starts[v + 1]]`.
  public record Rows(int[] starts, int[] targets) {
    public int degree(int node) {
      return starts[node + 1] - starts[node];
    }
  }

  public static HeapGraph of(GraphSnapshot snapshot) {
    int nodes = (int) snapshot.nodeReader(0).slots().highWater();
    return new HeapGraph(
        nodes,
        rows(snapshot, nodes, Direction.OUTGOING),
        rows(snapshot, nodes, Direction.INCOMING));
  }

  private static Rows rows(GraphSnapshot snapshot, int nodes, Direction direction) {
    Expansion expansion = snapshot.expansion(direction, null);
    Degrees degrees = snapshot.degrees(direction, null, Degrees.ANY_LABEL);
    int[] starts = new int[nodes + 1];
    for (int node = 0; node < nodes; node++) {
      starts[node + 1] = starts[node] + (int) degrees.of(node);
    }
    int[] targets = new int[starts[nodes]];
    for (int node = 0; node < nodes; node++) {
      int at = starts[node];
      expansion.open(node);
      while (expansion.next()) {
        targets[at++] = (int) expansion.neighbour();
      }
      Arrays.sort(targets, starts[node], at);
    }
    return new Rows(starts, targets);
  }

  public long relationships() {
    return out.targets.length;
  }
}
