package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Lists of numbers, each in one half of a page of its own, and a directory of them.
///
/// ```text
/// directory, 16 bytes a list       page of a list
///      0        8        16        0        8       16            2048          4096
///      ┌────────┬────────┬───      ┌────────┬───────┬────────┬────┬─────────────┐
///      │ length │ moves  │ …       │ key, 1 │ first │ second │ …  │ other half  │
///      └────────┴────────┴───      └────────┴───────┴────────┴────┴─────────────┘
/// ```
///
/// An append writes behind the end, in place where that is allowed, and a new length into a copy of
/// the directory; a move takes the other half, which is free then. So pages of old snapshots are
/// written to, in bytes that those do not show: numbers are mixed with how often the list was
/// moved, else one would not tell a half from what it was two moves before. The lists lie in
/// several spaces, leaves and heights of page tables: some share nodes, others do not. Beside them
/// lie pages that never change, and large ones that are all written at once.
final class ListPages {
  static final int KEYS = 8;
  static final int COLD_PAGES = 40;

  /// A page of space 0 that holds no list.
  static final int SPARE_PAGE = 5;

  private static final int[] SPACES = {0, 0, 2, 2, 2, 2, 3, 3};
  private static final int[] PAGES = {0, 1, 0, 1, 300, 66_000, 0, 257};
  private static final int[] SHIFTS = {12, 14, 16};
  private static final int COLD_SPACE = 2;
  private static final int BESIDE_COLD = 2;
  private static final int FIRST_COLD = 10;
  private static final int FILLED_SPACE = 4;
  private static final int FILLED_PAGES = 12;
  private static final int DIRECTORY = 3;
  private static final int ENTRY = 16;
  private static final int HALF = 2048;
  private static final int CREATE = 1;
  private static final int APPEND = 2;
  private static final int PAD = 3;
  private static final int FILL = 4;
  private static final int COLD = 5;
  private static final int MOVE = 6;

  private ListPages() {}

  /// Makes the spaces and what never changes, in an empty store.
  static void create(Store store, PageTransaction tx) {
    for (int shift : SHIFTS) {
      act(store, tx, CREATE, shift, 0);
    }
    for (int i = 0; i < COLD_PAGES; i++) {
      act(store, tx, COLD, i, i);
    }
  }

  /// Any list; more often one of those that lie beside what never changes.
  static int any(SplittableRandom random) {
    return random.nextInt(3) == 0 ? BESIDE_COLD + random.nextInt(2) : random.nextInt(KEYS);
  }

  /// Looks at one of the pages that never change, and lie beside lists.
  static void ensureCold(PageReader reader, int i) {
    long found = Memory.getLong(reader.table(COLD_SPACE).address(FIRST_COLD + i));
    if (found != i) {
      throw new Violation("page %d, which never changes, holds %d".formatted(i, found));
    }
  }

  static void append(Store store, PageTransaction tx, int key, long value) {
    act(store, tx, APPEND, key, value);
  }

  /// Copies a list to the half of its page that is free. At most once in a transaction.
  static void move(Store store, PageTransaction tx, int key) {
    act(store, tx, MOVE, key, 0);
  }

  /// Writes a number to each of some large pages, at both ends.
  static void fill(Store store, PageTransaction tx, long value) {
    act(store, tx, FILL, 0, value);
  }

  /// The number that [#fill] wrote last; 0 if it did not.
  ///
  /// @throws Violation if the pages differ
  static long filled(PageReader reader) {
    PageTable table = reader.table(FILLED_SPACE);
    long first = Memory.getLong(table.address(0));
    for (int page = 0; page < FILLED_PAGES; page++) {
      long address = table.address(page);
      long begin = Memory.getLong(address);
      long end = Memory.getLong(address + (1 << 16) - 8);
      if (begin != first || end != first) {
        throw new Violation(
            "filled page %d holds %d and %d, page 0 holds %d".formatted(page, begin, end, first));
      }
    }
    return first;
  }

  /// Logs so many bytes that mean nothing.
  static void pad(Store store, PageTransaction tx, int bytes) {
    byte[] record = new byte[bytes];
    record[3] = PAD;
    store.log(tx, record, 0, bytes);
  }

  /// Copies a list to the half of its page that is free, or has the page written to another place,
  /// in a step that nothing is logged of.
  static void rearrange(PageTransaction tx, int key, boolean moves) {
    if (moves) {
      act(tx, MOVE, key, 0);
    } else {
      tx.rewrite(SPACES[key], 0, PAGES[key]);
      tx.rewrite(COLD_SPACE, 0, FIRST_COLD + key);
    }
  }

  private static void act(Store store, PageTransaction tx, int kind, int key, long value) {
    byte[] record = act(tx, kind, key, value);
    store.log(tx, record, 0, record.length);
  }

  private static byte[] act(PageTransaction tx, int kind, int key, long value) {
    byte[] record = ByteBuffer.allocate(16).putInt(kind).putInt(key).putLong(value).array();
    replay(tx, record, 0, record.length);
    return record;
  }

  /// What a log record means.
  static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(record, offset, length);
    int kind = bytes.getInt();
    int key = bytes.getInt();
    long value = bytes.getLong();
    switch (kind) {
      case CREATE -> tx.createSpace(key);
      case APPEND -> {
        long entry = tx.writable(0, DIRECTORY) + (long) key * ENTRY;
        long count = Memory.getLong(entry);
        long moves = Memory.getLong(entry + 8);
        long half = tx.writableUnseen(SPACES[key], PAGES[key]) + (moves & 1) * HALF;
        Memory.putLong(half, key + 1);
        Memory.putLong(half + 8 + count * 8, mixed(value, moves));
        Memory.putLong(entry, count + 1);
      }
      case MOVE -> {
        long entry = tx.writable(0, DIRECTORY) + (long) key * ENTRY;
        long moves = Memory.getLong(entry + 8);
        long page = tx.writableFree(SPACES[key], PAGES[key]);
        long[] values = new Place(key, Memory.getLong(entry), moves, page).values();
        long to = page + (moves + 1 & 1) * HALF;
        Memory.fill(to, HALF, (byte) 0);
        Memory.putLong(to, key + 1);
        for (int i = 0; i < values.length; i++) {
          Memory.putLong(to + 8 + i * 8L, mixed(values[i], moves + 1));
        }
        Memory.putLong(entry + 8, moves + 1);
      }
      case COLD -> Memory.putLong(tx.writable(COLD_SPACE, FIRST_COLD + key), value);
      case FILL -> {
        for (int filled = 0; filled < FILLED_PAGES; filled++) {
          long address = tx.writable(FILLED_SPACE, filled);
          Memory.putLong(address, value);
          Memory.putLong(address + (1 << 16) - 8, value);
        }
      }
      default -> {}
    }
  }

  /// Looks at a page that was never written.
  static void touchAbsent(PageReader reader) {
    reader.table(FILLED_SPACE).address(FILLED_PAGES);
  }

  private static long mixed(long value, long moves) {
    return value ^ moves << 32;
  }

  /// Where a list is.
  ///
  /// @param page the address of its page
  record Place(int key, long count, long moves, long page) {
    /// The numbers.
    ///
    /// @throws Violation if it is another list, or none at all
    long[] values() {
      long half = page + (moves & 1) * HALF;
      long owner = Memory.getLong(half);
      if (count > 0 && owner != key + 1) {
        throw new Violation("the page of list %d holds list %d".formatted(key, owner - 1));
      }
      long[] values = new long[(int) count];
      for (int i = 0; i < count; i++) {
        values[i] = mixed(Memory.getLong(half + 8 + i * 8L), moves);
      }
      return values;
    }
  }

  /// Looks a list up.
  static Place place(PageReader reader, int key) {
    long entry = reader.table(0).address(DIRECTORY) + (long) key * ENTRY;
    long count = Memory.getLong(entry);
    if (count < 0 || count >= HALF / 8) {
      throw new Violation("list %d has %d numbers".formatted(key, count));
    }
    long page = reader.table(SPACES[key]).address(PAGES[key]);
    return new Place(key, count, Memory.getLong(entry + 8), page);
  }

  static long[] read(PageReader reader, int key) {
    return place(reader, key).values();
  }
}
