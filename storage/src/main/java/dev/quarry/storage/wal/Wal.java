package dev.quarry.storage.wal;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The log of one incarnation of a store, open for appending.
///
/// ```text
///   add …  append      take             write, force
///  records ──────► filling ──────► flushing ──────► segment
///  of one commit   whole batches   whole batches    durable up to durableLsn
/// ```
///
/// Segments begin at 256 KiB and double to 64 MiB. A batch that does not fit begins a new segment,
/// which is large enough for it; so what is filled or flushed always belongs to one segment.
///
/// A segment that a checkpoint has made superfluous is used again: its old bytes never verify,
/// since every batch says its own LSN. Where there is none, the next segment is made beside, once
/// half of the one in use is full ([#prepareNext]).
///
/// Threads: [#add], [#discard], [#fits], [#prepareNext] and [#roll] are the writer's; [#append] and
/// [#take] are called under one lock of the caller's; [#flush] by one thread at a time, between two
/// [#take]s. [#roll], [#rewind], [#checkpointed] and [#close] while nothing is filled or flushed.
public final class Wal implements AutoCloseable {
  private static final long LEAST_SEGMENT = 256 << 10;
  private static final long MOST_SEGMENT = 64 << 20;
  private static final int LEAST_DIGITS = 6; // of the number in a name
  private static final byte[] ZEROS = new byte[Batch.ALIGNMENT];

  /// A segment that is full.
  ///
  /// @param end the LSN after its last batch
  private record Older(Path path, long end, long size) {}

  private final Disk disk;
  private final Path store;
  private final UUID uuid;
  private final long incarnation;
  private final LogBuffer batch;
  private LogBuffer filling;
  private LogBuffer flushing;
  private final Deque<Older> older = new ArrayDeque<>();
  private final NextSegment next;
  private final BlockWriter blocks;
  private @Nullable Older spare;
  private @Nullable Segment segment;
  private long number;
  private int records;
  private long counted;
  private volatile long lsn;
  private volatile long durableLsn;
  private volatile long forcedLsn;
  private volatile long batchCount;
  private volatile long recordCount;
  private volatile LogVolume from;
  private LogVolume begun;
  private long fillingLsn;
  private long flushingLsn;
  private long dirtyTo;

  /// @param firstLsn the LSN of the first batch
  /// @param account what the buffers are charged to
  public Wal(Disk disk, Path store, UUID uuid, long incarnation, long firstLsn, Budget account) {
    this.disk = disk;
    this.store = store;
    this.uuid = uuid;
    this.incarnation = incarnation;
    this.lsn = firstLsn;
    this.durableLsn = firstLsn;
    this.forcedLsn = firstLsn;
    this.from = new LogVolume(0, 0, firstLsn);
    this.begun = from;
    this.fillingLsn = firstLsn;
    this.flushingLsn = firstLsn;
    this.next = new NextSegment(disk);
    this.batch = new LogBuffer(account);
    this.filling = new LogBuffer(account);
    this.flushing = new LogBuffer(account);
    this.blocks = new BlockWriter(account);
    discard();
  }

  /// The path of a segment of a store. Its number has six digits at least; a formatter would write
  /// those of the user's language, and load what it knows of languages first.
  static Path path(Path store, long number) {
    String digits = Long.toString(number);
    String zeros = "0".repeat(Math.max(0, LEAST_DIGITS - digits.length()));
    return store.resolveSibling(store.getFileName() + "-wal-" + zeros + digits);
  }

  /// The segments of a store, by number.
  static List<Path> paths(Disk disk, Path store) {
    Path folder = store.toAbsolutePath().getParent();
    return disk.list(folder == null ? store : folder, store.getFileName() + "-wal-");
  }

  /// Makes the first segment, before anything is appended.
  public void begin() {
    if (segment == null) {
      blocks.open();
      open(LEAST_SEGMENT);
    }
  }

  /// Adds a record to the batch of the commit that comes next.
  public void add(byte[] record, int offset, int length) {
    batch.ensureRoom(4 + length).putInt(length).put(record, offset, length);
    records++;
    counted += LogVolume.recordsOf(length);
  }

  /// Bytes of records in the batch so far.
  public int pendingBytes() {
    return batch.length() - Batch.HEADER;
  }

  /// Forgets the records of the batch.
  public void discard() {
    batch.clear();
    batch.ensureRoom(Batch.HEADER).position(Batch.HEADER);
    records = 0;
    counted = 0;
  }

  /// Whether the batch has room in the segment in use.
  public boolean fits() {
    Segment current = segment;
    return current != null && lsn + Batch.paddedBytes(pendingBytes()) <= current.endLsn();
  }

  /// What makes the next segment, if it is time for that; null if it is not. It must be run, on any
  /// thread; if it fails, [#roll] makes the segment.
  public @Nullable Runnable prepareNext() {
    Segment current = segment;
    if (current == null || current.offset(lsn) * 2 < current.size || next.begun()) {
      return null;
    }
    long size = sizeAfter(current);
    boolean enough = spare != null && spare.size >= size;
    return enough ? null : next.begin(path(store, number + 1), size);
  }

  /// Waits until no segment is being made.
  public void awaitNext() {
    next.await();
  }

  private static long sizeAfter(@Nullable Segment current) {
    return current == null ? LEAST_SEGMENT : Math.min(current.size * 2, MOST_SEGMENT);
  }

  /// Begins a segment that has room for the batch.
  public void roll() {
    assert flushed() : "the segment still has batches to take";
    Segment current = segment;
    long needed = Segment.bytesFor(Batch.paddedBytes(pendingBytes()));
    openLargest(Math.max(sizeAfter(current), needed), Math.max(LEAST_SEGMENT, needed));
    if (current != null) {
      older.add(new Older(current.file.path(), lsn, current.size));
      current.close();
    }
    assert fits() : "the segment has no room for the batch that it was begun for";
  }

  /// Ends the batch: it is what is flushed next, behind those before it.
  ///
  /// @return the LSN after it; the commit is durable once [#durableLsn()] has reached it
  public long append(long commitNumber) {
    int length = pendingBytes();
    int bytes = Batch.paddedBytes(length);
    ByteBuffer target = filling.ensureRoom(bytes);
    ByteBuffer content = batch.content();
    Batch.seal(content, length, lsn, forcedLsn, commitNumber, records, uuid, incarnation);
    target.put(content.rewind());
    target.put(ZEROS, 0, bytes - Batch.HEADER - length);
    lsn += bytes;
    batchCount++;
    recordCount += counted;
    discard();
    return lsn;
  }

  /// Takes all batches that were appended, to flush them.
  ///
  /// @return whether there are any
  public boolean take() {
    LogBuffer full = filling;
    filling = flushing;
    flushing = full;
    filling.clear();
    flushingLsn = fillingLsn;
    fillingLsn = lsn;
    return flushing.length() > 0;
  }

  /// Writes the batches that were taken; then they count as durable, with or without a barrier.
  public void flush(boolean barrier) {
    Segment current = segment;
    assert current != null : "no segment";
    cutTail();
    dirtyTo = flushingLsn + flushing.length();
    ByteBuffer content = flushing.content();
    long position = current.offset(flushingLsn);
    if (barrier) {
      blocks.append(current.file, content, position, current.size);
      forcedLsn = dirtyTo;
    } else {
      current.file.write(content, position);
    }
    durableLsn = dirtyTo;
  }

  /// Forgets all batches that did not become durable, also in the file: what was written of them
  /// must never be taken for a later batch. If that fails, the next [#flush] tries again first.
  public void rewind() {
    lsn = durableLsn;
    fillingLsn = durableLsn;
    filling.clear();
    flushing.clear();
    cutTail();
  }

  /// Overwrites with zeros what an unsuccessful flush may have left behind the last durable batch.
  private void cutTail() {
    Segment current = segment;
    if (current == null || dirtyTo <= durableLsn) {
      return;
    }
    current.clear(durableLsn, Math.min(dirtyTo, current.endLsn()));
    dirtyTo = durableLsn;
  }

  /// Whether all that was appended is durable.
  private boolean flushed() {
    return durableLsn == lsn;
  }

  /// The LSN of the batch that comes next.
  public long lsn() {
    return lsn;
  }

  /// The LSN after the last durable batch.
  public long durableLsn() {
    return durableLsn;
  }

  /// What a recovery would repeat. What was forgotten by [#rewind] counts on as batches and
  /// records.
  public LogVolume sinceCheckpoint() {
    return appended().minus(from);
  }

  private LogVolume appended() {
    return new LogVolume(batchCount, recordCount, lsn);
  }

  /// Makes sure that a checkpoint can say: the log goes on from [#lsn()].
  public void beginCheckpoint() {
    assert flushed() : "the log has batches that are not durable";
    cutTail();
    begun = appended();
  }

  /// The checkpoint that was begun last holds all that was logged before an LSN: older segments are
  /// superfluous. The largest of them is kept, to be written anew.
  public void checkpointed(long upTo) {
    assert begun.bytes() == upTo : begun + " for LSN " + upTo;
    from = begun;
    while (!older.isEmpty() && older.getFirst().end <= upTo) {
      Older one = older.removeFirst();
      Older worse = spare == null || one.size > spare.size ? spare : one;
      spare = worse == one ? spare : one;
      if (worse != null) {
        delete(worse.path);
      }
    }
  }

  /// A segment that cannot be deleted does no harm: its batches lie before where the log begins.
  private void delete(Path path) {
    try {
      disk.delete(path);
    } catch (StoreIoException e) {
      // It goes when the store is closed.
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
    batch.close();
    filling.close();
    flushing.close();
    next.close();
    blocks.close();
    if (segment != null) {
      segment.close();
      segment = null;
    }
  }

  /// A full disk may still have room for a small segment, or there is an old one.
  private void openLargest(long size, long least) {
    try {
      open(size);
    } catch (StoreIoException e) {
      if (e.code() != ErrorCode.STORE_DISK_FULL || size <= least) {
        throw e;
      }
      open(least);
    }
  }

  private void open(long size) {
    long after = number + 1;
    Path path = path(store, after);
    DiskFile made = next.take(size);
    Older again = spare;
    if (made != null) {
      segment = Segment.begin(disk, made, uuid, incarnation, after, lsn, made.size());
    } else if (again != null && again.size >= size) {
      spare = null;
      disk.rename(again.path, path);
      DiskFile file = disk.open(path, false, true);
      segment = Segment.begin(disk, file, uuid, incarnation, after, lsn, again.size);
    } else {
      segment = Segment.create(disk, path, uuid, incarnation, after, lsn, size);
    }
    number = after;
  }
}
