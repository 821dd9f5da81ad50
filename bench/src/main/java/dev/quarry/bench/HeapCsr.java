package dev.quarry.bench;

/// Both directions of a graph as compressed sparse rows on the Java heap, from pairs of integers in
/// memory: for each direction the pairs are counted by their first end, and their second ends put
/// where the counts say. Lists are in the order of the pairs; nothing is sorted, nothing is
/// written.
///
/// @param offsets where the lists of the outgoing, then of the incoming direction begin
/// @param ends all lists of each direction, one behind the other
record HeapCsr(int[][] offsets, int[][] ends) {
  /// Builds both directions.
  ///
  /// @param pairs sources and targets in turn
  /// @param nodes more than any of them
  /// @param threads 1, or 2: one for each direction
  static HeapCsr build(int[] pairs, int nodes, int threads) throws InterruptedException {
    HeapCsr csr = new HeapCsr(new int[2][], new int[2][]);
    if (threads == 1) {
      csr.build(0, pairs, nodes);
      csr.build(1, pairs, nodes);
      return csr;
    }
    Thread incoming = Thread.ofPlatform().start(() -> csr.build(1, pairs, nodes));
    csr.build(0, pairs, nodes);
    incoming.join();
    return csr;
  }

  /// @param direction 0 by sources, 1 by targets
  private void build(int direction, int[] pairs, int nodes) {
    int[] at = new int[nodes + 1];
    for (int i = direction; i < pairs.length; i += 2) {
      at[pairs[i] + 1]++;
    }
    for (int node = 0; node < nodes; node++) {
      at[node + 1] += at[node];
    }
    offsets[direction] = at.clone();
    int[] lists = new int[pairs.length / 2];
    for (int i = 0; i < pairs.length; i += 2) {
      lists[at[pairs[i + direction]]++] = pairs[i + 1 - direction];
    }
    ends[direction] = lists;
  }

  /// A sum over all lists that does not depend on their order.
  long checksum() {
    long sum = 0;
    for (int direction = 0; direction < 2; direction++) {
      for (int node = 0; node + 1 < offsets[direction].length; node++) {
        for (int i = offsets[direction][node]; i < offsets[direction][node + 1]; i++) {
          sum += (node + 1L) * ends[direction][i];
        }
      }
    }
    return sum;
  }
}
