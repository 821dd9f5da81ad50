package dev.quarry.storage.wal;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/// One batch of the log: a header of 64 bytes, then records, padded to whole sectors of 512 bytes.
///
/// ```text
/// byte 0       4        8        16            24              32         36      40        64
///      ┌───────┬────────┬────────┬─────────────┬───────────────┬──────────┬───────┬─────────┐
///      │ magic │ length │ LSN    │ durable LSN │ commit number │ records  │ CRC   │ zeros   │
///      ├───────┴────────┴────────┴─────────────┴───────────────┴──────────┴───────┴─────────┤
///      │ record: length (4 bytes), bytes │ record │ …                                       │
///      └────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// The CRC covers header and records, and the store, incarnation and LSN besides, so that no older
/// or foreign byte ever verifies. *durable LSN* is what was known durable when the batch was
/// written: a bad batch before it is damage, not a torn tail.
final class Batch {
  static final int HEADER = 64;
  static final int ALIGNMENT = 512;
  private static final int MAGIC = 0x48435442; // "BTCH"
  private static final int LENGTH = 4;
  private static final int LSN = 8;
  private static final int DURABLE = 16;
  private static final int COMMIT = 24;
  private static final int RECORDS = 32;
  private static final int CRC = 36;

  private Batch() {}

  /// Completes a batch whose records already lie behind the room for its header.
  ///
  /// @param batch from its header to its last record; its position moves to its end
  static void seal(
      ByteBuffer batch,
      int length,
      long lsn,
      long durableLsn,
      long commit,
      int records,
      UUID store,
      long incarnation) {
    batch.putInt(0, MAGIC).putInt(LENGTH, length).putLong(LSN, lsn);
    batch.putLong(DURABLE, durableLsn).putLong(COMMIT, commit).putInt(RECORDS, records);
    batch.putInt(CRC, 0);
    for (int i = CRC + 4; i < HEADER; i++) {
      batch.put(i, (byte) 0);
    }
    batch.position(0).limit(HEADER + length);
    batch.putInt(CRC, crc(batch, lsn, store, incarnation));
  }

  /// Whether a batch of this LSN seems to begin at an offset, where there is room for its header.
  static boolean begins(ByteBuffer in, int at, long lsn) {
    return in.getInt(at) == MAGIC && in.getLong(at + LSN) == lsn;
  }

  /// Whether a batch that [#begins] at an offset, and lies in the buffer up to its end, is whole
  /// and of this store. The buffer is the caller's alone, and of a heap array; it is as it was on
  /// return.
  static boolean verifies(ByteBuffer in, int at, long lsn, UUID store, long incarnation) {
    int stored = in.getInt(at + CRC);
    in.putInt(at + CRC, 0);
    in.limit(at + HEADER + length(in, at)).position(at);
    int computed = crc(in, lsn, store, incarnation);
    in.clear().putInt(at + CRC, stored);
    return computed == stored;
  }

  /// Bytes of its records; anything at all if it does not verify.
  static int length(ByteBuffer in, int at) {
    return in.getInt(at + LENGTH);
  }

  static int paddedBytes(int length) {
    return (HEADER + length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static long durableLsn(ByteBuffer in, int at) {
    return in.getLong(at + DURABLE);
  }

  static long commit(ByteBuffer in, int at) {
    return in.getLong(at + COMMIT);
  }

  static int records(ByteBuffer in, int at) {
    return in.getInt(at + RECORDS);
  }

  /// Of what lies between the position and the limit, whose own CRC is zero; moves the position.
  private static int crc(ByteBuffer batch, long lsn, UUID store, long incarnation) {
    ByteBuffer seed = ByteBuffer.allocate(32);
    seed.putLong(store.getMostSignificantBits()).putLong(store.getLeastSignificantBits());
    seed.putLong(incarnation).putLong(lsn);
    CRC32C crc = new CRC32C();
    crc.update(seed.flip());
    crc.update(batch);
    return (int) crc.getValue();
  }
}
