package dev.quarry.storage.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Walks the batches of one segment of a log, straight from its bytes: `wal/Batch.java` has the
/// picture.
final class LogWalk {
  private static final int HEADER = 512;
  private static final int ALIGNMENT = 512;
  private static final int BATCH_HEADER = 64;
  private static final int MAGIC = 0x48435442;

  /// A batch, as it lies in the file.
  ///
  /// @param end of its bytes, without what fills its last sector
  /// @param durable everything before this offset was durable when it was written
  record Batch(int start, int end, long durable) {}

  private LogWalk() {}

  static List<Batch> batches(byte[] segment) {
    ByteBuffer bytes = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
    long firstLsn = bytes.getLong(40);
    List<Batch> batches = new ArrayList<>();
    for (int at = HEADER; at + BATCH_HEADER <= segment.length && bytes.getInt(at) == MAGIC; ) {
      int end = at + BATCH_HEADER + bytes.getInt(at + 4);
      batches.add(new Batch(at, end, HEADER + bytes.getLong(at + 16) - firstLsn));
      at = end + ALIGNMENT - 1 & -ALIGNMENT;
    }
    return batches;
  }

  /// Whether damage of some bytes cannot be taken for a torn tail, since they touch a batch that
  /// one behind them declares durable.
  static boolean mustBeTold(List<Batch> batches, long from, long to) {
    for (Batch hit : batches) {
      if (hit.start < to && hit.end > from) {
        return batches.stream().anyMatch(one -> one.start >= to && one.durable >= hit.end);
      }
    }
    return false;
  }
}
