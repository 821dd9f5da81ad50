package dev.quarry.bench.peers.kit;

import dev.quarry.bench.peers.kit.PeerStore.Ranks;
import dev.quarry.bench.peers.kit.PeerStore.Sum;
import java.util.Arrays;

/// Algorithms as one writes them on top of a database that has none: relationships are read once
/// through its API, as pairs of ids, and the rest is done on arrays. Not used by Quarry.
public final class EdgeArrays {
  private static final double DAMPING = 0.85;

  private final int nodes;
  private int[] sources = new int[1 << 16];
  private int[] targets = new int[1 << 16];
  private int count;

  /// @param nodes how many there are, with ids from 0
  public EdgeArrays(int nodes) {
    this.nodes = nodes;
  }

  public void add(int source, int target) {
    if (count == sources.length) {
      sources = Arrays.copyOf(sources, 2 * count);
      targets = Arrays.copyOf(targets, 2 * count);
    }
    sources[count] = source;
    targets[count++] = target;
  }

  /// As [PeerStore#pageRank] says.
  public Ranks pageRank(int iterations) {
    int[] degrees = new int[nodes];
    for (int i = 0; i < count; i++) {
      degrees[sources[i]]++;
    }
    double[] ranks = new double[nodes];
    Arrays.fill(ranks, 1.0 / nodes);
    for (int iteration = 0; iteration < iterations; iteration++) {
      double[] sums = new double[nodes];
      double lost = 0;
      for (int node = 0; node < nodes; node++) {
        lost += degrees[node] == 0 ? ranks[node] : 0;
        ranks[node] /= Math.max(1, degrees[node]);
      }
      for (int i = 0; i < count; i++) {
        sums[targets[i]] += ranks[sources[i]];
      }
      for (int node = 0; node < nodes; node++) {
        ranks[node] = (1 - DAMPING + DAMPING * lost) / nodes + DAMPING * sums[node];
      }
    }
    return summary(ranks);
  }

  private static Ranks summary(double[] ranks) {
    double total = 0;
    double squares = 0;
    double known = 0;
    for (int node = 0; node < ranks.length; node++) {
      total += ranks[node];
      squares += ranks[node] * ranks[node];
      known += node < PeerStore.KNOWN ? (node + 1) * ranks[node] : 0;
    }
    return new Ranks(total, squares, known);
  }

  /// As [PeerStore#components] says, by union and find.
  public Sum components(int node) {
    int[] above = new int[nodes];
    Arrays.setAll(above, id -> id);
    int components = nodes;
    for (int i = 0; i < count; i++) {
      int one = root(above, sources[i]);
      int other = root(above, targets[i]);
      if (one != other) {
        above[Math.max(one, other)] = Math.min(one, other);
        components--;
      }
    }
    int own = root(above, node);
    long with = 0;
    for (int id = 0; id < nodes; id++) {
      with += root(above, id) == own ? 1 : 0;
    }
    return new Sum(components, with);
  }

  private static int root(int[] above, int node) {
    int at = node;
    while (above[at] != at) {
      above[at] = above[above[at]];
      at = above[at];
    }
    return at;
  }
}
