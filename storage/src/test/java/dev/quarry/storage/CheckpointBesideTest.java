package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.torture.FileWalk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever happens while a checkpoint is being written, the newest state, old snapshots and the
/// file stay right. Everything runs on one thread: work is done from within the checkpoint's
/// barriers.
class CheckpointBesideTest {
  private static final int SPACES = 5;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final HookedDisk disk = new HookedDisk();
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<PageModel> models = new ArrayList<>();
  private PageModel model = new PageModel();
  private int round;
  private int commitsBeside;

  @Test
  void commitsRollbacksAndDropsBesideACheckpointAgreeWithAMap() {
    run(path(), 120, this::severalCommits);
    assertTrue(commitsBeside > 100, commitsBeside + " commits beside a checkpoint");
  }

  @Test
  void aLargeTransactionThatBeganBesideACheckpointTakesOverWhatItWrote() {
    Path path = path();
    try (Store store = open(path)) {
      for (round = 0; round < 60; round++) {
        commit(store, store.beginWrite(), 40);
        PageTransaction[] large = new PageTransaction[1];
        PageModel next = model.copy();
        beside(
            () -> {
              if (random.nextBoolean()) {
                commit(store, store.beginWrite(), 10);
              }
              PageModel base = model.copy();
              large[0] = random.nextBoolean() ? store.beginBulk() : store.beginWrite();
              changes(store, large[0], base, 30);
              next.shifts.clear();
              next.pages.clear();
              next.shifts.putAll(base.shifts);
              next.pages.putAll(base.pages);
            });
        store.checkpoint();
        changes(store, large[0], next, 10);
        next.verify(large[0], where() + " before its end");
        if (random.nextInt(3) == 0) {
          store.rollback(large[0]);
        } else {
          store.commit(large[0]);
          model = next;
        }
        watch(store);
      }
      endWatching();
    }
    reopen(path);
  }

  @Test
  void aCheckpointThatFailsBesideCommitsLeavesAllAsItWas() {
    Path path = path();
    try (Store store = open(path)) {
      int failed = 0;
      for (round = 0; round < 80; round++) {
        commit(store, store.beginWrite(), 20);
        int left = random.nextInt(60);
        int[] writes = {left};
        disk.beforeWrite =
            file -> {
              if (file.equals(path) && writes[0]-- == 0) {
                disk.beforeWrite = any -> {};
                severalCommits(store);
                throw new StoreIoException(ErrorCode.STORE_DISK_FULL, "made to fail");
              }
            };
        try {
          store.checkpoint();
        } catch (StoreIoException e) {
          failed++;
        }
        disk.beforeWrite = any -> {};
        watch(store);
      }
      assertTrue(failed > 5, failed + " failed");
      endWatching();
    }
    reopen(path);
  }

  @Test
  void aSnapshotFromBesideACheckpointKeepsTheImagesThatItsNodesReferTo() {
    Path path = path();
    try (Store store = open(path)) {
      PageTransaction tx = store.beginWrite();
      int space = tx.createSpace(12);
      for (int page = 0; page < 100; page++) {
        Memory.putLong(tx.writable(space, page), page);
      }
      store.commit(tx);
    }
    try (Store store = open(path)) {
      put(store, 0, 1_000);
      Snapshot[] between = new Snapshot[1];
      beside(
          () -> {
            put(store, 1, 1_001);
            between[0] = store.beginRead();
            put(store, 2, 1_002);
          });
      store.checkpoint();
      for (int later = 0; later < 6; later++) {
        put(store, 4 + later, -1);
        store.checkpoint();
      }
      for (int page = 4; page < 100; page++) {
        assertEquals(page, Memory.getLong(between[0].table(2).address(page)));
      }
      between[0].close();
    }
  }

  private static void put(Store store, long page, long value) {
    PageTransaction tx = store.beginWrite();
    Memory.putLong(tx.writable(2, page), value);
    store.commit(tx);
  }

  private interface Beside {
    void run(Store store);
  }

  private void run(Path path, int rounds, Beside work) {
    try (Store store = open(path)) {
      for (round = 0; round < rounds; round++) {
        commit(store, store.beginWrite(), 30);
        beside(() -> work.run(store));
        store.checkpoint();
        watch(store);
      }
      endWatching();
    }
    reopen(path);
  }

  /// Runs work once, at the next barrier of the store's file.
  private void beside(Runnable work) {
    disk.beforeForce =
        file -> {
          if (file.equals(path())) {
            disk.beforeForce = any -> {};
            work.run();
          }
        };
  }

  private void severalCommits(Store store) {
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (random.nextInt(4) == 0) {
        PageTransaction tx = store.beginWrite();
        changes(store, tx, model.copy(), 10);
        store.rollback(tx);
      } else {
        commit(store, store.beginWrite(), random.nextInt(30) + 1);
        commitsBeside++;
      }
      watch(store);
    }
  }

  private void commit(Store store, PageTransaction tx, int count) {
    PageModel next = model.copy();
    changes(store, tx, next, count);
    store.commit(tx);
    model = next;
  }

  private void changes(Store store, PageTransaction tx, PageModel on, int count) {
    for (int i = 0; i < count; i++) {
      on.change(store, tx, random, SPACES);
      tx.spillPoint();
    }
  }

  /// Looks at the newest state, keeps a snapshot now and then, and looks at an old one.
  private void watch(Store store) {
    try (Snapshot newest = store.beginRead()) {
      model.verify(newest, where());
    }
    if (random.nextInt(3) == 0) {
      snapshots.add(store.beginRead());
      models.add(model.copy());
    }
    if (snapshots.size() > 4) {
      int i = random.nextInt(snapshots.size());
      try (Snapshot old = snapshots.remove(i)) {
        models.remove(i).verify(old, where() + " old snapshot");
      }
    }
  }

  private void endWatching() {
    for (int i = 0; i < snapshots.size(); i++) {
      models.get(i).verify(snapshots.get(i), where() + " at the end");
      snapshots.get(i).close();
    }
  }

  private void reopen(Path path) {
    FileWalk.verify(bytes(path), false, where());
    Store store = open(path);
    try (store;
        Snapshot snapshot = store.beginRead()) {
      model.verify(snapshot, where() + " opened again");
    }
    assertEquals(0, store.budget().used());
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String where() {
    return "seed " + seed + " round " + round;
  }

  private Path path() {
    return folder.resolve("beside.quarry");
  }

  private Store open(Path path) {
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(64 << 20) // also for what checkpoints that fail leave dirty
            .withNativeMemory(NativeSource.FOREIGN)
            .withHeadroom(0)
            .withDisk(disk);
    return Store.open(path, options, PageModel::replay);
  }
}
