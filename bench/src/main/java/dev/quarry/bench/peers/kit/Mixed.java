package dev.quarry.bench.peers.kit;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Reads beside writes: one thread looks up nodes by key, another one commits relationships, each
/// one after the other, for a second.
final class Mixed {
  /// The answer if the relationships grew by as many as were committed.
  static final String ANSWER = "ok";

  private static final long NANOS = 1_000_000_000L;

  private interface Operation {
    void run(int number) throws Exception;
  }

  private Mixed() {}

  /// @return [#ANSWER], or by how many the relationships grew and how many were committed
  static String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
    int[] ids = data.ids("mixed", round, 1 << 16);
    long before = store.relationships();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      long end = System.nanoTime() + NANOS;
      Future<long[]> reads =
          threads.submit(
              () -> latencies(end, i -> store.lookUp(new int[] {ids[i & (ids.length - 1)]})));
      Future<long[]> writes =
          threads.submit(
              () ->
                  latencies(
                      end,
                      i ->
                          store.commit(
                              ids[i & (ids.length - 1)], ids[(i + 1) & (ids.length - 1)])));
      trial.latencies("read", reads.get(), NANOS / 1e9);
      trial.latencies("commit", writes.get(), NANOS / 1e9);
      long grown = store.relationships() - before;
      return grown == writes.get().length ? ANSWER : grown + "/" + writes.get().length;
    }
  }

  private static long[] latencies(long end, Operation operation) throws Exception {
    long[] nanos = new long[1 << 10];
    int count = 0;
    for (long now = System.nanoTime(); now < end; count++) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      operation.run(count);
      long done = System.nanoTime();
      nanos[count] = done - now;
      now = done;
    }
    return Arrays.copyOf(nanos, count);
  }
}
