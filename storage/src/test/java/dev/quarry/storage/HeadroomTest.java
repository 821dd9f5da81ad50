package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Space that is kept for a full disk. `FullDisk` of the torture sweeps over all amounts of space.
class HeadroomTest {
  private static final Path PATH = Path.of("/sim/x.quarry").toAbsolutePath();
  private static final Path RESERVE = PATH.resolveSibling("x.quarry-reserve");
  private static final int PAGES = 200;

  private final SimDisk disk = new SimDisk();
  private Store store = open();

  @AfterEach
  void close() {
    disk.capacity(Long.MAX_VALUE);
    store.close();
    assertEquals(0, store.budget().used());
    assertEquals(List.of(PATH), disk.paths());
  }

  @Test
  void aFullDiskRefusesWhatAddsAndTakesWhatRemovesUntilThereIsSpaceAgain() {
    add();
    disk.capacity(disk.usedBytes());
    assertEquals(ErrorCode.STORE_DISK_FULL, failureOf(this::addUntilTheLogIsFull));
    removeUntilTheLogIsFull();
    assertEquals(List.of(), disk.paths().stream().filter(RESERVE::equals).toList());
    assertEquals(ErrorCode.STORE_DISK_FULL, failureOf(this::add));
    disk.capacity(Long.MAX_VALUE);
    add();
    assertEquals(List.of(RESERVE), disk.paths().stream().filter(RESERVE::equals).toList());
  }

  @Test
  void aCheckpointOnAFullDiskUsesWhatIsKept() {
    add();
    disk.capacity(disk.usedBytes());
    store.checkpoint();
    assertEquals(1, store.statistics().checkpoints());
  }

  @Test
  void nothingIsKeptBeforeTheFirstWriteAndAfterTheClose() {
    assertEquals(List.of(PATH), disk.paths());
    add();
    store.close();
    assertEquals(List.of(PATH), disk.paths());
    store = open();
  }

  private static ErrorCode failureOf(Runnable work) {
    return assertThrows(StoreIoException.class, work::run).code();
  }

  private void addUntilTheLogIsFull() {
    for (int i = 0; i < 1_000; i++) {
      add();
    }
  }

  private void removeUntilTheLogIsFull() {
    for (int i = 0; i < 300; i++) {
      commit(true);
    }
  }

  private void add() {
    commit(false);
  }

  private void commit(boolean removes) {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[1_000], 0, 1_000);
    tx.onlyRemoves(removes);
    tx.writable(0, store.statistics().commitNumber() % PAGES);
    store.commit(tx);
  }

  private Store open() {
    return Store.open(
        PATH,
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withNativeMemory(NativeSource.FOREIGN)
            .withHeadroom(1 << 20)
            .withDisk(disk),
        (tx, bytes, at, length) -> {});
  }
}
