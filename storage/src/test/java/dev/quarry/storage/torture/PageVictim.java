package dev.quarry.storage.torture;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.checkpoint.FileCheck;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.PageWalk;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;

/// Reads, checks and changes the pages of a store, whatever they hold.
public final class PageVictim implements Victim {
  private static final int NEAR = 512;
  private static final int FAR = 1 << 16;

  @Override
  public String use(SimDisk disk, Random random) {
    Steps steps = new Steps(disk);
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withHeadroom(0)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(disk);
    SimDisk before = disk.copy();
    boolean writes = random.nextInt(4) == 0;
    int states = random.nextInt(4) == 0 ? 2 : 0;
    steps.with(
        () -> Store.open(Subject.PATH, options, PageVictim::replay),
        Store::budget,
        (store, step) -> use(store, writes, step));
    Steps saving = new Steps(before);
    for (int state = 0; state < states; state++) {
      int one = state;
      saving.with(
          () ->
              Store.salvage(
                  Subject.PATH, options.withDisk(before), PageVictim::replay, one, lost -> {}),
          Store::budget,
          this::read);
    }
    return steps.first();
  }

  private void use(Store store, boolean writes, Consumer<Runnable> step) {
    read(store, step);
    if (!writes) {
      return;
    }
    step.accept(() -> commit(store));
    step.accept(store::checkpoint);
    step.accept(() -> commit(store));
  }

  private void read(Store store, Consumer<Runnable> step) {
    for (int space = 0; space < 8; space++) {
      int id = space;
      step.accept(() -> read(store, id));
    }
    step.accept(() -> walk(store));
    step.accept(
        () ->
            store.verifyFile(
                new FileCheck.Sink() {
                  @Override
                  public void problem(String text) {}

                  @Override
                  public void page(int bytes) {}
                }));
  }

  private static void read(Store store, int space) {
    try (Snapshot snapshot = store.beginRead()) {
      if (!snapshot.hasSpace(space)) {
        return;
      }
      PageTable table = snapshot.table(space);
      for (long page = -1; page < NEAR; page++) {
        read(table, page);
        read(table, FAR + page);
      }
      read(table, table.pageCount() - 1);
      table.presentPages();
    }
  }

  private static void read(PageTable table, long page) {
    if (!table.isAbsent(page)) {
      long address = table.address(page);
      Memory.getLong(address);
      Memory.getLong(address + table.pageBytes() - 8);
    }
  }

  private static void walk(Store store) {
    try (Snapshot snapshot = store.beginRead()) {
      for (int space = 0; space < snapshot.spaceCount(); space++) {
        PageWalk.run(
            snapshot,
            space,
            new PageWalk.Visitor() {
              @Override
              public void page(long page, long address) {
                Memory.getLong(address);
              }

              @Override
              public void damaged(CorruptPageException what, long firstPage, long pages) {}
            });
      }
    }
  }

  private static void commit(Store store) {
    PageTransaction tx = store.beginWrite();
    try {
      for (int space = 0; space < Math.min(8, tx.spaceCount()); space++) {
        if (tx.hasSpace(space)) {
          for (long page : new long[] {0, 1, 17, 300, FAR}) {
            Memory.putLong(tx.writable(space, page), 7);
          }
          tx.free(space, 5);
        }
      }
      int created = tx.createSpace(12);
      tx.writable(created, 3);
      for (int space = Math.min(7, tx.spaceCount() - 1); space > 1; space--) {
        if (tx.hasSpace(space)) {
          tx.dropSpace(space);
          break;
        }
      }
      byte[] record = new byte[24];
      store.log(tx, record, 0, record.length);
    } catch (RuntimeException e) {
      store.rollback(tx);
      throw e;
    }
    store.commit(tx);
  }

  /// Does what a record says, unless that is nothing that a page store could have said.
  private static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    if (length != 24) {
      return; // padding
    }
    ByteBuffer bytes = ByteBuffer.wrap(record, offset, length);
    int kind = bytes.getInt();
    int space = bytes.getInt();
    long page = bytes.getLong();
    boolean known = space >= 0 && tx.hasSpace(space) && page >= 0 && page < 1 << 20;
    switch (kind) {
      case 0 -> {}
      case 1 -> {
        if (page != 12 && page != 14 && page != 16) {
          throw refused("a space with pages of 2^" + page);
        }
        tx.createSpace((int) page);
      }
      case 2, 3, 4 -> {
        if (!known) {
          throw refused("page " + page + " of space " + space);
        }
        if (kind == 2) {
          tx.dropSpace(space);
        } else if (kind == 3) {
          tx.free(space, page);
        } else {
          Memory.putLong(tx.writable(space, page), bytes.getLong());
        }
      }
      default -> throw refused("kind " + kind);
    }
  }

  private static QuarryException refused(String what) {
    return new CorruptPageException(ErrorCode.STORE_DAMAGED, "a record says " + what);
  }
}
