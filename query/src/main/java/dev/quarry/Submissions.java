package dev.quarry;

import dev.quarry.storage.schedule.SpareThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Work that is submitted to be done in write transactions, one after the other.
///
/// ```text
///  any thread        writer                              acknowledger              a virtual thread
///  submit ─► queue ─► begin, work, work, log, begin, … ─► logged ─► one barrier ─► futures complete
/// ```
///
/// The writer goes on while the acknowledger waits for the disk, what comes meanwhile shares a
/// transaction ([SharedWrite]), and no thread changes between two: that is what makes many small
/// ones cheap. If all that is submitted lies in one transaction, there is nothing to go on with,
/// and the writer waits for the disk itself: that saves waking a thread, and leaves its processor
/// to those who are told. Both end when there is nothing left to do ([Mailbox]). The idea is that
/// of flat combining (Hendler et al., "Flat combining and the synchronization-parallelism
/// tradeoff", 2010), with a thread of its own as the combiner.
///
/// Invariant: what was submitted has a place in [Room] until its future is complete. Threads: any.
final class Submissions {
  private static final int ALONE_AFTER_FAILURE = 1000;

  /// Whose work a thread does, or whose futures it completes.
  private static final ScopedValue<Submissions> INSIDE = ScopedValue.newInstance();

  /// Places for what is submitted and not complete. Who is inside waits for none, since that would
  /// be to wait for itself.
  @SuppressWarnings("serial") // nobody writes it
  private final class Room extends Semaphore {
    private static final int FEW = 2;

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

    /// Whether several are in: then others will probably come, once these are told.
    boolean hasSeveral() {
      return places - availablePermits() >= FEW;
    }

    /// Whether so many are in and no more.
    boolean hasOnly(int count) {
      return places - availablePermits() == count;
    }

    /// Waits until all have left that are in, or came to wait before.
    void awaitEmpty() {
      if (!isInside()) {
        acquireUninterruptibly(places);
        release(places);
      }
    }
  }

  private final Supplier<SharedWrite> transactions;
  private final Room room;
  private final Mailbox<Submission<?>> submitted;
  private final Mailbox<SharedWrite> logged;
  private volatile boolean failed; // some transaction, since the writer looked
  private int alone; // how many more transactions are not to be shared

  /// @param transactions gives one that has not begun
  /// @param places how many may be submitted and not complete before others wait
  Submissions(Supplier<SharedWrite> transactions, int places) {
    this.transactions = transactions;
    this.room = new Room(places);
    this.submitted = new Mailbox<>("quarry-writer", room::hasSeveral, this::write);
    this.logged = new Mailbox<>("quarry-acknowledger", room::hasSeveral, this::acknowledgeLogged);
  }

  /// Puts work behind what was submitted before.
  <T extends @Nullable Object> CompletableFuture<T> submit(Work<WriteTransaction, T, ?> work) {
    room.take();
    Submission<T> submission = new Submission<>(work);
    submitted.put(submission);
    return submission.future();
  }

  /// Waits until all is complete that was submitted before.
  void awaitAll() {
    room.awaitEmpty();
  }

  private boolean isInside() {
    return INSIDE.isBound() && INSIDE.get() == this;
  }

  private void write() {
    ScopedValue.where(INSIDE, this).run(this::writeTogether);
  }

  /// Does what is submitted, in one transaction as far as that goes.
  private void writeTogether() {
    SharedWrite transaction = transactions.get();
    boolean shares = mayShare();
    boolean takesMore;
    do {
      takesMore = transaction.run(submitted.take());
    } while (takesMore && shares && !submitted.isEmpty());
    transaction.log();
    if (room.hasOnly(transaction.size())) {
      acknowledge(List.of(transaction));
    } else {
      logged.put(transaction);
    }
  }

  /// Not if the disk failed lately: what only removes may find room on a full one, and is not to
  /// fail with what adds.
  private boolean mayShare() {
    if (failed) {
      failed = false;
      alone = ALONE_AFTER_FAILURE;
    } else if (alone > 0) {
      alone--;
    }
    return alone == 0;
  }

  private void acknowledgeLogged() {
    List<SharedWrite> group = new ArrayList<>();
    while (!logged.isEmpty()) {
      group.add(logged.take());
    }
    acknowledge(group);
  }

  /// Waits for the disk, and tells who submitted.
  private void acknowledge(List<SharedWrite> group) {
    awaitDurable(group);
    if (group.stream().anyMatch(SharedWrite::hasFailed)) {
      failed = true;
    }
    group.forEach(this::finish); // first: who is told next may wait for a checkpoint
    Thread.startVirtualThread(() -> ScopedValue.where(INSIDE, this).run(() -> tell(group)));
  }

  /// Tells all who submitted. If they are several, it goes behind what is ready already, and by
  /// then mostly a second thread of the pool is awake to go on with those who are told.
  private void tell(List<SharedWrite> group) {
    if (room.hasSeveral()) {
      Thread.yield();
    }
    group.forEach(one -> one.complete(room::release));
  }

  /// With the last one all before it are durable; if it failed, each is asked.
  private static void awaitDurable(List<SharedWrite> group) {
    for (SharedWrite transaction : group.reversed()) {
      if (transaction.awaitDurable()) {
        return;
      }
    }
  }

  /// Writes the checkpoint that a transaction made due, on a thread of its own.
  private void finish(SharedWrite transaction) {
    Runnable checkpoint = transaction.dueCheckpoint();
    if (checkpoint != null) {
      room.takeMore();
      SpareThreads.startOrRun(
          "quarry-checkpoint",
          () -> {
            try {
              checkpoint.run();
            } finally {
              room.release();
            }
          });
    }
  }
}
