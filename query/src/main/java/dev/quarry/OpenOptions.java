package dev.quarry;

import dev.quarry.storage.Durability;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a store is opened. Immutable; the withers return changed copies.
///
/// @param memoryBytes the budget of native memory, at least 8 MiB; default a quarter of what the
///   process may use, at least 64 MiB
/// @param create whether to make the store if it is missing; default true
/// @param readOnly whether to refuse every write; default false
/// @param syncCommits whether a commit waits until it is on the disk; default true. Without it a
///   crash of the machine may take back the last commits, though never damage the store
/// @param nativeMemory where native memory comes from; default [NativeMemory#AUTO]
/// @param writerTimeout how long a writer waits for the one before it; default 30 s
/// @param writeLease how long a write transaction may be idle, used by nobody, while others wait
///   for the writer: then it is rolled back, and its next use raises `Store.WriteLeaseExpired`;
///   default 60 s
/// @param spillFolder in which the store makes a folder for rows that the memory of a query has no
///   room for; default null: beside the file of the store, or in the temporary folder of the
///   machine for a store in memory or one that is read-only
/// @param spillBytes what such rows may take on the disk, all queries together; default 64 GiB
/// @param headroomBytes what is kept of the disk, from the first write to the close, so that
///   deleting and checkpoints go on when it is full; other commits then raise `Store.DiskFull`;
///   default 4 MiB, 0 for nothing
/// @param replayTime about how long repeating the log may take when the store is opened after a
///   crash: a checkpoint begins when it would take longer, by estimate, and commits wait for it at
///   twice that; default 1 s. Less means more checkpoints
/// @param threads the most that work on one call, the caller's among them: a large batch, a load, a
///   query or an algorithm that is not told otherwise; default 0, for as many as there are
///   processors. With 1, writing leaves the other processors to those who read
/// @param submissions how much may be submitted ([Quarry#submit]) and not complete before others
///   wait, at least 1; default 4,096
public record OpenOptions(
    long memoryBytes,
    boolean create,
    boolean readOnly,
    boolean syncCommits,
    NativeMemory nativeMemory,
    Duration writerTimeout,
    Duration writeLease,
    @Nullable Path spillFolder,
    long spillBytes,
    long headroomBytes,
    Duration replayTime,
    int threads,
    int submissions) {
  /// Where native memory comes from.
  public enum NativeMemory {
    /// chronicle-bytes' stores where the JVM was started for them, else foreign arenas.
    AUTO,
    /// Always foreign arenas.
    FOREIGN
  }

  /// The least budget, in bytes.
  public static final long LEAST_MEMORY = StoreOptions.LEAST_MEMORY;

  public OpenOptions {
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "the memory budget must be at least " + LEAST_MEMORY + " bytes, not " + memoryBytes);
    }
    if (writerTimeout.isNegative()) {
      throw new IllegalArgumentException("the writer timeout is negative: " + writerTimeout);
    }
    if (writeLease.isNegative() || writeLease.isZero()) {
      throw new IllegalArgumentException("the lease of a writer is not positive: " + writeLease);
    }
    if (spillBytes < 0) {
      throw new IllegalArgumentException("the room for spilled rows is negative: " + spillBytes);
    }
    if (headroomBytes < 0) {
      throw new IllegalArgumentException("the headroom is negative: " + headroomBytes);
    }
    if (replayTime.isNegative() || replayTime.isZero()) {
      throw new IllegalArgumentException("the time of a replay is not positive: " + replayTime);
    }
    if (threads < 0) {
      throw new IllegalArgumentException("the number of threads is negative: " + threads);
    }
    if (submissions < 1) {
      throw new IllegalArgumentException("there must be room to submit something: " + submissions);
    }
  }

  /// The defaults.
  public static OpenOptions defaults() {
    return new OpenOptions(
        Math.max(64L << 20, MachineMemory.bytes() / 4),
        true,
        false,
        true,
        NativeMemory.AUTO,
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        null,
        StoreOptions.USUAL_SPILL,
        StoreOptions.USUAL_HEADROOM,
        StoreOptions.USUAL_REPLAY,
        0,
        4096);
  }

  /// The same with another budget.
  public OpenOptions withMemory(long bytes) {
    return with(draft -> draft.memoryBytes = bytes);
  }

  /// The same, but a missing store is made or not.
  public OpenOptions withCreate(boolean create) {
    return with(draft -> draft.create = create);
  }

  /// The same, for reading only or not.
  public OpenOptions withReadOnly(boolean readOnly) {
    return with(draft -> draft.readOnly = readOnly);
  }

  /// The same, but commits wait for the disk or not.
  public OpenOptions withSyncCommits(boolean syncCommits) {
    return with(draft -> draft.syncCommits = syncCommits);
  }

  /// The same with another source of native memory.
  public OpenOptions withNativeMemory(NativeMemory nativeMemory) {
    return with(draft -> draft.nativeMemory = nativeMemory);
  }

  /// The same with another timeout.
  public OpenOptions withWriterTimeout(Duration timeout) {
    return with(draft -> draft.writerTimeout = timeout);
  }

  /// The same with another lease of write transactions.
  public OpenOptions withWriteLease(Duration lease) {
    return with(draft -> draft.writeLease = lease);
  }

  /// The same, but rows spill to a folder inside of another one.
  public OpenOptions withSpillFolder(@Nullable Path folder) {
    return with(draft -> draft.spillFolder = folder);
  }

  /// The same with another limit for spilled rows.
  public OpenOptions withSpillBytes(long bytes) {
    return with(draft -> draft.spillBytes = bytes);
  }

  /// The same with more or less of the disk kept.
  public OpenOptions withHeadroom(long bytes) {
    return with(draft -> draft.headroomBytes = bytes);
  }

  /// The same with another time for repeating the log after a crash.
  public OpenOptions withReplayTime(Duration time) {
    return with(draft -> draft.replayTime = time);
  }

  /// The same with more or fewer threads a call; 1 for the caller's alone, 0 for as many as there
  /// are processors.
  public OpenOptions withThreads(int most) {
    return with(draft -> draft.threads = most);
  }

  /// The same with more or less room for what is submitted.
  public OpenOptions withSubmissions(int most) {
    return with(draft -> draft.submissions = most);
  }

  private OpenOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options in the making.
  private static final class Draft {
    private long memoryBytes;
    private boolean create;
    private boolean readOnly;
    private boolean syncCommits;
    private NativeMemory nativeMemory;
    private Duration writerTimeout;
    private Duration writeLease;
    private @Nullable Path spillFolder;
    private long spillBytes;
    private long headroomBytes;
    private Duration replayTime;
    private int threads;
    private int submissions;

    Draft(OpenOptions options) {
      memoryBytes = options.memoryBytes;
      create = options.create;
      readOnly = options.readOnly;
      syncCommits = options.syncCommits;
      nativeMemory = options.nativeMemory;
      writerTimeout = options.writerTimeout;
      writeLease = options.writeLease;
      spillFolder = options.spillFolder;
      spillBytes = options.spillBytes;
      headroomBytes = options.headroomBytes;
      replayTime = options.replayTime;
      threads = options.threads;
      submissions = options.submissions;
    }

    OpenOptions options() {
      return new OpenOptions(
          memoryBytes,
          create,
          readOnly,
          syncCommits,
          nativeMemory,
          writerTimeout,
          writeLease,
          spillFolder,
          spillBytes,
          headroomBytes,
          replayTime,
          threads,
          submissions);
    }
  }

  StoreOptions storeOptions() {
    return StoreOptions.defaults()
        .withMemory(memoryBytes)
        .withCreate(create)
        .withReadOnly(readOnly)
        .withDurability(syncCommits ? Durability.BARRIER : Durability.OPERATING_SYSTEM)
        .withNativeMemory(
            nativeMemory == NativeMemory.AUTO ? NativeSource.AUTO : NativeSource.FOREIGN)
        .withWriterTimeout(writerTimeout)
        .withSpillFolder(spillFolder)
        .withSpillBytes(spillBytes)
        .withHeadroom(headroomBytes)
        .withReplayTime(replayTime)
        .withThreads(threads);
  }
}
