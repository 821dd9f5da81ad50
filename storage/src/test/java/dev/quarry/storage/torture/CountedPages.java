package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A store on the disk of the machine whose pages follow from the number of its commits, so that
/// any process can tell what they should hold.
///
/// Commit n writes n to page 0 and a mix of n to one of some more pages; each 16th also to many
/// pages of a second space.
final class CountedPages {
  private static final int NARROW = 61;
  private static final int WIDE = 40;
  private static final int EACH = 16;
  private static final int FIRST = 2;

  private CountedPages() {}

  static Store open(Path path) {
    StoreOptions options =
        StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
    return Store.open(path, options, CountedPages::replay);
  }

  /// A commit that was not asked to become durable yet.
  record Begun(PageTransaction tx, long number) {}

  /// Begins the next commit.
  ///
  /// @param bulk whether it is not logged
  static Begun begin(Store store, boolean bulk) {
    PageTransaction tx = bulk ? store.beginBulk() : store.beginWrite();
    try {
      long number = count(tx) + 1;
      byte[] record = ByteBuffer.allocate(8).putLong(number).array();
      store.log(tx, record, 0, record.length);
      change(tx, number);
      return new Begun(tx, number);
    } catch (RuntimeException e) {
      store.rollback(tx);
      throw e;
    }
  }

  private static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    change(tx, ByteBuffer.wrap(record, offset, length).getLong());
  }

  private static void change(PageTransaction tx, long number) {
    if (number == 1) {
      tx.createSpace(12);
      tx.createSpace(14);
    }
    write(tx, FIRST, 0, number);
    write(tx, FIRST, 1 + number % NARROW, Memory.mix(number));
    for (int page = 0; number % EACH == 0 && page < WIDE; page++) {
      write(tx, FIRST + 1, page, Memory.mix(number + page));
    }
  }

  private static void write(PageTransaction tx, int space, long page, long value) {
    long address = tx.writable(space, page);
    Memory.putLong(address, value);
    Memory.putLong(address + tx.table(space).pageBytes() - 8, value);
  }

  /// How many commits a state has.
  static long count(PageReader reader) {
    return reader.hasSpace(FIRST) ? Memory.getLong(reader.table(FIRST).address(0)) : 0;
  }

  /// Makes sure that a store holds what the number of its commits says, and that its file is whole.
  ///
  /// @return the number of its commits
  static long verify(Store store) {
    List<String> problems = new ArrayList<>();
    store.verifyFile(problems::add);
    if (!problems.isEmpty()) {
      throw new Violation("the file is damaged: " + problems);
    }
    try (Snapshot snapshot = store.beginRead()) {
      long count = count(snapshot);
      if (count != snapshot.commitNumber()) {
        throw new Violation(count + " commits, the store says " + snapshot.commitNumber());
      }
      for (long n = Math.max(1, count - NARROW + 1); n <= count; n++) {
        ensure(snapshot, FIRST, 1 + n % NARROW, Memory.mix(n));
      }
      long wide = count - count % EACH;
      for (int page = 0; wide > 0 && page < WIDE; page++) {
        ensure(snapshot, FIRST + 1, page, Memory.mix(wide + page));
      }
      return count;
    }
  }

  private static void ensure(Snapshot snapshot, int space, long page, long value) {
    PageTable table = snapshot.table(space);
    long address = table.address(page);
    long found = Memory.getLong(address);
    if (found != value || Memory.getLong(address + table.pageBytes() - 8) != value) {
      throw new Violation("page %d of space %d holds another value".formatted(page, space));
    }
  }
}
