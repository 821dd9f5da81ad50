package dev.quarry.storage;

import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.Handover;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Sched;
import org.jspecify.annotations.Nullable;

/// Checkpoints beside readers and writers, one at a time.
///
/// ```text
///  writer's lock          no lock                             writer's lock, soon after
///  begin: which version ► write: what is dirty, meta block ► handOver: newer versions agree with it
/// ```
///
/// Whoever found the checkpoint due writes it. If someone else has the writer's lock when it is
/// written, that one hands over when its transaction ends.
///
/// Threads: any; [#begin], [#awaitWritten] and [#handOver] by the holder of the writer's lock.
final class Checkpointer {
  private enum State {
    IDLE,
    WRITING,
    WRITTEN
  }

  /// A checkpoint that has begun.
  ///
  /// @param pin keeps what the version reaches
  /// @param clean whether no log belongs to the state
  record Checkpoint(Version version, int pin, boolean clean, long incarnation, long walLsn) {}

  private final StoreFile file;
  private final Frames frames;
  private final Pins pins;
  private final Headroom headroom;
  private State state = State.IDLE;
  private @Nullable Checkpoint running;
  private volatile @Nullable Handover written; // set under the lock; each commit looks twice
  private boolean confirmed;
  private volatile long count;

  Checkpointer(StoreFile file, Frames frames, Pins pins, Headroom headroom) {
    this.file = file;
    this.frames = frames;
    this.pins = pins;
    this.headroom = headroom;
  }

  /// How many checkpoints have become durable.
  long count() {
    return count;
  }

  synchronized boolean idle() {
    return state == State.IDLE;
  }

  /// Begins a checkpoint of a version that is durable in the log, or of one that is to become
  /// durable by it.
  ///
  /// @param walLsn where the log goes on from it
  synchronized Checkpoint begin(Version version, boolean clean, long incarnation, long walLsn) {
    assert state == State.IDLE : state;
    state = State.WRITING;
    frames.seal(version);
    int pin = pins.pin(version::epoch);
    Checkpoint checkpoint = new Checkpoint(version, pin, clean, incarnation, walLsn);
    running = checkpoint;
    return checkpoint;
  }

  /// Writes it, into both meta blocks. If it fails, the state before is as it was, unless there is
  /// something [#written()]: then one block holds the new state.
  void write(Checkpoint checkpoint) {
    Handover handover = null;
    boolean both = false;
    try {
      handover =
          headroom.orSpend(
              () ->
                  file.write(
                      checkpoint.version,
                      checkpoint.clean,
                      checkpoint.incarnation,
                      checkpoint.walLsn,
                      frames));
      count++;
      file.confirm();
      both = true;
    } finally {
      wrote(checkpoint, handover, both);
    }
  }

  private synchronized void wrote(
      Checkpoint checkpoint, @Nullable Handover handover, boolean inBoth) {
    written = handover;
    confirmed = inBoth;
    state = handover == null ? State.IDLE : State.WRITTEN;
    if (handover == null) {
      running = null;
      pins.unpin(checkpoint.pin);
    }
    Sched.signalAll(this);
  }

  /// Waits until no checkpoint is being written.
  synchronized void awaitWritten() {
    Sched.awaitWhile(this, () -> state == State.WRITING);
  }

  /// What was written and is still to be handed over, if anything.
  @Nullable Handover written() {
    return written;
  }

  /// Hands over what was written.
  ///
  /// @param newest the newest version, with no commit logged behind it
  /// @param epoch the number that it has from now on: its own while a transaction runs that began
  ///   on it, else the next
  /// @return the same state under that number
  synchronized Version handOver(Version newest, long epoch) {
    Handover handover = java.util.Objects.requireNonNull(written);
    Version after = file.handOver(handover, confirmed, newest, epoch);
    written = null;
    return after;
  }

  /// Runs work that copies nodes of published versions, which a handover changes.
  synchronized void apart(Runnable work) {
    work.run();
  }

  /// The handover is complete, and its version is published.
  ///
  /// @return where the log goes on from the state that is in the file; -1 if only one meta block
  ///   says so
  synchronized long end() {
    Checkpoint checkpoint = java.util.Objects.requireNonNull(running);
    running = null;
    state = State.IDLE;
    pins.unpin(checkpoint.pin);
    return confirmed ? checkpoint.walLsn : -1;
  }
}
