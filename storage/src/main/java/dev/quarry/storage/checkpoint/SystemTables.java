package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.page.Space;
import dev.quarry.storage.page.Version;
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
  private static final long RESERVED = (1L << StoreFile.RESERVED) - 1;

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
    if (run.bytes() % DESCRIPTOR != 0 || run.bytes() / DESCRIPTOR < Version.FIRST_FREE) {
      throw damaged(file, "the space table has " + run.bytes() + " bytes");
    }
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
      long pageCount = table.getLong(at + 8);
      long rootPlace = table.getLong(at + 16);
      if (pageCount < 0 || pageCount > 1L << 8 * height) {
        throw damaged(
            file, "space " + id + " has " + pageCount + " pages below " + height + " levels");
      }
      if (rootPlace < 0 || rootPlace >= file.size() >>> 12) {
        throw damaged(
            file, "the root of space " + id + " lies at place " + rootPlace + ", past the end");
      }
      spaces[id] =
          Space.durable(
              id,
              shift,
              height,
              pageCount,
              rootPlace,
              table.getInt(at + 32),
              table.getLong(at + 24));
    }
    return spaces;
  }

  static long[] bitmap(DiskFile file, Meta.Run run) {
    ByteBuffer bytes = read(file, run, "the bitmap of used places");
    long[] bits = new long[run.bytes() / 8];
    bytes.asLongBuffer().get(bits);
    long places = file.size() >>> 12;
    long highest = Places.highest(bits);
    if (highest < StoreFile.RESERVED - 1 || highest >= places) {
      throw damaged(
          file,
          "the highest place that the bitmap marks as used is %d, the file has %d"
              .formatted(highest, places));
    }
    if ((bits[0] & RESERVED) != RESERVED) {
      throw damaged(file, "the bitmap of used places does not mark the meta blocks");
    }
    return bits;
  }

  static int checksum(ByteBuffer table) {
    CRC32C crc = new CRC32C();
    crc.update(table.array(), 0, table.capacity());
    return (int) crc.getValue();
  }

  /// Makes sure that the file has all of a run, before anything is allocated for it.
  static void ensureInside(DiskFile file, Meta.Run run, String what) {
    long places = file.size() >>> 12;
    if (run.place() > places - run.places()) {
      throw damaged(
          file,
          "%s lies at the places from %d to %d, the file has %d"
              .formatted(what, run.place(), run.place() + run.places() - 1, places));
    }
  }

  private static ByteBuffer read(DiskFile file, Meta.Run run, String what) {
    ensureInside(file, run, what);
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
        "restore it from a backup, or save what is left with `quarry repair`");
  }
}
