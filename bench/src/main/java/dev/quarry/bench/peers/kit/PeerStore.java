package dev.quarry.bench.peers.kit;

/// An open store of a peer. Every method is one piece of work, done as the peer's documentation
/// advises; what a peer cannot do is left as it is here and raises [NotOffered].
///
/// The graph is simple: no loops, no parallels. Nodes have the label `V` and the integers `id` (the
/// key), `grp` and `score`; relationships have the type `E` and no properties. All counts are those
/// of walks, which differ from trails in nothing that is asked here.
///
/// Threads: one at a time, but for [#lookUp] and [#commit], which [Workload#MIXED] calls from two.
public interface PeerStore extends AutoCloseable {
  /// How the middle or the end of a walk of two steps, `(a)->(b)->(c)`, is looked at.
  enum Paths {
    /// All walks.
    ALL,
    /// Those with `b.score < below`.
    MIDDLE,
    /// Those with `c.score < below`.
    END,
    /// The number of different `c`.
    DISTINCT
  }

  /// What a breadth-first search found: nodes other than its start, and the sum of their distances.
  record Reach(long nodes, long distances) {}

  /// A number of rows and a sum over them.
  record Sum(long count, long sum) {}

  /// What PageRank gave: the sum of all ranks and of their squares, and the ranks of the nodes with
  /// ids below [#KNOWN], each times its id and 1.
  record Ranks(double total, double squares, double known) {}

  /// How many nodes PageRank is asked for by their ids.
  int KNOWN = 100;

  long nodes() throws Exception;

  long relationships() throws Exception;

  /// The sum of `score` of the nodes with these ids, each looked up by its key on its own.
  default long lookUp(int[] ids) throws Exception {
    throw new NotOffered("no look-up by key");
  }

  /// How many different nodes walks of exactly this many steps from the start end in, by a
  /// statement of its language.
  default long hops(int start, int steps) throws Exception {
    throw new NotOffered("no walks in its language");
  }

  /// The same by calls, node after node.
  default long walk(int start, int steps) throws Exception {
    throw new NotOffered("no calls for single nodes");
  }

  /// How many different nodes walks of 1 up to this many steps from the start end in, by a
  /// statement.
  default long within(int start, int steps) throws Exception {
    throw new NotOffered("no walks of variable length");
  }

  /// Counts walks of two steps.
  ///
  /// @param below what a score must be less than, for [Paths#MIDDLE] and [Paths#END]
  default long paths(Paths kind, int below) throws Exception {
    throw new NotOffered("no patterns");
  }

  /// Counts walks of two steps by `b.grp`.
  ///
  /// @return the number of groups, and the sum of `(grp + 1) * count` over them
  default Sum pathsByGroup() throws Exception {
    throw new NotOffered("no patterns");
  }

  /// Counts triples with `(a)->(b)->(c)` and `(a)->(c)`.
  default long triangles() throws Exception {
    throw new NotOffered("no patterns");
  }

  /// Distances from the start along relationships.
  default Reach breadthFirst(int start) throws Exception {
    throw new NotOffered("no breadth-first search");
  }

  /// PageRank with a damping of 0.85: all ranks begin at 1 / n, and what nodes without outgoing
  /// relationships have goes to all nodes.
  ///
  /// @param iterations all of them, no tolerance
  default Ranks pageRank(int iterations) throws Exception {
    throw new NotOffered("no PageRank");
  }

  /// Weakly connected components.
  ///
  /// @param node the id of a node
  /// @return how many components there are, and how many nodes are in that of the node
  default Sum components(int node) throws Exception {
    throw new NotOffered("no components");
  }

  /// Counts the nodes with `score < below` and sums up their scores.
  default Sum filter(int below) throws Exception {
    throw new NotOffered("no filter");
  }

  /// Sums up scores by `grp`.
  ///
  /// @return the number of groups, and the sum of `(grp + 1) * sum(score)` over them
  default Sum sumByGroup() throws Exception {
    throw new NotOffered("no grouping");
  }

  /// Reads the target of every relationship.
  ///
  /// @return the number of relationships, and the sum of the ids of their targets
  default Sum scan() throws Exception {
    throw new NotOffered("no scan");
  }

  /// The social network, loaded when it is asked for first, with indexes on the ids of persons and
  /// messages; it lies apart from the graph and is closed with this.
  default SocialStore social() throws Exception {
    throw new NotOffered("no patterns in Cypher or SQL");
  }

  /// Creates a relationship in a transaction of its own, durable on return if the store is.
  default void commit(int source, int target) throws Exception {
    throw new NotOffered("no transactions");
  }

  /// Creates relationships in one transaction, durable on return if the store is.
  default void insert(int[] sources, int[] targets) throws Exception {
    throw new NotOffered("no transactions");
  }

  /// Whether commits wait for the disk from now on; what cannot be chosen raises [NotOffered].
  default void durable(boolean durable) throws Exception {
    if (!durable) {
      throw new NotOffered("commits always wait for the disk");
    }
  }

  @Override
  void close() throws Exception;
}
