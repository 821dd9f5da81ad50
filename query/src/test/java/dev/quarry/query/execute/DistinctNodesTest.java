package dev.quarry.query.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Sets and queues of nodes in native memory do what those of Java do, and give back what they
/// took.
class DistinctNodesTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private GraphStore graph;
  private Budget account;
  private Scratch memory;

  @BeforeEach
  void open() {
    System.out.println("seed " + seed);
    graph = GraphStore.inMemory(StoreOptions.defaults());
    account = graph.store().budget().child("nodes");
    memory = graph.store().memory().scratch(account);
  }

  @AfterEach
  void close() {
    memory.close();
    assertEquals(0, account.used());
    account.close();
    graph.close();
    assertEquals(0, graph.store().budget().used());
  }

  @Test
  void aSetHoldsWhatWasAdded() {
    try (DistinctNodes set = new DistinctNodes(memory, () -> {})) {
      for (int round = 0; round < 12; round++) {
        set.clear();
        Set<Long> expected = new HashSet<>();
        int nodes = 1 << random.nextInt(14);
        long slots = random.nextBoolean() ? nodes : Ids.SLOT_MASK;
        for (int i = 0; i < nodes; i++) {
          long node = Ids.node(random.nextInt(3), random.nextLong(slots));
          assertEquals(expected.contains(node), set.contains(node), "seed " + seed);
          assertEquals(expected.add(node), set.add(node), "seed " + seed);
          assertTrue(set.contains(node), "seed " + seed);
        }
        for (long node : expected) {
          assertTrue(set.contains(node), "seed " + seed);
          assertFalse(set.add(node), "seed " + seed);
        }
      }
    }
  }

  @Test
  void aSetOfNeighboursTakesLittleAndALargeOneIsGivenBack() {
    try (DistinctNodes set = new DistinctNodes(memory, () -> {})) {
      set.clear();
      for (long slot = 0; slot < 1_000_000; slot++) {
        assertTrue(set.add(Ids.node(1, slot)));
      }
      assertTrue(account.used() <= 1 << 20, account.used() + " bytes");
      set.clear();
      assertTrue(account.used() <= 4096, account.used() + " bytes");
    }
  }

  @Test
  void aQueueGivesNodesInTheirOrderAndFillsItsChunksAgain() {
    NodeQueue queue = new NodeQueue(memory);
    for (int round = 0; round < 4; round++) {
      queue.clear();
      ArrayDeque<Long> expected = new ArrayDeque<>();
      long[] taken = new long[64];
      for (int i = 0; i < 3_000; i++) {
        for (int added = random.nextInt(100); added > 0 && expected.size() < 2_000; added--) {
          long node = random.nextLong(Ids.SLOT_MASK);
          queue.add(node);
          expected.add(node);
        }
        int count = random.nextInt(1 + (int) Math.min(taken.length, queue.size()));
        queue.take(taken, count);
        for (int j = 0; j < count; j++) {
          assertEquals(expected.remove(), taken[j], "seed " + seed);
        }
        assertEquals(expected.size(), queue.size(), "seed " + seed);
      }
      assertTrue(account.used() <= 64 << 10, account.used() + " bytes");
    }
  }
}
