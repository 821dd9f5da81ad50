package dev.quarry;

import dev.quarry.storage.PendingCommit;
import dev.quarry.storage.schedule.SpareThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Work that is submitted to be done in write transactions, each in its own, one after the other.
///
/// ```text
///  any thread        writer                        acknowledger              a virtual thread
///  submit ─► queue ─► begin, work, log, begin, … ─► logged ─► one barrier ─► futures complete
/// ```
///
/// The writer goes on while the acknowledger waits for the disk, and no thread changes between two
/// transactions: that is what makes many small ones cheap. Both are spare threads, which end when
/// there is nothing left to do. The idea is that of flat combining (Hendler et al., "Flat combining
/// and the synchronization-parallelism tradeoff", 2010), with a thread of its own as the combiner.
///
/// Invariant: what was submitted has a place in [Room] until its future is complete. Threads: any.
final class Submissions {
  /// Whose work a thread does, or whose futures it completes.
  private static final ScopedValue<Submissions> INSIDE = ScopedValue.newInstance();

  /// Places for what is submitted and not complete. Who is inside waits for none, since that would
  /// be to wait for itself.
  @SuppressWarnings("serial") // nobody writes it
  private final class Room extends Semaphore {
    private final int places;

    Room(int places) {
      super(places, true);
      this.places = places;
    }

    void take() {
      if (isInside()) {
        takeMore();
      } else if (!tryAcquire()) {
        acquireUninterruptibly();
      }
    }

    /// Takes a place without waiting for one.
    void takeMore() {
      reducePermits(1);
    }

    /// Waits until all have left that are in, or came to wait before.
    void awaitEmpty() {
      if (!isInside()) {
        acquireUninterruptibly(places);
        release(places);
      }
    }
  }

  private final class Submission<T extends @Nullable Object> {
    private final Work<WriteTransaction, T, ?> work;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable PendingCommit commit;
    private @Nullable Throwable failure;

    Submission(Work<WriteTransaction, T, ?> work) {
      this.work = work;
    }

    /// Does the work, unless nobody wants it any more, and logs what it changed.
    void run() {
      if (future.isDone()) {
        return;
      }
      Thread.interrupted(); // what the work before has left
      try (WritingTransaction transaction = begin.get()) {
        result = work.with(transaction);
        commit = transaction.commitLater();
      } catch (Throwable e) {
        failure = e;
      }
    }

    void awaitDurable() {
      try {
        if (commit != null) {
          commit.await();
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    /// Writes the checkpoint that the commit made due, on a thread of its own.
    void finish() {
      PendingCommit done = commit;
      if (done != null && done.isCheckpointDue()) {
        room.takeMore();
        start(
            "quarry-checkpoint",
            () -> {
              try {
                done.finish();
              } finally {
                room.release();
              }
            });
      }
    }

    @SuppressWarnings("NullAway") // the result is null where T allows it
    void complete() {
      try {
        if (failure == null) {
          future.complete(result);
        } else {
          future.completeExceptionally(failure);
        }
      } finally {
        room.release();
      }
    }
  }

  private final Supplier<WritingTransaction> begin;
  private final Room room;
  private final Queue<Submission<?>> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger toRun = new AtomicInteger();
  private final Queue<Submission<?>> logged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger toAcknowledge = new AtomicInteger();

  /// @param begin waits for the writer and begins a transaction
  /// @param places how many may be submitted and not complete before others wait
  Submissions(Supplier<WritingTransaction> begin, int places) {
    this.begin = begin;
    this.room = new Room(places);
  }

  /// Puts work behind what was submitted before.
  <T extends @Nullable Object> CompletableFuture<T> submit(Work<WriteTransaction, T, ?> work) {
    room.take();
    Submission<T> submission = new Submission<>(work);
    submitted.add(submission);
    if (toRun.getAndIncrement() == 0) {
      start("quarry-writer", () -> ScopedValue.where(INSIDE, this).run(this::write));
    }
    return submission.future;
  }

  /// Waits until all is complete that was submitted before.
  void awaitAll() {
    room.awaitEmpty();
  }

  /// Does work on a thread of its own; on this one if none can be had.
  private static void start(String name, Runnable work) {
    try {
      SpareThreads.start(name, work);
    } catch (OutOfMemoryError e) {
      work.run();
    }
  }

  private boolean isInside() {
    return INSIDE.isBound() && INSIDE.get() == this;
  }

  private void write() {
    do {
      Submission<?> next = submitted.remove();
      next.run();
      logged.add(next);
      if (toAcknowledge.getAndIncrement() == 0) {
        start("quarry-acknowledger", this::acknowledge);
      }
    } while (toRun.decrementAndGet() > 0);
  }

  private void acknowledge() {
    int count = toAcknowledge.get();
    while (count > 0) {
      List<Submission<?>> group = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        group.add(logged.remove());
      }
      awaitDurable(group);
      group.forEach(Submission::finish); // first: who is told next may wait for a checkpoint
      Thread.startVirtualThread(
          () -> ScopedValue.where(INSIDE, this).run(() -> group.forEach(Submission::complete)));
      count = toAcknowledge.addAndGet(-count);
    }
  }

  /// With the last one all before it are durable; if it failed, each is asked.
  private static void awaitDurable(List<Submission<?>> group) {
    for (Submission<?> submission : group.reversed()) {
      submission.awaitDurable();
      if (submission.commit != null && submission.failure == null) {
        return;
      }
    }
  }
}
