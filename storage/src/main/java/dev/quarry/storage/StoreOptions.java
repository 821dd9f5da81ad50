package dev.quarry.storage;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.NativeSource;
import java.time.Duration;

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
public record StoreOptions(
    long memoryBytes,
    boolean create,
    boolean readOnly,
    Durability durability,
    NativeSource nativeMemory,
    Duration writerTimeout,
    Disk disk,
    Clock clock) {
  public static final long LEAST_MEMORY = 8 << 20;

  public StoreOptions {
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "the memory budget must be at least " + LEAST_MEMORY + " bytes, not " + memoryBytes);
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
        Clock.system());
  }

  public StoreOptions withMemory(long bytes) {
    return new StoreOptions(
        bytes, create, readOnly, durability, nativeMemory, writerTimeout, disk, clock);
  }

  public StoreOptions withCreate(boolean newCreate) {
    return new StoreOptions(
        memoryBytes, newCreate, readOnly, durability, nativeMemory, writerTimeout, disk, clock);
  }

  public StoreOptions withReadOnly(boolean newReadOnly) {
    return new StoreOptions(
        memoryBytes, create, newReadOnly, durability, nativeMemory, writerTimeout, disk, clock);
  }

  public StoreOptions withDurability(Durability newDurability) {
    return new StoreOptions(
        memoryBytes, create, readOnly, newDurability, nativeMemory, writerTimeout, disk, clock);
  }

  public StoreOptions withNativeMemory(NativeSource source) {
    return new StoreOptions(
        memoryBytes, create, readOnly, durability, source, writerTimeout, disk, clock);
  }

  public StoreOptions withWriterTimeout(Duration timeout) {
    return new StoreOptions(
        memoryBytes, create, readOnly, durability, nativeMemory, timeout, disk, clock);
  }

  public StoreOptions withDisk(Disk newDisk) {
    return new StoreOptions(
        memoryBytes, create, readOnly, durability, nativeMemory, writerTimeout, newDisk, clock);
  }

  public StoreOptions withClock(Clock newClock) {
    return new StoreOptions(
        memoryBytes, create, readOnly, durability, nativeMemory, writerTimeout, disk, newClock);
  }
}
