package dev.quarry.graph.load;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Sorted runs of records in temporary files, one file per run; deleted when this is closed.
final class RunFiles implements AutoCloseable {
  private static final int BUFFER = 1 << 18;

  private final Disk disk;
  private final Path folder;
  private final String prefix;
  private final int recordBytes;
  private final List<DiskFile> runs = new ArrayList<>();

  RunFiles(Disk disk, Path folder, String prefix, int recordBytes) {
    this.disk = disk;
    this.folder = folder;
    this.prefix = prefix;
    this.recordBytes = recordBytes;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /// Writes a run.
  void write(long records, long count) {
    disk.createDirectories(folder);
    Path path = folder.resolve(prefix + "-" + runs.size());
    DiskFile file = disk.open(path, true, true);
    runs.add(file);
    long bytes = count * recordBytes;
    byte[] copy = new byte[BUFFER];
    for (long done = 0; done < bytes; done += BUFFER) {
      int piece = (int) Math.min(BUFFER, bytes - done);
      Memory.getBytes(records + done, copy, 0, piece);
      file.write(ByteBuffer.wrap(copy, 0, piece), done);
    }
  }

  /// Readers of all runs, in the order in which they were written.
  List<Reader> readers() {
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      readers.add(new Reader(runs.get(i), i));
    }
    return readers;
  }

  /// Reads one run from its beginning.
  final class Reader {
    private final DiskFile file;
    private final int number;
    private final ByteBuffer buffer =
        ByteBuffer.allocate(BUFFER).order(ByteOrder.nativeOrder()).limit(0);
    private long position;
    private long key;
    private long payload;

    Reader(DiskFile file, int number) {
      this.file = file;
      this.number = number;
    }

    /// Goes to the next record; false at the end.
    boolean next() {
      if (!buffer.hasRemaining()) {
        int piece = (int) Math.min(BUFFER, file.size() - position);
        if (piece == 0) {
          return false;
        }
        buffer.clear().limit(piece);
        file.read(buffer, position);
        buffer.flip();
        position += piece;
      }
      key = buffer.getLong();
      payload = recordBytes == 16 ? buffer.getLong() : -1;
      return true;
    }

    long key() {
      return key;
    }

    long payload() {
      return payload;
    }

    int number() {
      return number;
    }
  }

  @Override
  public void close() {
    for (DiskFile run : runs) {
      run.close();
      disk.delete(run.path());
    }
    runs.clear();
  }
}
