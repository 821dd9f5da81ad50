package dev.quarry.graph.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.StoreOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Memory of a kernel is filled in pieces, before each of which it asks whether it should end.
class KernelMemoryTest {
  private static final long BYTES = 10 << 20;
  private static final int NODES = 10_000;

  private final GraphStore store =
      GraphStore.inMemory(StoreOptions.defaults().withMemory(128 << 20));
  private final AtomicLong looks = new AtomicLong();
  private long mostLooks = Long.MAX_VALUE;

  @AfterEach
  void theStoreIsSoundAndGivesAllBack() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private interface Work {
    void run(Kernel kernel);
  }

  private void run(int threads, Work work) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < NODES; i++) { // so many that threads are called
        tx.createNode(Set.of("V"), Map.of());
      }
      tx.commit();
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      Budget account = snapshot.memory().budget().child("kernel", 64 << 20);
      Kernel.Setting setting =
          new Kernel.Setting(
              snapshot, snapshot.memory(), account, threads, this::look, Progress.NONE);
      try (Kernel kernel = new Kernel(setting, Subgraph.ALL)) {
        work.run(kernel);
      }
      account.close();
    }
  }

  private void look() {
    if (looks.incrementAndGet() > mostLooks) {
      throw new IllegalStateException("enough");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void memoryIsFilledToItsLastByte(int threads) {
    run(
        threads,
        kernel -> {
          long bytes = BYTES + 24; // the last piece is small
          long address = kernel.zeroed(kernel.newScratch(), bytes);
          assertAll(address, bytes, 0);
          kernel.fill(address, bytes - 8, (byte) -1);
          assertAll(address, bytes - 8, -1);
          assertEquals(0, Memory.getLong(address + bytes - 8));
        });
  }

  private static void assertAll(long address, long bytes, long value) {
    for (long at = 0; at < bytes; at += 8) {
      assertEquals(value, Memory.getLong(address + at), "at " + at);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void cellsAscendOverAllPieces(int threads) {
    run(
        threads,
        kernel -> {
          long cells = kernel.newScratch().allocate(BYTES);
          kernel.ascend(cells, BYTES / 4);
          for (int i = 0; i < BYTES / 4; i++) {
            assertEquals(i, Memory.getInt(cells + i * 4L));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whoFillsLooksAtEachPieceWhetherToEnd(int threads) {
    run(
        threads,
        kernel -> {
          long before = looks.get();
          long address = kernel.zeroed(kernel.newScratch(), BYTES);
          if (threads == 1) {
            assertTrue(looks.get() - before >= 10, looks + " looks");
          }
          // of several threads, others may have done all before the caller comes to its second look
          mostLooks = looks.get() + (threads == 1 ? 1 : 0);
          assertThrows(IllegalStateException.class, () -> kernel.fill(address, BYTES, (byte) 1));
          mostLooks = Long.MAX_VALUE;
        });
  }
}
