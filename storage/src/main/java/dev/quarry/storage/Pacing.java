package dev.quarry.storage;

import dev.quarry.storage.page.Frames;
import dev.quarry.storage.wal.LogVolume;

/// When a checkpoint is due, and when writers wait for the one that is being written.
///
/// ```text
///                                    due above      writers wait above
///  dirty pages                       memory / 4     memory / 2
///  time that the log would take      replayTime     2 · replayTime
///  bytes of the log                  64 MiB         -
/// ```
///
/// A checkpoint is written as fast as the disk takes it; its pace is that of when it begins.
/// Between the two bounds writers go on beside it.
///
/// Threads: any.
final class Pacing {
  private static final long MOST_LOG = 64 << 20;

  private final long memoryBytes;
  private final long mostReplayNanos;
  private final Frames frames;
  private final StoreLog log;
  private final ReplayTime replayTime = new ReplayTime();

  Pacing(StoreOptions options, Frames frames, StoreLog log) {
    this.memoryBytes = options.memoryBytes();
    this.mostReplayNanos = options.replayTime().toNanos();
    this.frames = frames;
    this.log = log;
  }

  /// Whether a checkpoint should begin.
  boolean due() {
    LogVolume volume = log.sinceCheckpoint();
    return volume.batches() > 0
        && (muchIsDirty()
            || volume.bytes() > MOST_LOG
            || replayTime.nanosOf(volume) > mostReplayNanos);
  }

  /// Whether writers should wait for a checkpoint, if one is being written.
  boolean tooMuch() {
    return dirtyBytes() > memoryBytes / 2 || replayNanos() / 2 > mostReplayNanos;
  }

  /// Whether so much is dirty that a checkpoint should make room.
  boolean muchIsDirty() {
    return dirtyBytes() > memoryBytes / 4;
  }

  private long dirtyBytes() {
    return frames.usedBytes() - frames.retiredBytes();
  }

  /// How long a recovery would take now, by estimate.
  long replayNanos() {
    return replayTime.nanosOf(log.sinceCheckpoint());
  }

  /// A recovery repeated some of the log, and took so long.
  void recovered(LogVolume volume, long nanos) {
    replayTime.measured(volume, nanos);
  }
}
