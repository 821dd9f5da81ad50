package dev.quarry.bench.allocator;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
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
  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  /// What an operation took a thread, in nanoseconds, the mean of the threads.
  ///
  /// @param elapsed from beginning to end
  /// @param cpu of the thread's own work: without the collector, waiting, and other processes
  record Time(double elapsed, double cpu) {
    private Time plus(Time other) {
      return new Time(elapsed + other.elapsed, cpu + other.cpu);
    }
  }

  private final Contender contender;
  private final Workload workload;
  private final int threads;
  private final CyclicBarrier together;
  private final Time[] times;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private Race(Contender contender, Workload workload, int threads) {
    this.contender = contender;
    this.workload = workload;
    this.threads = threads;
    this.together = new CyclicBarrier(threads);
    this.times = new Time[threads];
  }

  /// Runs, and returns the time of an operation.
  static Time run(Contender contender, Workload workload, int threads) throws InterruptedException {
    return new Race(contender, workload, threads).run();
  }

  private Time run() throws InterruptedException {
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
    Time sum = new Time(0, 0);
    for (Time time : times) {
      sum = sum.plus(time);
    }
    return new Time(sum.elapsed / threads, sum.cpu / threads);
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
      times[number] = time(loop);
      together.await(); // so that nobody is alone while time is taken
      loop.end();
    }
  }

  private Time time(Loop loop) {
    long enough = workload.milliseconds() * 1_000_000L;
    long operations = 0;
    long cpuBefore = CPU.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    long elapsed;
    do {
      operations += loop.operations();
      elapsed = System.nanoTime() - start;
    } while (elapsed < enough);
    double cpu = CPU.getCurrentThreadCpuTime() - cpuBefore;
    return new Time((double) elapsed / operations, cpu / operations);
  }
}
