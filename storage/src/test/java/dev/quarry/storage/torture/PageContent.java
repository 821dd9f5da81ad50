package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Pages as a plain map: each holds one number, at both its ends. Page 0 of space 0 counts commits.
///
/// Its digest is a sum over spaces and pages, so that it is the same in whatever order they come.
final class PageContent {
  private static final int NEAR = 2048;
  private static final long FAR = 1 << 16;
  private static final int FAR_PAGES = 8;

  private final TreeMap<Integer, Integer> shifts;
  private final TreeMap<Long, Long> pages;
  private long digest;

  PageContent() {
    this(new TreeMap<>(), new TreeMap<>(), 0);
  }

  private PageContent(TreeMap<Integer, Integer> shifts, TreeMap<Long, Long> pages, long digest) {
    this.shifts = shifts;
    this.pages = pages;
    this.digest = digest;
  }

  PageContent copy() {
    return new PageContent(new TreeMap<>(shifts), new TreeMap<>(pages), digest);
  }

  long digest() {
    return digest;
  }

  // Changes of store and model at once.

  void change(Store store, PageTransaction tx, Random random) {
    int kind = random.nextInt(40);
    if (shifts.size() < 3 && kind < 10 || shifts.isEmpty()) {
      create(store, tx, 12 + 2 * random.nextInt(3));
    } else if (kind == 39) {
      drop(store, tx, random);
    } else if (kind > 33) {
      free(store, tx, random);
    } else {
      long page = random.nextInt(12) == 0 ? FAR + random.nextInt(FAR_PAGES) : random.nextInt(60);
      write(store, tx, any(shifts.keySet(), random), page, random.nextLong() | 1);
    }
  }

  int create(Store store, PageTransaction tx, int shift) {
    int space = tx.createSpace(shift);
    log(store, tx, 1, space, shift, 0);
    return space;
  }

  void drop(Store store, PageTransaction tx, Random random) {
    if (!shifts.isEmpty()) {
      int space = any(shifts.keySet(), random);
      tx.dropSpace(space);
      log(store, tx, 2, space, 0, 0);
    }
  }

  void free(Store store, PageTransaction tx, Random random) {
    if (pages.size() > 1) {
      long key = any(pages.keySet(), random);
      if (key >>> 40 != 0) {
        tx.free((int) (key >>> 40), key & (1L << 40) - 1);
        log(store, tx, 3, (int) (key >>> 40), key & (1L << 40) - 1, 0);
      }
    }
  }

  void write(Store store, PageTransaction tx, int space, long page, long value) {
    write(tx, space, page, value);
    log(store, tx, 4, space, page, value);
  }

  /// Logs a record that means nothing.
  void pad(Store store, PageTransaction tx, int bytes) {
    byte[] record = new byte[bytes];
    record[3] = 5;
    store.log(tx, record, 0, record.length);
  }

  /// Makes the state different from all before it.
  void count(Store store, PageTransaction tx) {
    write(store, tx, 0, 0, pages.getOrDefault(0L, 0L) + 1);
  }

  private static <T> T any(java.util.Set<T> set, Random random) {
    List<T> all = new ArrayList<>(set);
    return all.get(random.nextInt(all.size()));
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
    long key = (long) space << 40 | page;
    switch (kind) {
      case 1 -> {
        shifts.put(space, (int) page);
        digest += ofSpace(space, (int) page);
      }
      case 2 -> {
        digest -= ofSpace(space, shifts.remove(space));
        Map<Long, Long> gone = pages.subMap((long) space << 40, (long) (space + 1) << 40);
        gone.forEach((at, number) -> digest -= ofPage(at, number));
        gone.clear();
      }
      case 3 -> digest -= ofPage(key, pages.remove(key));
      default -> {
        Long old = pages.put(key, value);
        digest += ofPage(key, value) - (old == null ? 0 : ofPage(key, old));
      }
    }
  }

  /// What a log record of these changes means.
  static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(record, offset, length);
    int kind = bytes.getInt();
    int space = bytes.getInt();
    long page = bytes.getLong();
    long value = bytes.getLong();
    switch (kind) {
      case 1 -> {
        int created = tx.createSpace((int) page);
        if (created != space) {
          throw new Violation("replay makes space " + created + ", it was " + space);
        }
      }
      case 2 -> tx.dropSpace(space);
      case 3 -> tx.free(space, page);
      case 4 -> write(tx, space, page, value);
      default -> {}
    }
  }

  // Reading.

  /// The digest of what a store holds.
  static long digest(PageReader reader) {
    long sum = 0;
    for (int space = 0; space < reader.spaceCount(); space++) {
      if (!reader.hasSpace(space)) {
        continue;
      }
      PageTable table = reader.table(space);
      sum += space == 0 ? 0 : ofSpace(space, table.pageShift());
      long count = table.pageCount();
      sum += digest(table, space, 0, Math.min(count, NEAR));
      sum += digest(table, space, FAR, Math.min(count, FAR + FAR_PAGES));
    }
    return sum;
  }

  private static long digest(PageTable table, int space, long from, long to) {
    long sum = 0;
    for (long page = from; page < to; page++) {
      if (table.isAbsent(page)) {
        continue;
      }
      long address = table.address(page);
      long value = Memory.getLong(address);
      if (value != Memory.getLong(address + table.pageBytes() - 8)) {
        throw new Violation("page " + page + " of space " + space + " differs at its ends");
      }
      sum += ofPage((long) space << 40 | page, value);
    }
    return sum;
  }

  private static long ofSpace(int space, int shift) {
    return mix(~((long) space << 8 | shift));
  }

  private static long ofPage(long key, long value) {
    return mix(key * 0x9E3779B97F4A7C15L + value);
  }

  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }
}
