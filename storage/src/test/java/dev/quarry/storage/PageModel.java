package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// Pages as a plain map, to compare a store with: each page holds one number, at both its ends.
final class PageModel {
  final Map<Integer, Integer> shifts = new HashMap<>();
  final Map<Long, Long> pages = new HashMap<>();

  PageModel copy() {
    PageModel copy = new PageModel();
    copy.shifts.putAll(shifts);
    copy.pages.putAll(pages);
    return copy;
  }

  /// One random change of store and model, logged as a record that [#replay] understands.
  void change(Store store, PageTransaction tx, Random random, int spaces) {
    int kind = random.nextInt(40);
    if (shifts.size() < spaces && kind < 10 || shifts.isEmpty()) {
      int shift = 12 + 2 * random.nextInt(3);
      log(store, tx, 1, tx.createSpace(shift), shift, 0);
    } else {
      Integer space =
          shifts.keySet().stream().skip(random.nextInt(shifts.size())).findFirst().get();
      long page = random.nextInt(random.nextInt(10) == 0 ? 70_000 : 300);
      if (kind == 39) {
        tx.dropSpace(space);
        log(store, tx, 2, space, 0, 0);
      } else if (kind > 33) {
        tx.free(space, page);
        log(store, tx, 3, space, page, 0);
      } else {
        write(tx, space, page, random.nextLong());
        log(store, tx, 4, space, page, Memory.getLong(tx.writable(space, page)));
      }
    }
  }

  private static void write(PageTransaction tx, int space, long page, long value) {
    long address = tx.writable(space, page);
    Memory.putLong(address, value);
    Memory.putLong(address + tx.table(space).pageBytes() - 8, value);
  }

  private void log(Store store, PageTransaction tx, int kind, int space, long page, long value) {
    byte[] record =
        ByteBuffer.allocate(24).putInt(kind).putInt(space).putLong(page).putLong(value).array();
    store.log(tx, record, 0, record.length);
    apply(kind, space, page, value);
  }

  private void apply(int kind, int space, long page, long value) {
    switch (kind) {
      case 1 -> shifts.put(space, (int) page);
      case 2 -> {
        shifts.remove(space);
        pages.keySet().removeIf(key -> key >>> 40 == space);
      }
      case 3 -> pages.remove((long) space << 40 | page);
      default -> pages.put((long) space << 40 | page, value);
    }
  }

  /// The replayer for the records of [#change].
  static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(record, offset, length);
    int kind = bytes.getInt();
    int space = bytes.getInt();
    long page = bytes.getLong();
    long value = bytes.getLong();
    switch (kind) {
      case 1 -> assertEquals(space, tx.createSpace((int) page));
      case 2 -> tx.dropSpace(space);
      case 3 -> tx.free(space, page);
      default -> write(tx, space, page, value);
    }
  }

  /// Compares a state with the model.
  void verify(PageReader reader, String where) {
    for (Map.Entry<Long, Long> entry : pages.entrySet()) {
      int space = (int) (entry.getKey() >>> 40);
      long page = entry.getKey() & (1L << 40) - 1;
      var table = reader.table(space);
      long address = table.address(page);
      long found = Memory.getLong(address);
      assertEquals(entry.getValue(), found, () -> where + ": space " + space + " page " + page);
      assertEquals(found, Memory.getLong(address + table.pageBytes() - 8), where);
    }
    for (int id = 2; id < reader.spaceCount(); id++) {
      assertEquals(shifts.containsKey(id), reader.hasSpace(id), where + ": space " + id);
      if (reader.hasSpace(id)) {
        for (long page = 0; page < 300; page++) {
          if (!pages.containsKey((long) id << 40 | page)) {
            assertEquals(0, Memory.getLong(reader.table(id).address(page)), where);
          }
        }
      }
    }
  }
}
