package dev.quarry.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// Both directions of a graph as compressed sparse rows on the Java heap, from pairs of integers in
/// memory: for each direction the pairs are counted by their first end, and their second ends put
/// where the counts say. Lists are in the order of the pairs, unless they are [#sort]; nothing is
/// written, unless [#write] is called.
///
/// @param offsets where the lists of the outgoing, then of the incoming direction begin
/// @param ends all lists of each direction, one behind the other
record HeapCsr(int[][] offsets, int[][] ends) {
  private static final int PIECE = 1 << 18; // numbers that are written together

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

  /// Sorts all lists, with a thread for each direction.
  void sort() throws InterruptedException {
    Thread incoming = Thread.ofPlatform().start(() -> sort(1));
    sort(0);
    incoming.join();
  }

  private void sort(int direction) {
    int[] from = offsets[direction];
    for (int node = 0; node + 1 < from.length; node++) {
      Arrays.sort(ends[direction], from[node], from[node + 1]);
    }
  }

  /// Writes all arrays to a new file, and forces it.
  void write(Path file) throws IOException {
    Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options)) {
      for (int[] array : List.of(offsets[0], offsets[1], ends[0], ends[1])) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(PIECE * 4);
        for (int from = 0; from < array.length; from += PIECE) {
          int count = Math.min(PIECE, array.length - from);
          bytes.clear().asIntBuffer().put(array, from, count);
          bytes.limit(count * 4);
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
      }
      channel.force(false);
    }
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
