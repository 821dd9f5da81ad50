package dev.quarry.storage.torture;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageWalk;
import dev.quarry.storage.page.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// Cuts a file on a real disk under a store that reads it through its map.
final class CutMaps {
  private static final int OFTEN = 1000;

  private CutMaps() {}

  /// Makes the file of a store, opens it, and cuts it.
  ///
  /// @param size what is left of it
  /// @param readBefore whether all of it is read before it is cut; else after
  /// @return whether the store told so; else what is gone was not needed
  /// @throws Violation if it does anything else
  static boolean cut(byte[] store, int size, boolean readBefore) {
    List<String> problems = new ArrayList<>();
    try {
      Path file = TemporaryPaths.file("quarry-cut", ".quarry");
      try {
        Files.write(file, store);
        if (readBefore) {
          afterItWasRead(file, size, problems);
        } else {
          before(file, size, problems);
        }
      } finally {
        TemporaryPaths.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (QuarryException told) {
      problems.add(told.code().toString());
    }
    return !problems.isEmpty();
  }

  /// Reads the whole file of a store through its map, so often that C2 compiles what reads it.
  ///
  /// @throws Violation if it is damaged
  static void readOften(byte[] store) {
    try {
      Path path = TemporaryPaths.file("quarry-cut", ".quarry");
      try {
        Files.write(path, store);
        List<String> problems = new ArrayList<>();
        try (Store open = Store.open(path, reading(), (tx, record, offset, length) -> {})) {
          for (int time = 0; time < OFTEN; time++) {
            readAll(open, problems);
          }
        }
        if (!problems.isEmpty()) {
          throw new Violation("a whole file is damaged: " + problems.getFirst());
        }
      } finally {
        TemporaryPaths.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoreOptions reading() {
    return StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN).withReadOnly(true);
  }

  private static void before(Path path, int size, List<String> problems) throws IOException {
    try (Store store = Store.open(path, reading(), (tx, record, offset, length) -> {});
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      file.truncate(size);
      readAll(store, problems);
      store.verifyFile(problems::add);
    }
  }

  /// Cuts the file after each of its pages was verified: nothing looks at their checksums again.
  private static void afterItWasRead(Path path, int size, List<String> problems)
      throws IOException {
    StoreOptions options = StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN);
    Store store = Store.open(path, options, (tx, record, offset, length) -> {});
    try (store;
        Snapshot snapshot = store.beginRead();
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      List<long[]> pages = pages(snapshot); // address, bytes, hash
      file.truncate(size);
      for (long[] page : pages) {
        try {
          long hash = store.scope(() -> Memory.hash(page[0], page[1]));
          if (hash != page[2]) {
            throw new Violation("a page changed when its file was cut");
          }
        } catch (CorruptPageException told) {
          problems.add(told.getMessage());
        }
      }
    }
    if (store.isPoisoned() != !problems.isEmpty()) {
      throw new Violation(problems.size() + " faults, poisoned: " + store.isPoisoned());
    }
    if (store.budget().used() != 0) {
      throw new Violation(store.budget().used() + " bytes are held");
    }
  }

  private static List<long[]> pages(Snapshot snapshot) {
    List<long[]> pages = new ArrayList<>();
    for (int space = 0; space < snapshot.spaceCount(); space++) {
      if (snapshot.hasSpace(space)) {
        PageTable table = snapshot.table(space);
        for (long page = table.firstPresent(0); page >= 0; page = table.firstPresent(page + 1)) {
          long address = table.address(page);
          pages.add(
              new long[] {address, table.pageBytes(), Memory.hash(address, table.pageBytes())});
        }
      }
    }
    return pages;
  }

  /// Touches all pages through the map, as a reader does.
  private static void readAll(Store store, List<String> problems) {
    try (Snapshot snapshot = store.beginRead()) {
      for (int space = 0; space < snapshot.spaceCount(); space++) {
        if (snapshot.hasSpace(space)) {
          PageWalk.run(
              snapshot,
              space,
              new PageWalk.Visitor() {
                @Override
                public void page(long page, long address) {}

                @Override
                public void damaged(CorruptPageException what, long firstPage, long pages) {
                  problems.add(what.getMessage());
                }
              });
        }
      }
    }
  }
}
