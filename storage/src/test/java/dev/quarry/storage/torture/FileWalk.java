package dev.quarry.storage.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Walks the file of a store that was closed, straight from its bytes, by what `docs/format.md`
/// says and with no code of the store:
///
/// 1. A meta block is whole and clean; if both must be, they hold the same state.
/// 2. The two system tables have the checksums that the newest meta block says.
/// 3. Every node and page has the checksum that its parent holds, over space, level, index, store
///    and birth besides the bytes.
/// 4. Each place is reached once, and the bitmap of used places says just that.
public final class FileWalk {
  private static final int PLACE = 4096;
  private static final long MAGIC = 0x0A1A595252415551L;
  private static final int STATE = 64; // what two meta blocks of one state share begins here
  private static final int STATE_END = 152;
  private static final int FANOUT = 256;

  private final String where;
  private final ByteBuffer file;
  private final BitSet walked = new BitSet();

  private record Space(int id, int pageShift) {}

  private FileWalk(byte[] bytes, String where) {
    this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
  }

  /// @param both whether both meta blocks must hold the state
  /// @throws Violation if the file is not as it must be
  public static void verify(byte[] bytes, boolean both, String where) {
    new FileWalk(bytes, where).verify(both);
  }

  private void verify(boolean both) {
    int meta = newest(both);
    reach(0, 2);
    long tablePlace = file.getLong(meta + 104);
    int tableBytes = file.getInt(meta + 112);
    table("the space table", tablePlace, tableBytes, file.getInt(meta + 116));
    long bitmapPlace = file.getLong(meta + 128);
    int bitmapBytes = file.getInt(meta + 136);
    table("the bitmap", bitmapPlace, bitmapBytes, file.getInt(meta + 140));
    long seed = mix(file.getLong(meta + 40) ^ mix(file.getLong(meta + 48)));
    for (int id = 0; id < tableBytes / 64; id++) {
      int at = (int) (tablePlace * PLACE) + id * 64;
      int shift = file.get(at);
      long root = file.getLong(at + 16);
      if (shift != 0 && root != 0) {
        Space space = new Space(id, shift);
        int level = file.get(at + 1);
        walk(seed, space, level, 0, root, file.getInt(at + 32), file.getLong(at + 24));
      }
    }
    bitmap(bitmapPlace, bitmapBytes);
  }

  /// Where the newest meta block begins.
  private int newest(boolean both) {
    boolean even = isWhole(0);
    boolean odd = isWhole(PLACE);
    ensure(even || odd, "no meta block is whole");
    int meta = even && (!odd || file.getLong(56) > file.getLong(PLACE + 56)) ? 0 : PLACE;
    ensure((file.getInt(meta + 12) & 1) != 0, "the newest meta block is not clean");
    if (both) {
      byte[] all = file.array();
      ensure(even && odd, "one meta block is damaged");
      ensure(
          Arrays.equals(all, STATE, STATE_END, all, PLACE + STATE, PLACE + STATE_END),
          "the meta blocks hold two states");
    }
    return meta;
  }

  private boolean isWhole(int at) {
    return file.getLong(at) == MAGIC && file.getInt(at + 4092) == crc(null, at, 4092);
  }

  private void table(String what, long place, int bytes, int checksum) {
    if (bytes > 0) {
      reach(place, (bytes + PLACE - 1) / PLACE);
      ensure(crc(null, (int) (place * PLACE), bytes) == checksum, what + " fails its checksum");
    }
  }

  private void walk(
      long seed, Space space, int level, long index, long place, int checksum, long birth) {
    int bytes = level == 0 ? 1 << space.pageShift : PLACE;
    String what = "page or node %d of level %d of %s".formatted(index, level, space);
    ensure((place * PLACE + bytes) <= file.capacity(), what + " lies past the end");
    reach(place, bytes / PLACE);
    long identity = mix((long) space.id << 8 | level) ^ index;
    int own = (int) mix(seed ^ mix(identity) ^ mix(~birth));
    ensure(crc(own, (int) (place * PLACE), bytes) == checksum, what + " fails its checksum");
    for (int i = 0; level > 0 && i < FANOUT; i++) {
      int entry = (int) (place * PLACE) + i * 16;
      long child = file.getInt(entry + 4) & 0xFFFFFFFFL | (file.get(entry + 8) & 0xFFL) << 32;
      if (child != 0) {
        long childBirth = file.getLong(entry + 8) >>> 8;
        walk(seed, space, level - 1, index << 8 | i, child, file.getInt(entry), childBirth);
      }
    }
  }

  private void bitmap(long place, int bytes) {
    BitSet bitmap =
        bytes == 0
            ? BitSet.valueOf(new long[] {3})
            : BitSet.valueOf(file.slice((int) (place * PLACE), bytes).order(file.order()));
    BitSet lost = (BitSet) bitmap.clone();
    lost.andNot(walked);
    ensure(lost.isEmpty(), "used but reached by nothing: " + lost);
    ensure(bitmap.equals(walked), "reached, but not marked as used");
  }

  private void reach(long place, int count) {
    for (int i = 0; i < count; i++) {
      ensure(!walked.get((int) place + i), "place " + (place + i) + " is reached twice");
      walked.set((int) place + i);
    }
  }

  private int crc(@Nullable Integer seed, int at, int bytes) {
    CRC32C crc = new CRC32C();
    if (seed != null) {
      crc.update(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, seed));
    }
    crc.update(file.slice(at, bytes));
    return (int) crc.getValue();
  }

  private static long mix(long value) {
    long z = (value ^ value >>> 33) * 0xFF51AFD7ED558CCDL;
    z = (z ^ z >>> 33) * 0xC4CEB9FE1A85EC53L;
    return z ^ z >>> 33;
  }

  private void ensure(boolean holds, String what) {
    if (!holds) {
      throw new Violation(where + ": " + what);
    }
  }
}
