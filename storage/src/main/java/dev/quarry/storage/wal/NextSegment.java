package dev.quarry.storage.wal;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.schedule.Sched;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The segment that comes next, made while the one before it fills up.
///
/// ```text
///  NONE ── begin ──► MAKING ── zeros, forced ──► MADE ── take ──► NONE
///                      └───────── failed ──────► FAILED ── take: null ──► NONE
/// ```
///
/// What is made has its final name and no header. Without a header it is no part of the log: a
/// crash leaves a file that the next opening deletes.
///
/// Threads: [#begin], [#take] and [#close] are the writer's; what [#begin] returns runs anywhere.
final class NextSegment implements AutoCloseable {
  private enum State {
    NONE,
    MAKING,
    MADE,
    FAILED
  }

  private final Disk disk;
  private State state = State.NONE;
  private @Nullable DiskFile file;

  NextSegment(Disk disk) {
    this.disk = disk;
  }

  /// Whether it was begun since the last one was taken, whatever became of it.
  synchronized boolean begun() {
    return state != State.NONE;
  }

  /// Begins it; the work is done by whoever runs what is returned, once.
  synchronized Runnable begin(Path path, long size) {
    assert state == State.NONE : state;
    state = State.MAKING;
    return () -> make(path, size);
  }

  private void make(Path path, long size) {
    DiskFile made = null;
    try {
      made = Segment.prepare(disk, path, size);
    } finally {
      end(made);
    }
  }

  private synchronized void end(@Nullable DiskFile made) {
    file = made;
    state = made == null ? State.FAILED : State.MADE;
    Sched.signalAll(this);
  }

  /// Takes it, if it was made and is large enough; waits for it, if it is being made.
  synchronized @Nullable DiskFile take(long least) {
    await();
    DiskFile taken = file;
    file = null;
    state = State.NONE;
    if (taken != null && taken.size() < least) {
      taken.close(); // whoever needs a larger one writes over it
      return null;
    }
    return taken;
  }

  /// Waits until nothing is being made.
  synchronized void await() {
    Sched.awaitWhile(this, () -> state == State.MAKING);
  }

  @Override
  public void close() {
    DiskFile unused = take(0);
    if (unused != null) {
      unused.close();
    }
  }
}
