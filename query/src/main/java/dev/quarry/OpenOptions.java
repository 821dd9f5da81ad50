package dev.quarry;

import dev.quarry.storage.Durability;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.time.Duration;
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
public record OpenOptions(
    long memoryBytes,
    boolean create,
    boolean readOnly,
    boolean syncCommits,
    NativeMemory nativeMemory,
    Duration writerTimeout,
    Duration writeLease,
    @Nullable Path spillFolder,
    long spillBytes) {
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
        StoreOptions.USUAL_SPILL);
  }

  /// The same with another budget.
  public OpenOptions withMemory(long bytes) {
    return new OpenOptions(
        bytes,
        create,
        readOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same, but a missing store is made or not.
  public OpenOptions withCreate(boolean newCreate) {
    return new OpenOptions(
        memoryBytes,
        newCreate,
        readOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same, for reading only or not.
  public OpenOptions withReadOnly(boolean newReadOnly) {
    return new OpenOptions(
        memoryBytes,
        create,
        newReadOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same, but commits wait for the disk or not.
  public OpenOptions withSyncCommits(boolean newSyncCommits) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        newSyncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same with another source of native memory.
  public OpenOptions withNativeMemory(NativeMemory newNativeMemory) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        syncCommits,
        newNativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same with another timeout.
  public OpenOptions withWriterTimeout(Duration newWriterTimeout) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        syncCommits,
        nativeMemory,
        newWriterTimeout,
        writeLease,
        spillFolder,
        spillBytes);
  }

  /// The same with another lease of write transactions.
  public OpenOptions withWriteLease(Duration newWriteLease) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        newWriteLease,
        spillFolder,
        spillBytes);
  }

  /// The same, but rows spill to a folder inside of another one.
  public OpenOptions withSpillFolder(@Nullable Path newSpillFolder) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        newSpillFolder,
        spillBytes);
  }

  /// The same with another limit for spilled rows.
  public OpenOptions withSpillBytes(long bytes) {
    return new OpenOptions(
        memoryBytes,
        create,
        readOnly,
        syncCommits,
        nativeMemory,
        writerTimeout,
        writeLease,
        spillFolder,
        bytes);
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
        .withSpillBytes(spillBytes);
  }
}
