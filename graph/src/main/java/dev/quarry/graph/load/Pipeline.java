package dev.quarry.graph.load;

import dev.quarry.storage.schedule.Sched;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Work on numbered pieces by several threads; their results are taken in order, by the owner.
///
/// ```text
/// free buffers ──► begin, one at a time ──► work, many at once ──► take, in order ──► give back
///      ▲                                                                                  │
///      └──────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// There are as many pieces on the way as there are buffers. While the next piece is not ready, the
/// owner works on another one itself: with no threads at all it does everything. What a thread
/// raises, the owner gets from [#take()].
///
/// Threads: [#take()], [#give] and [#close()] are the owner's. An interrupt ends no wait.
final class Pipeline<B> implements AutoCloseable {
  private static final int MOST_THREADS = 15;

  /// What is done with a piece.
  interface Stage<B> {
    /// Says what the next piece is; called in order, by one thread at a time.
    ///
    /// @return false if there are no more
    boolean begin(B buffer);

    /// Does the work. Called by any thread, beside others.
    void work(B buffer);
  }

  private final Stage<B> stage;
  private final Object order = new Object();
  private final ArrayDeque<B> free;
  private final List<@Nullable B> ready; // piece n in cell n % size
  private final List<Thread> threads = new ArrayList<>();
  private long begun;
  private long taken;
  private volatile boolean exhausted;
  private boolean closed;
  private @Nullable Throwable failure;

  /// @param buffers as many pieces as may be on the way
  /// @param helpers threads to start beside the owner's
  Pipeline(Stage<B> stage, List<B> buffers, int helpers) {
    this.stage = stage;
    this.free = new ArrayDeque<>(buffers);
    this.ready = new ArrayList<>(java.util.Collections.nCopies(buffers.size(), null));
    for (int i = 0; i < helpers; i++) {
      Thread thread = Thread.ofPlatform().daemon().name("quarry-load").unstarted(this::help);
      try {
        thread.start();
      } catch (OutOfMemoryError e) {
        return; // the owner and the threads that there are do the work
      }
      threads.add(thread);
    }
  }

  /// The number of threads beside the owner's that are of use here.
  ///
  /// @param threads the most that may work at once, the owner's among them
  static int helpers(int threads) {
    return Math.min(MOST_THREADS, threads - 1);
  }

  /// Returns the next piece, null behind the last one.
  @Nullable B take() {
    while (true) {
      B buffer;
      synchronized (this) {
        Sched.awaitWhile(this, () -> !isNextKnown() && (exhausted || free.isEmpty()));
        if (failure != null) {
          throw raised(failure);
        }
        int cell = (int) (taken % ready.size());
        B next = ready.get(cell);
        if (next != null) {
          ready.set(cell, null);
          taken++;
          return next;
        }
        if (exhausted && taken == begun) {
          return null;
        }
        buffer = free.removeFirst();
      }
      piece(buffer);
    }
  }

  private boolean isNextKnown() {
    return failure != null
        || ready.get((int) (taken % ready.size())) != null
        || exhausted && taken == begun;
  }

  private static RuntimeException raised(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  /// Gives a buffer back that [#take()] returned.
  synchronized void give(B buffer) {
    free.addLast(buffer);
    Sched.signalAll(this);
  }

  private void help() {
    while (true) {
      B buffer;
      synchronized (this) {
        Sched.awaitWhile(this, () -> free.isEmpty() && !exhausted && !closed);
        if (exhausted || closed) {
          return;
        }
        buffer = free.removeFirst();
      }
      piece(buffer);
    }
  }

  private void piece(B buffer) {
    try {
      long number = begin(buffer);
      if (number >= 0) {
        stage.work(buffer);
        done(buffer, number);
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /// Returns the number of a piece that was begun, -1 if there are no more.
  private long begin(B buffer) {
    synchronized (order) {
      if (!exhausted && stage.begin(buffer)) {
        synchronized (this) {
          return begun++;
        }
      }
      synchronized (this) {
        exhausted = true;
        Sched.signalAll(this);
      }
      return -1;
    }
  }

  private synchronized void done(B buffer, long number) {
    ready.set((int) (number % ready.size()), buffer);
    Sched.signalAll(this);
  }

  private synchronized void failed(Throwable e) {
    failure = failure == null ? e : failure;
    exhausted = true;
    Sched.signalAll(this);
  }

  /// Ends the threads, and waits for them: afterwards nobody uses the buffers.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      Sched.signalAll(this);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
