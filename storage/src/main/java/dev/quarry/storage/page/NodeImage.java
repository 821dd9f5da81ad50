package dev.quarry.storage.page;

import dev.quarry.storage.memory.Memory;

/// The durable image of a node: 256 entries of 16 bytes, one page of 4 KiB.
///
/// ```text
/// byte 0          4               9                 16
///      ┌──────────┬───────────────┬──────────────────┐
///      │ CRC32C   │ place, 40 bit │ birth, 56 bit    │   all zero: absent
///      └──────────┴───────────────┴──────────────────┘
/// ```
///
/// The place is where the child lies, in units of 4 KiB; place 0 holds a meta block, hence it means
/// absent. The checksum covers the child's bytes, and the space, index, store and birth besides:
/// with it in the parent, a page that is lost, stale, swapped or foreign is found.
public final class NodeImage {
  public static final int BYTES = 4096;
  public static final int ENTRY_BYTES = 16;
  private static final int CHECKSUM = 0;
  private static final int PLACE_LOW = 4;
  private static final int PLACE_HIGH = 8;
  private static final int BIRTH = 9;
  private static final long BIRTH_MASK = (1L << 56) - 1;

  private NodeImage() {}

  public static int checksum(long image, int i) {
    return Memory.getInt(image + i * ENTRY_BYTES + CHECKSUM);
  }

  public static long place(long image, int i) {
    long at = image + i * ENTRY_BYTES;
    return (Memory.getInt(at + PLACE_LOW) & 0xFFFFFFFFL)
        | (Memory.getByte(at + PLACE_HIGH) & 0xFFL) << 32;
  }

  public static long birth(long image, int i) {
    return Memory.getLong(image + i * ENTRY_BYTES + BIRTH - 1) >>> 8;
  }

  public static void put(long image, int i, int checksum, long place, long birth) {
    assert place >>> 40 == 0 : place;
    assert birth == (birth & BIRTH_MASK) : birth;
    long at = image + i * ENTRY_BYTES;
    Memory.putInt(at + CHECKSUM, checksum);
    Memory.putInt(at + PLACE_LOW, (int) place);
    Memory.putLong(at + PLACE_HIGH, birth << 8 | place >>> 32);
  }

  public static void clear(long image, int i) {
    Memory.fill(image + i * ENTRY_BYTES, ENTRY_BYTES, (byte) 0);
  }
}
