package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever a crash leaves, the store recovers to a committed state that holds every acknowledged
/// commit: all prefixes of the operations, and all of them without one that no barrier covers.
class CrashTest {
  private static final Path PATH = Path.of("/sim/crash.quarry");
  private final long seed = Long.getLong("seed", System.nanoTime());

  /// After operation `at` (counted), `acknowledged` commits had returned.
  private record Acknowledged(int at, int commits) {}

  private final SimDisk disk = new SimDisk();
  private final List<PageModel> states = new ArrayList<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();

  private StoreOptions options(SimDisk on) {
    return StoreOptions.defaults()
        .withMemory(16 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(on);
  }

  @Test
  void creationCommitsCheckpointsAndCloseSurviveEveryCrash() {
    Random random = new Random(seed);
    states.add(new PageModel());
    acknowledged.add(new Acknowledged(0, 0));
    for (int opening = 0; opening < 2; opening++) {
      Store store = Store.open(PATH, options(disk), PageModel::replay);
      for (int commit = 0; commit < 7; commit++) {
        commit(store, random, false);
        if (commit == 3) {
          store.checkpoint();
        }
      }
      store.close();
    }
    crashEverywhere();
  }

  @Test
  void aCommitByCheckpointSurvivesEveryCrash() {
    Random random = new Random(seed);
    states.add(new PageModel());
    acknowledged.add(new Acknowledged(0, 0));
    Store store = Store.open(PATH, options(disk), PageModel::replay);
    commit(store, random, false);
    commit(store, random, true);
    commit(store, random, false);
    commit(store, random, true);
    commit(store, random, false);
    commit(store, random, true);
    commit(store, random, true);
    store.close();
    crashEverywhere();
  }

  private void commit(Store store, Random random, boolean bulk) {
    PageModel next = states.getLast().copy();
    PageTransaction tx = bulk ? store.beginBulk() : store.beginWrite();
    for (int i = 0; i < 4; i++) {
      next.change(store, tx, random, 3);
    }
    Memory.putLong(tx.writable(0, 0), states.size());
    byte[] counted =
        java.nio.ByteBuffer.allocate(24)
            .putInt(4)
            .putInt(0)
            .putLong(0)
            .putLong(states.size())
            .array();
    store.log(tx, counted, 0, counted.length);
    states.add(next);
    store.commit(tx);
    acknowledged.add(new Acknowledged(disk.operationCount(), states.size() - 1));
  }

  private void crashEverywhere() {
    int images = 0;
    for (int count = 0; count <= disk.operationCount(); count++) {
      recover(count, -1);
      images++;
      for (int lost : disk.pending(count)) {
        if (lost < count - 1) {
          recover(count, lost);
          images++;
        }
      }
    }
    assertTrue(images > 300, "only " + images + " crash states");
  }

  private void recover(int count, int lost) {
    SimDisk crashed = disk.after(count, lost);
    String where =
        "seed "
            + seed
            + ", after "
            + count
            + " operations, without "
            + lost
            + ": "
            + disk.describe(lost);
    int least = 0;
    for (Acknowledged a : acknowledged) {
      least = a.at <= count ? a.commits : least;
    }
    if (!crashed.exists(PATH)) {
      assertEquals(0, least, where);
      return;
    }
    verify(crashed, least, where);
    verify(crashed, least, where + ", opened again");
  }

  private void verify(SimDisk crashed, int least, String where) {
    try (Store store = Store.open(PATH, options(crashed), PageModel::replay)) {
      try (Snapshot snapshot = store.beginRead()) {
        int found = (int) Memory.getLong(snapshot.table(0).address(0));
        assertTrue(found >= least, where + ": found commit " + found + ", acknowledged " + least);
        states.get(found).verify(snapshot, where);
      }
      PageTransaction tx = store.beginWrite();
      Memory.putLong(tx.writable(0, 1), 7);
      store.rollback(tx);
    } catch (QuarryException e) {
      throw new AssertionError(where, e);
    }
  }

  @Test
  void aFullDiskFailsOneTransactionAndNoMore() {
    Random random = new Random(seed);
    states.add(new PageModel());
    Store store = Store.open(PATH, options(disk), PageModel::replay);
    commit(store, random, false);
    int failures = 0;
    for (int step = 0; step < 60; step++) {
      int at = disk.operationCount() + random.nextInt(3);
      disk.failing(ErrorCode.STORE_DISK_FULL, operation -> operation == at);
      PageModel next = states.getLast().copy();
      PageTransaction tx = step % 5 == 0 ? store.beginBulk() : store.beginWrite();
      next.change(store, tx, random, 3);
      try {
        store.commit(tx);
        states.add(next);
      } catch (QuarryException e) {
        failures++;
        if (store.isPoisoned()) {
          break;
        }
      }
      disk.failing(ErrorCode.STORE_DISK_FULL, operation -> false);
      try (Snapshot snapshot = store.beginRead()) {
        states.getLast().verify(snapshot, "seed " + seed + " step " + step);
      }
    }
    assertTrue(failures > 0);
    disk.failing(ErrorCode.STORE_DISK_FULL, operation -> false);
    store.close();
    assertEquals(0, store.budget().used());
  }
}
