package dev.quarry.storage.wal;

import dev.quarry.storage.io.Disk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The log of one incarnation of a store, open for appending.
///
/// Segments begin at 256 KiB and double to 64 MiB. A batch that does not fit begins a new segment,
/// which is large enough for it. Threads: the writer's lock.
public final class Wal implements AutoCloseable {
  private static final long LEAST_SEGMENT = 256 << 10;
  private static final long MOST_SEGMENT = 64 << 20;

  private final Disk disk;
  private final Path store;
  private final UUID uuid;
  private final long incarnation;
  private @Nullable Segment segment;
  private long number;
  private long lsn;
  private long from;
  private long pendingLsn;
  private ByteBuffer batch = newBatch(4096);
  private int records;

  /// @param firstLsn the LSN of the first batch
  public Wal(Disk disk, Path store, UUID uuid, long incarnation, long firstLsn) {
    this.disk = disk;
    this.store = store;
    this.uuid = uuid;
    this.incarnation = incarnation;
    this.lsn = firstLsn;
    this.from = firstLsn;
    batch.position(Batch.HEADER);
  }

  /// The path of a segment of a store.
  static Path path(Path store, long number) {
    return store.resolveSibling("%s-wal-%06d".formatted(store.getFileName(), number));
  }

  /// The segments of a store, by number.
  static List<Path> paths(Disk disk, Path store) {
    Path folder = store.toAbsolutePath().getParent();
    return disk.list(folder == null ? store : folder, store.getFileName() + "-wal-");
  }

  /// Makes the first segment, before anything is appended.
  public void begin() {
    if (segment == null) {
      open(LEAST_SEGMENT);
    }
  }

  /// Adds a record to the batch of the commit that comes next.
  public void add(byte[] record, int offset, int length) {
    int needed = batch.position() + 4 + length;
    if (needed > batch.capacity()) {
      ByteBuffer larger = newBatch(Math.max(needed, batch.capacity() * 2));
      larger.put(batch.flip());
      batch = larger;
    }
    batch.putInt(length).put(record, offset, length);
    records++;
  }

  /// Bytes of records in the batch so far.
  public int pendingBytes() {
    return batch.position() - Batch.HEADER;
  }

  /// Forgets the records of the batch.
  public void discard() {
    if (batch.capacity() > 1 << 20) {
      batch = newBatch(4096);
    }
    batch.clear().position(Batch.HEADER);
    records = 0;
  }

  /// Writes the batch, without a barrier. If it fails, the same LSN is written again next time.
  public void write(long commitNumber) {
    int length = pendingBytes();
    int bytes = Batch.paddedBytes(length);
    Segment current = roomFor(bytes);
    Batch.seal(batch, length, lsn, lsn, commitNumber, records, uuid, incarnation);
    current.file.write(
        batch.duplicate().position(0).limit(Batch.HEADER + length), current.offset(lsn));
    pendingLsn = lsn + bytes;
  }

  /// The barrier: what was written is durable.
  public void force() {
    Segment current = segment;
    assert current != null : "nothing was written";
    current.file.force();
    written();
  }

  /// The batch counts as done without a barrier.
  public void written() {
    lsn = pendingLsn;
    discard();
  }

  /// The LSN of the batch that comes next.
  public long lsn() {
    return lsn;
  }

  /// Bytes since the last checkpoint.
  public long bytesSinceCheckpoint() {
    return lsn - from;
  }

  /// Bytes of the segment in use.
  public long segmentBytes() {
    return segment == null ? 0 : segment.size;
  }

  /// A checkpoint holds all that was logged: older segments are superfluous.
  public void checkpointed() {
    from = lsn;
    for (Path path : paths(disk, store)) {
      if (segment == null || !path.getFileName().equals(segment.file.path().getFileName())) {
        disk.delete(path);
      }
    }
  }

  /// Deletes all segments, after a clean close.
  public void delete() {
    close();
    deleteAll(disk, store);
  }

  /// Deletes all segments of a store.
  public static void deleteAll(Disk disk, Path store) {
    List<Path> paths = paths(disk, store);
    paths.forEach(disk::delete);
    Path folder = store.toAbsolutePath().getParent();
    if (!paths.isEmpty() && folder != null) {
      disk.forceDirectory(folder);
    }
  }

  @Override
  public void close() {
    if (segment != null) {
      segment.close();
      segment = null;
    }
  }

  private Segment roomFor(int bytes) {
    Segment current = segment;
    if (current == null || lsn + bytes > current.endLsn()) {
      long doubled = current == null ? LEAST_SEGMENT : Math.min(current.size * 2, MOST_SEGMENT);
      close();
      current = open(Math.max(doubled, bytes + (long) Segment.HEADER));
    }
    return current;
  }

  private Segment open(long size) {
    number++;
    segment = Segment.create(disk, path(store, number), uuid, incarnation, number, lsn, size);
    return segment;
  }

  private static ByteBuffer newBatch(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }
}
