package dev.quarry.graph.transaction;

import java.util.ArrayList;
import java.util.List;

/// The records of the parts of a transaction, see [GraphTransaction#beginParts()]: of those that
/// have ended, and of the one that goes on. If that fails, the transaction is taken back, and the
/// others are repeated from these.
///
/// They lie on the heap, so there are not many: once they are more than 64 KiB, none are kept of
/// the part that goes on, and it is the last one. Used by the writer's thread.
final class PartRecords {
  private static final int MOST_BYTES = 64 << 10;

  private final List<byte[]> records = new ArrayList<>();
  private int ended;
  private long bytes;
  private boolean complete = true; // what ended

  /// Adds a record of the part that goes on.
  void add(byte[] record) {
    bytes += record.length;
    if (!isFull()) {
      records.add(record);
    }
  }

  /// Whether no part may follow the one that goes on.
  boolean isFull() {
    return bytes > MOST_BYTES;
  }

  /// The part that goes on has ended.
  void endPart() {
    ended = records.size();
    complete = !isFull();
  }

  /// The records of the parts that have ended.
  List<byte[]> ofEnded() {
    assert complete : "some were not kept";
    return records.subList(0, ended);
  }
}
