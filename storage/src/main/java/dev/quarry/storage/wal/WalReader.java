package dev.quarry.storage.wal;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.io.Disk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads a log again: batch by batch from an LSN on, up to its torn tail.
///
/// Threads: one, at open.
public final class WalReader {
  /// Is given the batches in order.
  public interface Sink {
    /// A batch begins.
    void begin(long commitNumber);

    /// A record of it; the bytes are the reader's again afterwards.
    void record(byte[] bytes, int offset, int length);

    /// The batch is complete.
    void end();
  }

  private WalReader() {}

  /// Whether any file of a log lies beside the store.
  public static boolean anySegment(Disk disk, Path store) {
    return !Wal.paths(disk, store).isEmpty();
  }

  /// A file of a log beside the store that belongs to another store; null if there is none.
  ///
  /// @param uuid of the store; null for one that is not there yet, to which no log can belong
  public static @Nullable Path foreign(Disk disk, Path store, @Nullable UUID uuid) {
    for (Path path : Wal.paths(disk, store)) {
      UUID owner = Segment.storeOf(disk, path);
      if (owner != null && !owner.equals(uuid)) {
        return path;
      }
    }
    return null;
  }

  /// Whether a log of an incarnation, or of a later one, holds a batch from an LSN on: something
  /// that the state which ends there does not know.
  public static boolean holds(Disk disk, Path store, UUID uuid, long incarnation, long lsn) {
    BatchReader batches = new BatchReader(uuid);
    for (Path path : Wal.paths(disk, store)) {
      Segment segment = Segment.open(disk, path, uuid);
      if (segment != null) {
        try (segment) {
          if (segment.incarnation >= incarnation && holds(segment, batches, lsn)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean holds(Segment segment, BatchReader batches, long from) {
    batches.open(segment);
    long lsn = Math.max(from, segment.firstLsn);
    for (; lsn < segment.endLsn(); lsn += Batch.ALIGNMENT) {
      if (batches.find(lsn)) {
        return true;
      }
    }
    return false;
  }

  /// Replays all batches from `lsn` on.
  ///
  /// @return the LSN after the last one
  /// @throws CorruptPageException if the log is missing, or damaged before its tail
  public static long replay(
      Disk disk, Path store, UUID uuid, long incarnation, long lsn, Sink sink) {
    List<Segment> segments = segments(disk, store, uuid, incarnation);
    try {
      if (segments.stream().noneMatch(s -> lsn >= s.firstLsn && lsn <= s.endLsn())) {
        Path first = Wal.path(store, 1);
        throw new CorruptPageException(
            ErrorCode.STORE_WAL_MISSING,
            "%s was not closed cleanly and needs its log from LSN %d on, but %s is %s"
                .formatted(
                    store, lsn, first, disk.exists(first) ? "not it, or damaged" : "missing"),
            "put its -wal- files beside it; `quarry repair --without-wal` makes a new store without"
                + " what only the log held");
      }
      BatchReader batches = new BatchReader(uuid);
      long at = lsn;
      for (Segment segment : segments) {
        if (at < segment.firstLsn || at > segment.endLsn()) {
          continue;
        }
        at = replay(segment, at, batches, sink);
      }
      ensureTail(segments, store, at, batches);
      return at;
    } finally {
      segments.forEach(Segment::close);
    }
  }

  private static long replay(Segment segment, long from, BatchReader batches, Sink sink) {
    batches.open(segment);
    long lsn = from;
    while (lsn < segment.endLsn() && batches.find(lsn)) {
      deliver(batches, sink);
      lsn += Batch.paddedBytes(batches.length());
    }
    return lsn;
  }

  private static void deliver(BatchReader batch, Sink sink) {
    sink.begin(batch.commit());
    ByteBuffer buffer = batch.buffer();
    int at = batch.start();
    int end = at + batch.length();
    int records = batch.records();
    for (int i = 0; i < records; i++) {
      int length = at + 4 <= end ? buffer.getInt(at) : -1;
      if (length < 0 || length > end - at - 4) {
        throw new CorruptPageException(
            ErrorCode.STORE_DAMAGED,
            "record %d of %d of commit %d in the log ends behind its batch of %d bytes"
                .formatted(i, records, batch.commit(), batch.length()),
            "restore the store from a backup, or save what is left with `quarry repair`");
      }
      sink.record(buffer.array(), at + 4, length);
      at += 4 + length;
    }
    sink.end();
  }

  /// A later batch that knew `end` to be durable shows that what lies there is damage, not a tail.
  private static void ensureTail(
      List<Segment> segments, Path store, long end, BatchReader batches) {
    for (Segment segment : segments) {
      batches.open(segment);
      long first = Math.max(end + Batch.ALIGNMENT, segment.firstLsn);
      for (long lsn = first; lsn < segment.endLsn(); lsn += Batch.ALIGNMENT) {
        if (batches.find(lsn) && batches.durableLsn() > end) {
          throw new CorruptPageException(
              ErrorCode.STORE_DAMAGED,
              "the log of %s is damaged at LSN %d: a later batch at %d says that it was durable"
                  .formatted(store, end, lsn),
              "restore the store from a backup, or save what is left with `quarry repair`");
        }
      }
    }
  }

  private static List<Segment> segments(Disk disk, Path store, UUID uuid, long incarnation) {
    List<Segment> segments = new ArrayList<>();
    try {
      for (Path path : Wal.paths(disk, store)) {
        Segment segment = Segment.open(disk, path, uuid);
        if (segment != null && segment.incarnation == incarnation) {
          segments.add(segment);
        } else if (segment != null) {
          segment.close();
        }
      }
    } catch (RuntimeException e) {
      segments.forEach(Segment::close);
      throw e;
    }
    segments.sort(Comparator.comparingLong(segment -> segment.firstLsn));
    return segments;
  }
}
