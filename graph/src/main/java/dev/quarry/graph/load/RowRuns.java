package dev.quarry.graph.load;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rows of properties in runs of a temporary file, each in the order of the records of a run of a
/// [RunFile].
///
/// Records are merged in order of their keys, and those of one run keep their order: so rows of a
/// run are needed one after the other, and a record needs to say no more than which run its row is
/// the next of. Rows are written as [RowMemory] has them. Used by one thread.
final class RowRuns implements AutoCloseable {
  private static final int MOST_BUFFER = 1 << 16;
  private static final int LEAST_BUFFER = 1 << 12;

  private final Disk disk;
  private final Path path;
  private final Scratch scratch;
  private final long bufferBytes;
  private final List<Run> runs = new ArrayList<>();
  private @Nullable DiskFile file;
  private long size;

  // What was appended and is not in the file yet.
  private long buffer;
  private int capacity;
  private int buffered;

  private final byte[] length = new byte[4];
  private byte[] row = new byte[64];

  /// @param bufferBytes for all buffers, of which each run needs one of 4 KiB at least
  RowRuns(NativeMemory memory, Budget account, long bufferBytes, Disk disk, Path path) {
    this.bufferBytes = bufferBytes;
    this.disk = disk;
    this.path = path;
    this.scratch = memory.scratch(account);
  }

  /// Begins a run; returns its number.
  int begin() {
    if (file == null) {
      disk.createDirectories(Objects.requireNonNull(path.getParent()));
      file = disk.open(path, true, true);
    }
    capacity = bufferFor(1);
    buffer = scratch.allocate(capacity);
    return runs.size();
  }

  private int bufferFor(int buffers) {
    return Math.clamp(bufferBytes / buffers, LEAST_BUFFER, MOST_BUFFER);
  }

  /// Appends a row of a [RowMemory] to the run.
  void append(long address) {
    int count = 4 + Memory.getInt(address);
    if (count > capacity - buffered) {
      flush();
    }
    if (count > capacity) {
      write(address, count);
    } else {
      Memory.copy(address, buffer + buffered, count);
      buffered += count;
    }
  }

  private void flush() {
    write(buffer, buffered);
    buffered = 0;
  }

  private void write(long from, int count) {
    file().write(Memory.view(from, count), size);
    size += count;
  }

  /// Ends the run.
  void end() {
    flush();
    scratch.close();
    runs.add(new Run(runs.isEmpty() ? 0 : runs.getLast().end, size));
  }

  private DiskFile file() {
    return Objects.requireNonNull(file);
  }

  /// Prepares to read all runs.
  void beginReading() {
    for (Run run : runs) {
      run.buffer = scratch.allocate(bufferFor(runs.size()));
    }
    capacity = bufferFor(runs.size());
  }

  /// Hands the next row of a run on; returns the edge slot that it gets.
  long take(int run, long ends, RowTarget target) {
    Run from = runs.get(run);
    from.read(length, 4);
    int count = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (row.length < count) {
      row = new byte[Math.max(count, 2 * row.length)];
    }
    from.read(row, count);
    return target.add(ends, row, count);
  }

  /// A run that is read from its beginning to its end.
  private final class Run {
    private final long end;
    private long next; // of the bytes in the file that are not in the buffer yet
    private long buffer;
    private int from;
    private int to;

    Run(long start, long end) {
      this.next = start;
      this.end = end;
    }

    void read(byte[] target, int count) {
      for (int done = 0; done < count; ) {
        if (from == to) {
          fill();
        }
        int piece = Math.min(count - done, to - from);
        Memory.getBytes(buffer + from, target, done, piece);
        from += piece;
        done += piece;
      }
    }

    private void fill() {
      from = 0;
      to = (int) Math.min(capacity, end - next);
      assert to > 0 : "more records than rows";
      file().read(Memory.view(buffer, to), next);
      next += to;
    }
  }

  @Override
  public void close() {
    scratch.close();
    runs.clear();
    if (file != null) {
      file.close();
      file = null;
      disk.delete(path);
    }
  }
}
