package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Degrees;
import java.util.Arrays;

/// How many relationships nodes have that were asked for lately: a node drives out another that has
/// the same place. Takes memory once it was asked a few times.
final class DegreeMemo {
  private static final int PLACES = 1 << 10;
  private static final int FEW = 256;
  private static final long NOBODY = -1;

  private long[] nodes = {};
  private long[] degrees = {};
  private int asked;

  /// How many relationships a node has.
  long of(long node, Degrees known) {
    if (nodes.length == 0) {
      if (++asked < FEW) {
        return known.of(node);
      }
      nodes = new long[PLACES];
      degrees = new long[PLACES];
      Arrays.fill(nodes, NOBODY);
    }
    int place = (int) (node * 0x9E37_79B9_7F4A_7C15L >>> 54);
    if (nodes[place] != node) {
      degrees[place] = known.of(node);
      nodes[place] = node;
    }
    return degrees[place];
  }

  /// Forgets all, since lists may have changed.
  void forget() {
    Arrays.fill(nodes, NOBODY);
  }
}
