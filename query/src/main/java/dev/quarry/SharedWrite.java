package dev.quarry;

import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.PendingCommit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A write transaction that some submissions share, each as a part of it: pages are copied, logged
/// and made visible once for all of them.
///
/// ```text
///  begin ─► part: work, end ─► part: work, end ─► …                     ─► log ─► durable
///              └ throws: all is taken back, what ended is repeated from its records ─┘
/// ```
///
/// Work sees what the parts before it did, as if those were committed, and whether it ends or is
/// taken back is its own business. Only if the whole cannot be logged or made durable, all fail.
///
/// Invariant: the writer is held as long as `writer` is not null. Threads: one at a time; a part
/// whose lease is over is taken back by whoever waits for the writer.
final class SharedWrite implements WritingTransaction.Whole {
  /// How long the parts may take before others who wait for the writer have their turn.
  private static final long MOST_NANOSECONDS = 1_000_000;

  /// How many may share it.
  private static final int MOST_PARTS = 64;

  private final GraphStore store;
  private final Engine engine;
  private final WriterTurns turns;
  private final List<Submission<?>> all = new ArrayList<>();
  private final List<Submission<?>> ended = new ArrayList<>();
  private long begun;
  private @Nullable GraphTransaction writer;
  private @Nullable PendingCommit commit;
  private @Nullable Throwable failure;

  SharedWrite(GraphStore store, Engine engine, WriterTurns turns) {
    this.store = store;
    this.engine = engine;
    this.turns = turns;
  }

  /// Does the work of a submission, unless nobody wants it any more.
  ///
  /// @return whether another one may follow
  boolean run(Submission<?> submission) {
    all.add(submission);
    if (submission.isCancelled()) {
      return writer != null;
    }
    try (WritingTransaction part = nextPart()) {
      submission.run(part);
      part.endPart();
      ended.add(submission);
    } catch (Throwable e) {
      submission.fail(e);
    }
    return writer != null
        && all.size() < MOST_PARTS
        && writer.takesParts()
        && store.store().clock().nanoTime() - begun < MOST_NANOSECONDS;
  }

  /// How many submissions share it, those included that failed.
  int size() {
    return all.size();
  }

  private WritingTransaction nextPart() {
    GraphTransaction known = writer;
    return known == null ? turns.await(this::begin) : part(known);
  }

  private WritingTransaction begin() {
    GraphTransaction first = store.beginWrite();
    writer = first;
    begun = store.store().clock().nanoTime();
    first.beginParts();
    return part(first);
  }

  private WritingTransaction part(GraphTransaction transaction) {
    return new WritingTransaction(engine, transaction, turns, this);
  }

  /// A part commits itself, and with it all before it.
  @Override
  public long commit() {
    GraphTransaction whole = Objects.requireNonNull(writer);
    whole.endPart();
    PendingCommit logged = log(whole);
    logged.await();
    return logged.number();
  }

  @Override
  public void takeBack() {
    GraphTransaction broken = writer;
    writer = null;
    if (broken != null && ended.isEmpty()) {
      broken.rollback();
    } else if (broken != null) {
      try {
        engine.store().scoped(() -> log(store.takeBackPart(broken)));
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
  }

  /// Logs what the parts did; the next writer may begin then.
  void log() {
    GraphTransaction whole = writer;
    if (whole != null) {
      try {
        engine.store().scoped(() -> log(whole));
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
  }

  private PendingCommit log(GraphTransaction whole) {
    writer = null;
    PendingCommit logged = whole.commitLater();
    commit = logged;
    return logged;
  }

  /// Waits for the disk.
  ///
  /// @return whether it is durable, and with it all that was logged before
  boolean awaitDurable() {
    PendingCommit logged = commit;
    if (logged == null) {
      return false;
    }
    try {
      logged.await();
      return true;
    } catch (RuntimeException | Error e) {
      failure = e;
      return false;
    }
  }

  /// Whether it could not be logged or made durable.
  boolean hasFailed() {
    return failure != null;
  }

  /// The checkpoint that the commit made due; null if there is none.
  @Nullable Runnable dueCheckpoint() {
    PendingCommit logged = commit;
    return logged != null && logged.isCheckpointDue() ? logged::finish : null;
  }

  /// Tells all who submitted what became of their work.
  ///
  /// @param afterEach runs once each is told
  void complete(Runnable afterEach) {
    Throwable cause = failure;
    if (cause != null) {
      ended.forEach(submission -> submission.fail(cause));
    }
    for (Submission<?> submission : all) {
      try {
        submission.complete();
      } finally {
        afterEach.run();
      }
    }
  }
}
