package dev.quarry.graph;

import org.jspecify.annotations.Nullable;

/// The one handle of each node that someone holds. A look-up makes no object.
///
/// The buckets of eight nodes side by side lie side by side, since lists of neighbours ascend.
/// Threads: any, see [HandleTable].
final class NodeHandles extends HandleTable<Node> {
  private static final int TOGETHER = 7; // low bits of ids whose buckets lie side by side

  /// The handle of a node, made if nobody holds it.
  Node get(Handles handles, long id, int generation) {
    Node known = find(id, generation);
    return known != null ? known : findOrMake(handles, id, generation);
  }

  private @Nullable Node find(long id, int generation) {
    Entry<Node> entry = first(hash(id, generation));
    while (entry != null) {
      Node node = entry.get();
      if (node != null && node.id == id && node.generation == generation) {
        return node;
      }
      entry = entry.next();
    }
    return null;
  }

  private synchronized Node findOrMake(Handles handles, long id, int generation) {
    Node known = find(id, generation);
    if (known != null) {
      return known;
    }
    Node node = new Node(handles, id, generation);
    add(node);
    return node;
  }

  @Override
  int hash(Node node) {
    return hash(node.id, node.generation);
  }

  private static int hash(long id, int generation) {
    long others = id >>> 3 ^ (long) generation << 20;
    int spread = (int) (others * 0x9E3779B97F4A7C15L >>> 32);
    return spread ^ (int) id & TOGETHER;
  }
}
