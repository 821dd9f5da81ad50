package dev.quarry.bench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Some threads that share ranges out in pieces, for kernels over arrays. The caller is one of
/// them.
public final class Threads implements AutoCloseable {
  /// What is done for a piece.
  public interface Work {
    void run(int thread, int from, int to);
  }

  private final int count;
  private final ExecutorService others;

  public Threads(int count) {
    this.count = count;
    this.others =
        Executors.newFixedThreadPool(
            Math.max(1, count - 1), Thread.ofPlatform().daemon().factory());
  }

  public int count() {
    return count;
  }

  public void share(int size, int grain, Work work) {
    if (count == 1 || size <= grain) {
      if (size > 0) {
        work.run(0, 0, size);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      int thread = i;
      running.add(others.submit(() -> pieces(thread, size, grain, next, work)));
    }
    pieces(0, size, grain, next, work);
    for (Future<?> one : running) {
      try {
        one.get();
      } catch (InterruptedException | ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void pieces(int thread, int size, int grain, AtomicInteger next, Work work) {
    for (int from = next.getAndAdd(grain); from < size; from = next.getAndAdd(grain)) {
      work.run(thread, from, Math.min(from + grain, size));
    }
  }

  @Override
  public void close() {
    others.shutdown();
  }
}
