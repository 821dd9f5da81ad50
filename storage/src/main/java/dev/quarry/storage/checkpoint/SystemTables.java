package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.page.Space;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The two tables that a meta block refers to, each written whole by every checkpoint.
///
/// The space table has a descriptor of 64 bytes per space, in order of their ids:
///
/// ```text
/// byte 0       1        2        8            16           24          32         36          40
///      ┌───────┬────────┬────────┬────────────┬────────────┬───────────┬──────────┬───────────┐
///      │ shift │ height │ zeros  │ page count │ root place │ root birth│ root CRC │ zeros … 64│
///      └───────┴────────┴────────┴────────────┴────────────┴───────────┴──────────┴───────────┘
/// ```
///
/// Shift 0 means that there is no such space. The bitmap has a bit per place, least significant
/// first.
final class SystemTables {
  private static final int DESCRIPTOR = 64;

  private SystemTables() {}

  static ByteBuffer spaceTable(@Nullable Space[] spaces) {
    ByteBuffer table =
        ByteBuffer.allocate(spaces.length * DESCRIPTOR).order(ByteOrder.LITTLE_ENDIAN);
    for (int id = 0; id < spaces.length; id++) {
      Space space = spaces[id];
      if (space != null) {
        int at = id * DESCRIPTOR;
        table.put(at, (byte) space.pageShift()).put(at + 1, (byte) space.height());
        table.putLong(at + 8, space.pageCount()).putLong(at + 16, space.rootPlace());
        table.putLong(at + 24, space.rootBirth()).putInt(at + 32, space.rootChecksum());
      }
    }
    return table;
  }

  static @Nullable Space[] spaces(DiskFile file, Meta.Run run) {
    ByteBuffer table = read(file, run, "the space table");
    @Nullable Space[] spaces = new Space[run.bytes() / DESCRIPTOR];
    for (int id = 0; id < spaces.length; id++) {
      int at = id * DESCRIPTOR;
      int shift = table.get(at);
      int height = table.get(at + 1);
      if (shift == 0) {
        continue;
      }
      if ((shift != 12 && shift != 14 && shift != 16) || height < 1 || height > 5) {
        throw damaged(file, "space " + id + " has page shift " + shift + ", height " + height);
      }
      spaces[id] =
          Space.durable(
              id,
              shift,
              height,
              table.getLong(at + 8),
              table.getLong(at + 16),
              table.getInt(at + 32),
              table.getLong(at + 24));
    }
    return spaces;
  }

  static long[] bitmap(DiskFile file, Meta.Run run) {
    ByteBuffer bytes = read(file, run, "the bitmap of used places");
    long[] bits = new long[run.bytes() / 8];
    bytes.asLongBuffer().get(bits);
    return bits;
  }

  static int checksum(ByteBuffer table) {
    CRC32C crc = new CRC32C();
    crc.update(table.array(), 0, table.capacity());
    return (int) crc.getValue();
  }

  private static ByteBuffer read(DiskFile file, Meta.Run run, String what) {
    if (run.bytes() < 0 || run.place() < 0 || (run.place() << 12) + run.bytes() > file.size()) {
      throw damaged(file, what + " lies past the end of the file");
    }
    ByteBuffer table = ByteBuffer.allocate(run.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    file.read(table, run.place() << 12);
    table.rewind();
    if (checksum(table) != run.checksum()) {
      throw damaged(
          file,
          "%s failed its checksum: stored=%08x computed=%08x (offset %d)"
              .formatted(what, run.checksum(), checksum(table), run.place() << 12));
    }
    return table;
  }

  static CorruptPageException damaged(DiskFile file, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        file.path() + " is damaged: " + what,
        "restore it from a backup, or run `quarry check` to see what is left");
  }
}
