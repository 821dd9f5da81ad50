package dev.quarry.storage.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads the batches of the segments of a log, piece by piece.
///
/// ```text
/// segment   │ header │ batch │ batch │ batch        │ batch │ …
/// buffer                     └─ piece, or one batch that is longer ─┘
/// ```
///
/// What it takes does not grow with the log, and nothing is read twice where LSNs ascend. Used by
/// one thread.
final class BatchReader {
  /// Read again while it is in the cache of a processor.
  private static final int PIECE = 1 << 17;

  private final UUID store;
  private ByteBuffer bytes = allocate(PIECE);
  private @Nullable Segment segment;
  private long from; // the LSN of the first byte in the buffer
  private int held; // bytes that were read
  private int at; // where the batch begins that was found

  BatchReader(UUID store) {
    this.store = store;
  }

  private static ByteBuffer allocate(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Goes on with another segment.
  void open(Segment next) {
    segment = next;
    held = 0;
  }

  /// Looks for a whole batch of an LSN in the segment.
  boolean find(long lsn) {
    Segment current = segment;
    if (current == null || !hold(current, lsn, Batch.HEADER)) {
      return false;
    }
    if (!Batch.begins(bytes, (int) (lsn - from), lsn)) {
      return false;
    }
    long length = Batch.length(bytes, (int) (lsn - from));
    if (length < 0 || !hold(current, lsn, Batch.HEADER + length)) {
      return false;
    }
    at = (int) (lsn - from);
    return Batch.verifies(bytes, at, lsn, store, current.incarnation);
  }

  /// Has bytes from an LSN on in the buffer; false if the segment ends before.
  private boolean hold(Segment current, long lsn, long count) {
    if (lsn >= from && lsn + count <= from + held) {
      return true;
    }
    long left = current.endLsn() - lsn;
    if (count > left) {
      return false;
    }
    if (count > bytes.capacity()) {
      bytes = allocate((int) count);
    }
    held = 0;
    int some = (int) Math.min(bytes.capacity(), left);
    current.read(bytes.limit(some), lsn);
    bytes.clear();
    from = lsn;
    held = some;
    return true;
  }

  /// The number of the commit of the batch that was found.
  long commit() {
    return Batch.commit(bytes, at);
  }

  /// What was known durable when it was written.
  long durableLsn() {
    return Batch.durableLsn(bytes, at);
  }

  /// How many records it has, as it says.
  int records() {
    return Batch.records(bytes, at);
  }

  /// Bytes of its records.
  int length() {
    return Batch.length(bytes, at);
  }

  /// The buffer, in which its records begin at [#start]; theirs until another batch is looked for.
  ByteBuffer buffer() {
    return bytes;
  }

  int start() {
    return at + Batch.HEADER;
  }
}
