package dev.quarry.storage;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a store is opened. Immutable; the withers return changed copies.
///
/// @param memoryBytes the budget of native memory; at least 8 MiB
/// @param create whether to make the store if it is missing
/// @param readOnly whether to refuse every write
/// @param durability when a commit counts as done
/// @param nativeMemory where native memory comes from
/// @param writerTimeout how long a writer waits for the one before it
/// @param disk all files
/// @param clock all time
/// @param spillFolder in which a folder for spill files is made; null for one beside the store's
///   file, or in the temporary folder of the machine for a store without one or that is read-only
/// @param spillBytes the most that all spill files may hold at once
public record StoreOptions(
    long memoryBytes,
    boolean create,
    boolean readOnly,
    Durability durability,
    NativeSource nativeMemory,
    Duration writerTimeout,
    Disk disk,
    Clock clock,
    @Nullable Path spillFolder,
    long spillBytes) {
  public static final long LEAST_MEMORY = 8 << 20;

  /// What spill files may hold where nobody says otherwise: 64 GiB.
  public static final long USUAL_SPILL = 64L << 30;

  public StoreOptions {
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "the memory budget must be at least " + LEAST_MEMORY + " bytes, not " + memoryBytes);
    }
    if (spillBytes < 0) {
      throw new IllegalArgumentException("the room for spill files is negative: " + spillBytes);
    }
  }

  /// A store of 256 MiB that is made if it is missing, with a barrier per commit.
  public static StoreOptions defaults() {
    return new StoreOptions(
        256L << 20,
        true,
        false,
        Durability.BARRIER,
        NativeSource.AUTO,
        Duration.ofSeconds(30),
        Disk.real(),
        Clock.system(),
        null,
        USUAL_SPILL);
  }

  public StoreOptions withMemory(long bytes) {
    return new StoreOptions(
        bytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withCreate(boolean newCreate) {
    return new StoreOptions(
        memoryBytes,
        newCreate,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withReadOnly(boolean newReadOnly) {
    return new StoreOptions(
        memoryBytes,
        create,
        newReadOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withDurability(Durability newDurability) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        newDurability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withNativeMemory(NativeSource source) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        source,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withWriterTimeout(Duration timeout) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        timeout,
        disk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withDisk(Disk newDisk) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        newDisk,
        clock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withClock(Clock newClock) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        newClock,
        spillFolder,
        spillBytes);
  }

  public StoreOptions withSpillFolder(@Nullable Path newSpillFolder) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        newSpillFolder,
        spillBytes);
  }

  public StoreOptions withSpillBytes(long bytes) {
    return new StoreOptions(
        memoryBytes,
        create,
        readOnly,
        durability,
        nativeMemory,
        writerTimeout,
        disk,
        clock,
        spillFolder,
        bytes);
  }
}
