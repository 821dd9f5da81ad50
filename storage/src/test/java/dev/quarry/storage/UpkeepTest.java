package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the layer above has to add to a version before a checkpoint writes it.
class UpkeepTest {
  private static final Path PATH = Path.of("/sim/x.quarry").toAbsolutePath();

  private final SimDisk disk = new SimDisk();
  private final Store store = open();
  private boolean fails;

  @AfterEach
  void close() {
    fails = false;
    store.close();
    assertEquals(0, store.budget().used());
  }

  /// Keeps a number in the attachment of a version, and puts it into page 1 when asked.
  private final class Completing implements Upkeep {
    @Override
    public void before(PageTransaction pages) {
      throw new MemoryBudgetException(ErrorCode.MEMORY_BUDGET, "what only helps");
    }

    @Override
    public void complete(PageTransaction pages) {
      if (fails) {
        throw new MemoryBudgetException(ErrorCode.MEMORY_BUDGET, "as the test wants it");
      }
      if (pages.attachment() instanceof Long number && number > 0) {
        long cell = pages.writable(0, 1);
        Memory.putLong(cell, Memory.getLong(cell) + number);
        pages.attach(0L);
      }
    }
  }

  private Store open() {
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withNativeMemory(NativeSource.FOREIGN)
            .withReplayTime(Duration.ofNanos(1)) // so each commit finds a checkpoint due
            .withDisk(disk);
    Store opened = Store.open(PATH, options, (tx, bytes, at, length) -> {});
    opened.upkeep(new Completing());
    return opened;
  }

  private void commit() {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[100], 0, 100);
    tx.writable(0, 0);
    tx.attach((tx.attachment() instanceof Long number ? number : 0) + 1);
    store.commit(tx);
  }

  private long inPages() {
    try (Snapshot snapshot = store.beginRead()) {
      return Memory.getLong(snapshot.table(0).address(1));
    }
  }

  @Test
  void aCheckpointHasWhatOnlyItsVersionHeldThoughWhatHelpsFails() {
    commit();
    commit();
    store.checkpoint();
    assertEquals(2, inPages());
    assertTrue(store.statistics().checkpoints() > 0);
  }

  @Test
  void aCheckpointDoesNotBeginWhileItCannotBeCompletedAndCommitsStandInTheLog() {
    fails = true;
    for (int i = 0; i < 5; i++) {
      commit();
    }
    assertThrows(MemoryBudgetException.class, store::checkpoint);
    assertEquals(5, store.statistics().commitNumber());
    assertEquals(0, store.statistics().checkpoints());
    assertTrue(store.statistics().walBytes() > 0);
    fails = false;
    commit();
    assertEquals(6, inPages());
    assertEquals(0, store.statistics().walBytes());
  }

  @Test
  void aCopyIsCompletedAndTheVersionStaysAsItIs() {
    fails = true;
    commit();
    commit();
    fails = false;
    Path copied = PATH.resolveSibling("copy.quarry");
    store.backup(copied, bytes -> {});
    assertEquals(0, inPages());
    Store copy =
        Store.open(
            copied,
            StoreOptions.defaults().withMemory(StoreOptions.LEAST_MEMORY).withDisk(disk),
            (tx, bytes, at, length) -> {});
    try (Snapshot snapshot = copy.beginRead()) {
      assertEquals(2, Memory.getLong(snapshot.table(0).address(1)));
    }
    copy.close();
    assertEquals(0, copy.budget().used());
  }
}
