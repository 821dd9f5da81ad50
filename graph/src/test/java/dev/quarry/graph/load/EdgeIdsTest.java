package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Integers get slots in the order in which they are met, however they are kept.
class EdgeIdsTest {
  private final Budget budget = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.AUTO);
  private final Random random = new Random();
  private final long seed = Long.getLong("seed", System.nanoTime());

  @AfterEach
  void nothingIsLeft() {
    memory.close();
    assertEquals(0, budget.used());
  }

  private void resolve(EdgeIds ids, Map<Long, Long> model, LongSupplier draw, int count) {
    long[] batch = new long[count];
    Arrays.setAll(batch, i -> draw.getAsLong());
    long next = 5 + model.size();
    long[] fresh = Arrays.stream(batch).filter(id -> !model.containsKey(id)).distinct().toArray();
    Arrays.stream(batch).forEach(id -> model.putIfAbsent(id, 5L + model.size()));
    long[] expected = Arrays.stream(batch).map(model::get).toArray();
    int created = ids.resolve(batch, 0, count, next);
    assertArrayEquals(expected, batch, "seed " + seed);
    assertArrayEquals(fresh, Arrays.copyOf(ids.fresh(), created), "seed " + seed);
  }

  @Test
  void denseIntegersStayDenseUntilOthersCome() {
    random.setSeed(seed);
    Map<Long, Long> model = new HashMap<>();
    try (EdgeIds ids = new EdgeIds(memory, budget, 4 << 20)) {
      for (int batch = 0; batch < 20; batch++) {
        resolve(ids, model, () -> random.nextInt(300_000), 5000);
      }
      assertFalse(ids.isHashed());
      for (int batch = 0; batch < 20; batch++) {
        resolve(ids, model, () -> random.nextLong(-9, 1L << random.nextInt(1, 63)), 5000);
        resolve(ids, model, () -> random.nextInt(300_000), 5000);
      }
      assertTrue(ids.isHashed());
    }
  }

  @Test
  void sparseIntegersAreHashedAtOnce() {
    random.setSeed(seed);
    Map<Long, Long> model = new HashMap<>();
    try (EdgeIds ids = new EdgeIds(memory, budget, 1 << 20)) {
      resolve(ids, model, () -> random.nextInt(1 << 30), 10_000);
      assertTrue(ids.isHashed());
      resolve(ids, model, () -> random.nextInt(-3, 3), 100);
      resolve(ids, model, () -> Long.MAX_VALUE - random.nextInt(9), 100);
    }
  }
}
