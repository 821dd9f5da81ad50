package dev.quarry.storage;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
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
/// @param headroomBytes space on the disk that is kept while the store is open for writing, so that
///   deleting and checkpoints go on when the disk is full; 0 for none
/// @param replayTime a checkpoint is due when repeating the log would take longer, by estimate
/// @param threads the most that work on one call, the caller's among them; 0 for as many as there
///   are processors
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
    long spillBytes,
    long headroomBytes,
    Duration replayTime,
    int threads) {
  public static final long LEAST_MEMORY = 8 << 20;

  /// What spill files may hold where nobody says otherwise: 64 GiB.
  public static final long USUAL_SPILL = 64L << 30;

  /// What is kept of the disk where nobody says otherwise: 4 MiB.
  public static final long USUAL_HEADROOM = 4L << 20;

  /// How long repeating the log may take where nobody says otherwise: 1 s.
  public static final Duration USUAL_REPLAY = Duration.ofSeconds(1);

  public StoreOptions {
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "the memory budget must be at least " + LEAST_MEMORY + " bytes, not " + memoryBytes);
    }
    if (spillBytes < 0) {
      throw new IllegalArgumentException("the room for spill files is negative: " + spillBytes);
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
        USUAL_SPILL,
        USUAL_HEADROOM,
        USUAL_REPLAY,
        0);
  }

  public StoreOptions withMemory(long bytes) {
    return with(draft -> draft.memoryBytes = bytes);
  }

  public StoreOptions withCreate(boolean create) {
    return with(draft -> draft.create = create);
  }

  public StoreOptions withReadOnly(boolean readOnly) {
    return with(draft -> draft.readOnly = readOnly);
  }

  public StoreOptions withDurability(Durability durability) {
    return with(draft -> draft.durability = durability);
  }

  public StoreOptions withNativeMemory(NativeSource source) {
    return with(draft -> draft.nativeMemory = source);
  }

  public StoreOptions withWriterTimeout(Duration timeout) {
    return with(draft -> draft.writerTimeout = timeout);
  }

  public StoreOptions withDisk(Disk disk) {
    return with(draft -> draft.disk = disk);
  }

  public StoreOptions withClock(Clock clock) {
    return with(draft -> draft.clock = clock);
  }

  public StoreOptions withSpillFolder(@Nullable Path folder) {
    return with(draft -> draft.spillFolder = folder);
  }

  public StoreOptions withSpillBytes(long bytes) {
    return with(draft -> draft.spillBytes = bytes);
  }

  public StoreOptions withHeadroom(long bytes) {
    return with(draft -> draft.headroomBytes = bytes);
  }

  public StoreOptions withReplayTime(Duration time) {
    return with(draft -> draft.replayTime = time);
  }

  public StoreOptions withThreads(int most) {
    return with(draft -> draft.threads = most);
  }

  /// The most threads that work on one call, at least 1.
  public int mostThreads() {
    return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
  }

  private StoreOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// Options in the making.
  private static final class Draft {
    private long memoryBytes;
    private boolean create;
    private boolean readOnly;
    private Durability durability;
    private NativeSource nativeMemory;
    private Duration writerTimeout;
    private Disk disk;
    private Clock clock;
    private @Nullable Path spillFolder;
    private long spillBytes;
    private long headroomBytes;
    private Duration replayTime;
    private int threads;

    Draft(StoreOptions options) {
      memoryBytes = options.memoryBytes;
      create = options.create;
      readOnly = options.readOnly;
      durability = options.durability;
      nativeMemory = options.nativeMemory;
      writerTimeout = options.writerTimeout;
      disk = options.disk;
      clock = options.clock;
      spillFolder = options.spillFolder;
      spillBytes = options.spillBytes;
      headroomBytes = options.headroomBytes;
      replayTime = options.replayTime;
      threads = options.threads;
    }

    StoreOptions options() {
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
          spillBytes,
          headroomBytes,
          replayTime,
          threads);
    }
  }
}
