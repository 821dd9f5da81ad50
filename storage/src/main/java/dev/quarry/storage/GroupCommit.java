package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.wal.Wal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Commits that are logged and wait for a barrier. One barrier serves all who wait.
///
/// ```text
///  writer's lock             no lock                     no lock, in the order of the log
///  log ───────► waiting ───► lead: write, force ───────► visible
///               (others go on logging meanwhile)
/// ```
///
/// The first who waits while nobody leads is the leader: it takes all batches that are logged by
/// then, writes them and calls the barrier; then the versions become visible in order, and the
/// first of those who came meanwhile leads next. A single caller is always its own leader.
///
/// If writing fails, all who wait fail together, and so does a transaction that began on one of
/// their versions: the writer's base, [#tip], goes back to what is visible once no transaction uses
/// it any more ([#recover]). After a failed barrier nobody knows what the disk holds: `poison` is
/// told.
///
/// Threads: [#log], [#tip], [#flush] and [#recover] belong to the holder of the writer's lock;
/// [#await] comes from any thread. The idea is that of group commit (DeWitt et al., "Implementation
/// techniques for main memory database systems", 1984).
final class GroupCommit {
  /// A commit that is logged; or nothing, that waits for those before it.
  static final class Logged {
    private final @Nullable PageTransaction transaction;
    private final @Nullable Version version;
    private @Nullable Thread thread; // that waits for it
    private boolean visible;
    private @Nullable StoreIoException failure;
    private Checkpointer.@Nullable Checkpoint due;

    private Logged(@Nullable PageTransaction transaction, @Nullable Version version) {
      this.transaction = transaction;
      this.version = version;
    }

    /// The checkpoint that whoever waits for this commit writes afterwards.
    Checkpointer.@Nullable Checkpoint due() {
      return due;
    }

    void due(Checkpointer.@Nullable Checkpoint begun) {
      due = begun;
    }

    private boolean ended() {
      return visible || failure != null;
    }
  }

  private final boolean barrier;
  private final @Nullable Headroom headroom;
  private final BiConsumer<PageTransaction, Version> publish;
  private final Consumer<StoreIoException> poison;
  private final List<PageTransaction> failed = new ArrayList<>();
  private Deque<Logged> waiting = new ArrayDeque<>();
  private Deque<Logged> group = new ArrayDeque<>(); // the leader's
  private @Nullable StoreIoException failure;
  private @Nullable Wal wal;
  private boolean leading;
  private @Nullable Version last;

  /// @param barrier whether a commit needs a barrier
  /// @param headroom what commits that only remove may use of a full disk
  /// @param publish makes a version visible, which is durable
  /// @param poison told if a barrier failed, before those who wait
  GroupCommit(
      boolean barrier,
      @Nullable Headroom headroom,
      BiConsumer<PageTransaction, Version> publish,
      Consumer<StoreIoException> poison) {
    this.barrier = barrier;
    this.headroom = headroom;
    this.publish = publish;
    this.poison = poison;
  }

  /// What the next transaction begins on: the newest version that is logged, else what is visible.
  ///
  /// @param visible gives the newest visible version; asked only once it is known that none is
  ///   logged behind it, since a commit may become visible at any moment before
  synchronized Version tip(Supplier<Version> visible) {
    Version newest = last;
    return newest == null ? visible.get() : newest;
  }

  /// Logs a commit, behind those that wait.
  ///
  /// @throws StoreIoException if a commit that it builds on has failed, or there is no room for the
  ///   log; then it is not logged
  Logged log(Wal log, PageTransaction transaction, Version version) {
    if (!log.fits()) {
      flush();
      ensureBase();
      roll(log, transaction.onlyRemoves());
    }
    Logged logged = new Logged(transaction, version);
    synchronized (this) {
      ensureBase();
      log.append(version.commitNumber());
      wal = log;
      waiting.add(logged);
      last = version;
    }
    Sched.point(Point.LOGGED);
    return logged;
  }

  /// Waits behind the commits that are logged, for one that has read what they are, and changes
  /// nothing.
  ///
  /// @throws StoreIoException if a commit that it has read has failed
  synchronized Logged follow() {
    ensureBase();
    Logged nothing = new Logged(null, null);
    waiting.add(nothing);
    return nothing;
  }

  private void roll(Wal log, boolean onlyRemoves) {
    try {
      if (onlyRemoves && headroom != null) {
        headroom.orSpend(log::roll);
      } else {
        log.roll();
      }
    } catch (StoreIoException e) {
      if (e.code() != ErrorCode.STORE_DISK_FULL) {
        poison.accept(poisoned(e));
      }
      throw e;
    }
  }

  /// Refuses a transaction that began on a commit that has failed since.
  synchronized void ensureBase() {
    StoreIoException cause = failure;
    if (cause != null) {
      throw again(cause);
    }
  }

  /// Waits until a commit is durable and visible; leads if nobody else does.
  ///
  /// @throws StoreIoException if it failed
  void await(Logged logged) {
    boolean interrupted = false;
    try {
      while (!begin(logged)) {
        Sched.park(this);
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    StoreIoException cause = logged.failure;
    if (cause != null) {
      throw again(cause);
    }
  }

  /// Whether the commit has ended; leads in between if that is needed.
  private boolean begin(Logged logged) {
    synchronized (this) {
      if (logged.ended()) {
        return true;
      }
      logged.thread = Thread.currentThread();
      if (leading) {
        return false;
      }
      leading = true;
    }
    lead();
    return true;
  }

  /// Waits until all that was logged is durable, or has failed.
  void flush() {
    boolean interrupted = false;
    synchronized (this) {
      while (leading) {
        try {
          Sched.await(this);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      leading = true;
    }
    lead();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Undoes what failed, once no transaction builds on it any more.
  synchronized void recover() {
    for (PageTransaction transaction : failed.reversed()) {
      transaction.abandon();
    }
    failed.clear();
    failure = null;
  }

  private void lead() {
    StoreIoException cause = null;
    try {
      Sched.point(Point.LEAD);
      Wal log = take();
      if (log != null) {
        log.flush(barrier);
      }
    } catch (StoreIoException e) {
      cause = e;
    } catch (RuntimeException | Error e) {
      cause = new StoreIoException(ErrorCode.STORE_IO, String.valueOf(e), null, e);
    }
    List<Thread> ready;
    synchronized (this) {
      ready = end(cause, cause == null ? firstWaiting() : null);
      leading = false;
      Sched.signalAll(this);
    }
    ready.forEach(Sched::unpark);
  }

  /// Who has waited longest for a commit that is logged; null if nobody does yet. Whoever comes to
  /// wait for one leads if nobody else does.
  private @Nullable Thread firstWaiting() {
    for (Logged logged : waiting) {
      if (logged.thread != null) {
        return logged.thread;
      }
    }
    return null;
  }

  /// Takes what waits; null if nothing does.
  private synchronized @Nullable Wal take() {
    assert group.isEmpty() : "there are two leaders";
    Deque<Logged> taken = waiting;
    waiting = group;
    group = taken;
    Wal log = wal;
    return log != null && log.take() ? log : null;
  }

  /// Ends the commits of the group: makes them visible, or fails them.
  ///
  /// @param next leads the next group
  /// @return who waits for them, behind the next leader, since the disk waits for nobody else
  private List<Thread> end(@Nullable StoreIoException cause, @Nullable Thread next) {
    if (cause != null) {
      group.addAll(waiting);
      waiting.clear();
      fail(cause);
    }
    List<Thread> ready = new ArrayList<>(group.size() + 1);
    if (next != null) {
      ready.add(next);
    }
    for (Logged logged : group) {
      if (cause == null) {
        if (logged.transaction != null && logged.version != null) {
          publish.accept(logged.transaction, logged.version);
        }
        logged.visible = true;
      }
      Thread thread = logged.thread;
      if (thread != null && thread != Thread.currentThread()) {
        ready.add(thread);
      }
      if (last == logged.version) {
        last = null;
      }
    }
    group.clear();
    return ready;
  }

  /// All who wait build on what failed, so they fail with it.
  private void fail(StoreIoException cause) {
    StoreIoException reported = cause;
    if (cause.code() != ErrorCode.STORE_DISK_FULL) {
      reported = poisoned(cause);
      poison.accept(reported);
    } else {
      try {
        java.util.Objects.requireNonNull(wal).rewind();
      } catch (StoreIoException stillFull) {
        cause.addSuppressed(stillFull);
      }
    }
    failure = reported;
    for (Logged logged : group) {
      logged.failure = reported;
      if (logged.transaction != null) {
        failed.add(logged.transaction);
      }
    }
  }

  private static StoreIoException poisoned(StoreIoException cause) {
    return new StoreIoException(
        ErrorCode.STORE_POISONED,
        "the log could not be written, so nothing more is written: " + cause.getMessage(),
        "close the store, check the disk, and open it again: all acknowledged commits are"
            + " recovered",
        cause);
  }

  /// The same error for another thread, with its own stack.
  private static StoreIoException again(StoreException cause) {
    return new StoreIoException(
        cause.code(), String.valueOf(cause.getMessage()), cause.hint(), cause);
  }
}
