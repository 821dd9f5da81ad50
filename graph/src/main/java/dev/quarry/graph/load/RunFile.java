package dev.quarry.graph.load;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sorted runs of records, one behind the other in a temporary file, which is made with the first
/// and deleted when this is closed.
///
/// Of each run every so many records' key is kept in native memory, a *sample*: so two of them say
/// where in the run a key lies, but for one block. Used by one thread; [#read] by many.
final class RunFile implements Sorted, AutoCloseable {
  private static final int LEAST_STEP = 64;
  private static final int MOST_STEP = 1024;
  private static final long SAMPLES = 1024;

  private final NativeMemory memory;
  private final Budget account;
  private final Disk disk;
  private final Path path;
  private final int recordBytes;
  private final Scratch scratch;
  private final List<Run> runs = new ArrayList<>();
  private @Nullable DiskFile file;
  private long size;
  private long written; // records of the last run

  /// A run.
  ///
  /// @param start of its bytes in the file
  /// @param step sample `i` is the key of record `i * step`
  record Run(long start, long count, int step, long samples) {
    long sample(long index) {
      return Memory.getLong(samples + index * 8);
    }

    long sampleCount() {
      return (count + step - 1) / step;
    }
  }

  RunFile(NativeMemory memory, Budget account, Disk disk, Path path, int recordBytes) {
    this.memory = memory;
    this.account = account;
    this.disk = disk;
    this.path = path;
    this.recordBytes = recordBytes;
    this.scratch = memory.scratch(account);
  }

  int recordBytes() {
    return recordBytes;
  }

  List<Run> runs() {
    return runs;
  }

  /// Begins a run of so many records, which [#accept] is to be called with.
  void begin(long count) {
    if (file == null) {
      disk.createDirectories(java.util.Objects.requireNonNull(path.getParent()));
      file = disk.open(path, true, true);
    }
    int step = Math.clamp(Long.highestOneBit(count / SAMPLES), LEAST_STEP, MOST_STEP);
    long samples = scratch.allocate(8 * ((count + step - 1) / step));
    runs.add(new Run(size, count, step, samples));
    written = 0;
  }

  @Override
  public void accept(long records, long count) {
    Run run = runs.getLast();
    long step = run.step();
    for (long i = -written & step - 1; i < count; i += step) {
      Memory.putLong(
          run.samples() + (written + i) / step * 8, Memory.getLong(records + i * recordBytes));
    }
    int bytes = Math.toIntExact(count * recordBytes);
    file().write(Memory.view(records, bytes), size);
    size += bytes;
    written += count;
    assert written <= run.count() : written + " of " + run.count();
  }

  /// Reads records of a run.
  void read(Run run, long from, long to, long target) {
    int bytes = Math.toIntExact((to - from) * recordBytes);
    file().read(Memory.view(target, bytes), run.start() + from * recordBytes);
  }

  /// The first record in a part of a run whose key is at least, or more than, a given one; `to` if
  /// there is none. The part must be no longer than a block.
  long find(Run run, long from, long to, long key, boolean more) {
    try (Scratch block = memory.scratch(account)) {
      long records = block.allocate((to - from) * recordBytes);
      read(run, from, to, records);
      long low = from;
      long high = to;
      while (low < high) {
        long middle = (low + high) >>> 1;
        long here = Memory.getLong(records + (middle - from) * recordBytes);
        int order = Long.compareUnsigned(here, key);
        if (order < 0 || more && order == 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  private DiskFile file() {
    return java.util.Objects.requireNonNull(file);
  }

  @Override
  public void close() {
    scratch.close();
    if (file != null) {
      file.close();
      file = null;
      disk.delete(path);
    }
  }
}
