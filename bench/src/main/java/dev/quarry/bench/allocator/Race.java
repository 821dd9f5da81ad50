package dev.quarry.bench.allocator;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One contender in one workload: so many threads do the same at the same time.
///
/// All threads are those of Netty, whose pool has no caches for others. A thread does everything
/// with its blocks itself, since some may be freed by no other.
final class Race {
  private final Contender contender;
  private final Workload workload;
  private final int threads;
  private final CyclicBarrier together;
  private final double[] nanosPerOperation;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Race(Contender contender, Workload workload, int threads) {
    this.contender = contender;
    this.workload = workload;
    this.threads = threads;
    this.together = new CyclicBarrier(threads);
    this.nanosPerOperation = new double[threads];
  }

  /// Runs, and returns the nanoseconds of a thread per operation, the mean of the threads.
  static double nanosPerOperation(Contender contender, Workload workload, int threads)
      throws InterruptedException {
    return new Race(contender, workload, threads).run();
  }

  private double run() throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      running.add(new FastThreadLocalThread(() -> runCaught(number)));
    }
    running.forEach(Thread::start);
    for (Thread thread : running) {
      thread.join();
    }
    Throwable thrown = failure.get();
    if (thrown != null) {
      throw new IllegalStateException(
          contender.name() + " failed, doing: " + workload.name(), thrown);
    }
    double sum = 0;
    for (double nanos : nanosPerOperation) {
      sum += nanos;
    }
    return sum / threads;
  }

  private void runCaught(int number) {
    try {
      run(number);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      together.reset(); // so that nobody waits for this thread
    }
  }

  private void run(int number) throws InterruptedException, BrokenBarrierException {
    int count = workload.blocksOf(threads);
    try (Blocks blocks = contender.open(count)) {
      Loop loop = contender.loop(workload, blocks, count, number);
      loop.begin();
      loop.operations();
      together.await();
      nanosPerOperation[number] = time(loop);
      together.await(); // so that nobody is alone while time is taken
      loop.end();
    }
  }

  private double time(Loop loop) {
    long enough = workload.milliseconds() * 1_000_000L;
    long operations = 0;
    long start = System.nanoTime();
    long nanos;
    do {
      operations += loop.operations();
      nanos = System.nanoTime() - start;
    } while (nanos < enough);
    return (double) nanos / operations;
  }
}
