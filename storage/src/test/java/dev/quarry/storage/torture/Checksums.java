package dev.quarry.storage.torture;

import dev.quarry.storage.memory.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/// Mends all checksums of the bytes of a store, from the pages up to the meta blocks, so that
/// nothing but what the bytes mean is wrong with them.
///
/// ```text
///   page ──► entry of its node ──► entry of the node above ──► descriptor of the space
///            ──► space table ──► meta block
/// ```
///
/// It follows what the bytes say, wherever that leads within the file. What both states reach is
/// mended last for the newer one. A node that reaches itself cannot be mended.
final class Checksums {
  static final int PLACE = 4096;
  static final int META_UUID = 40;
  static final int META_SEQUENCE = 56;
  static final int SPACE_TABLE = 104;
  static final int BITMAP = 128;
  static final int DESCRIPTOR = 64;
  private static final int CRC = 4092;
  private static final int MOST_NODES = 2_000;

  private final ByteBuffer file;
  private long seed;
  private int nodes;

  private Checksums(byte[] bytes) {
    this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Mends the bytes of a store in place.
  static void mend(byte[] bytes) {
    Checksums checksums = new Checksums(bytes);
    if (bytes.length >= 2 * PLACE) {
      boolean oddIsNewer =
          checksums.file.getLong(PLACE + META_SEQUENCE) > checksums.file.getLong(META_SEQUENCE);
      checksums.meta(oddIsNewer ? 0 : PLACE);
      checksums.meta(oddIsNewer ? PLACE : 0);
    }
  }

  private void meta(int at) {
    seed = seed(new UUID(file.getLong(at + META_UUID), file.getLong(at + META_UUID + 8)));
    nodes = 0;
    long table = offset(file.getLong(at + SPACE_TABLE));
    int bytes = file.getInt(at + SPACE_TABLE + 8);
    if (fits(table, bytes)) {
      for (int id = 0; (id + 1) * DESCRIPTOR <= bytes; id++) {
        descriptor((int) table + id * DESCRIPTOR, id);
      }
      file.putInt(at + SPACE_TABLE + 12, crc((int) table, bytes));
    }
    long bitmap = offset(file.getLong(at + BITMAP));
    int bitmapBytes = file.getInt(at + BITMAP + 8);
    if (fits(bitmap, bitmapBytes)) {
      file.putInt(at + BITMAP + 12, crc((int) bitmap, bitmapBytes));
    }
    file.putInt(at + CRC, crc(at, CRC));
  }

  private void descriptor(int at, int space) {
    int shift = file.get(at);
    long place = file.getLong(at + 16);
    if (shift != 0 && place != 0) {
      Integer checksum =
          node(space, 1 << (shift & 31), file.get(at + 1), 0, place, file.getLong(at + 24));
      if (checksum != null) {
        file.putInt(at + 32, checksum);
      }
    }
  }

  /// Mends below a node, and returns its checksum; null if it does not lie in the file.
  private Integer node(int space, int pageBytes, int level, long index, long place, long birth) {
    long at = offset(place);
    int bytes = level == 0 ? pageBytes : PLACE;
    if (!fits(at, bytes)) {
      return null;
    }
    for (int i = 0; level > 0 && level < 8 && nodes < MOST_NODES && i < 256; i++) {
      int entry = (int) at + i * 16;
      long child = file.getInt(entry + 4) & 0xFFFFFFFFL | (file.get(entry + 8) & 0xFFL) << 32;
      if (child != 0) {
        nodes++;
        long born = file.getLong(entry + 8) >>> 8;
        Integer checksum = node(space, pageBytes, level - 1, index << 8 | i, child, born);
        if (checksum != null) {
          file.putInt(entry, checksum);
        }
      }
    }
    long what = Memory.mix((long) space << 8 | level) ^ index;
    int start = (int) Memory.mix(seed ^ Memory.mix(what) ^ Memory.mix(~birth));
    CRC32C crc = new CRC32C();
    for (int shift = 0; shift < 32; shift += 8) {
      crc.update(start >>> shift);
    }
    crc.update(file.array(), (int) at, bytes);
    return (int) crc.getValue();
  }

  private static long seed(UUID uuid) {
    return Memory.mix(uuid.getMostSignificantBits() ^ Memory.mix(uuid.getLeastSignificantBits()));
  }

  private int crc(int from, int bytes) {
    CRC32C crc = new CRC32C();
    crc.update(file.array(), from, bytes);
    return (int) crc.getValue();
  }

  private static long offset(long place) {
    return place < 0 || place > 1 << 24 ? -1 : place << 12;
  }

  private boolean fits(long at, int bytes) {
    return at >= 0 && bytes >= 0 && at + bytes <= file.capacity();
  }
}
