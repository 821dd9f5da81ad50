package dev.quarry.storage.simulation;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.simulation.FaultPlan.Fault;
import dev.quarry.storage.simulation.FaultPlan.Operation;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;

/// An open file of a [SimDisk].
final class SimFile implements DiskFile {
  private final SimDisk disk;
  private final Path path;
  private final int file;
  private boolean closed;

  SimFile(SimDisk disk, Path path, int file) {
    this.disk = disk;
    this.path = path;
    this.file = file;
  }

  private SimContent content() {
    return disk.live.content(file);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void read(ByteBuffer target, long position) {
    begin(Operation.READ);
    if (position + target.remaining() > content().size()) {
      throw new StoreIoException(
          ErrorCode.STORE_IO, "cannot read " + path + ": it ends at " + content().size());
    }
    content().read(position, target);
  }

  @Override
  public void write(ByteBuffer source, long position) {
    Sched.point(Point.WRITE);
    Fault fault = begin(Operation.WRITE);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    boolean cut = fault == Fault.SHORT_WRITE || fault == Fault.SHORT_FULL;
    int written = cut ? bytes.length / 2 : bytes.length;
    for (int done = 0; done < written; ) {
      long at = position + done;
      int count = Math.min(SimContent.CHUNK - (int) (at % SimContent.CHUNK), written - done);
      if (!disk.fits(content().missing(at, count))) {
        throw disk.failure(ErrorCode.STORE_DISK_FULL, Operation.WRITE, path);
      }
      writeWithinChunk(at, bytes, done, count);
      done += count;
    }
    if (cut) {
      boolean full = fault == Fault.SHORT_FULL;
      ErrorCode code = full ? ErrorCode.STORE_DISK_FULL : ErrorCode.STORE_IO;
      throw disk.failure(code, Operation.WRITE, path);
    }
  }

  /// A unit for each sector whose content changes, and one if the file grows.
  private void writeWithinChunk(long at, byte[] bytes, int from, int count) {
    SimContent content = content();
    if (at + count > content.size()) {
      resize(at + count);
    } else if (disk.dropped() && at + count > disk.durableSize(file)) {
      resize(content.size()); // what is written past the size on the disk brings it along
    }
    content.allocate(at / SimContent.CHUNK);
    int sector = disk.sectorBytes();
    boolean changed = false;
    for (int done = 0; done < count; ) {
      int within = (int) ((at + done) % SimContent.CHUNK);
      int piece = Math.min(sector - within % sector, count - done);
      byte[] old = content.chunk(at / SimContent.CHUNK);
      int start = from + done;
      if (disk.dropped()
          || !Arrays.equals(old, within, within + piece, bytes, start, start + piece)) {
        content.put(at + done, bytes, start, piece);
        int first = within - within % sector;
        byte[] now = content.chunk(at / SimContent.CHUNK);
        long place = at + done - within % sector;
        disk.pend(new Unit.Sector(file, place, Arrays.copyOfRange(now, first, first + sector)));
        changed = true;
      }
      done += piece;
    }
    if (changed) {
      disk.maps.changed(file, content, at / SimContent.CHUNK);
    }
  }

  @Override
  public void force() {
    Sched.point(Point.FORCE);
    ensureOpen();
    disk.barrier(Operation.FORCE, path, file);
    Sched.point(Point.FORCED);
  }

  @Override
  public long size() {
    ensureOpen();
    return content().size();
  }

  @Override
  public void truncate(long size) {
    begin(Operation.TRUNCATE);
    if (size < content().size() && !disk.canTruncateMapped() && disk.maps.any(file)) {
      throw new StoreIoException(
          ErrorCode.STORE_IO, "cannot truncate " + path + " while it is mapped on this system");
    }
    if (size != content().size()) {
      resize(size);
    }
  }

  private void resize(long size) {
    Unit unit = new Unit.Resize(file, size);
    boolean cuts = size < content().size();
    unit.apply(disk.live);
    if (cuts) {
      disk.maps.cut(file, size);
    }
    disk.pend(unit);
  }

  @Override
  public MemorySegment map(long position, long bytes) {
    begin(Operation.MAP);
    return disk.maps.map(file, content(), position, bytes);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      disk.maps.close(file);
      disk.closed(this);
    }
  }

  private Fault begin(Operation operation) {
    ensureOpen();
    return disk.begin(operation, path);
  }

  private void ensureOpen() {
    if (closed) {
      throw new StoreIoException(ErrorCode.STORE_CLOSED, path + " is closed");
    }
  }
}
