package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Integers lead to the nodes that were noted first, however they are kept.
class IntegerMapTest {
  private final Budget budget = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.AUTO);
  private final Random random = new Random();
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Map<Long, Long> model = new HashMap<>();
  private final IntegerMap map = new IntegerMap(memory, budget, 2 << 20);

  @AfterEach
  void nothingIsLeft() {
    map.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  private void put(LongSupplier keys, LongSupplier nodes, int count) {
    for (int i = 0; i < count; i++) {
      long key = keys.getAsLong();
      long node = nodes.getAsLong();
      Long known = model.putIfAbsent(key, node);
      assertEquals(known == null ? -1 : known, map.put(key, node), "seed " + seed);
    }
  }

  private void assertEqualsModel(LongSupplier others) {
    long[] keys = new long[2 * model.size()];
    long[] expected = new long[keys.length];
    int count = 0;
    for (long key : model.keySet()) {
      keys[count++] = key;
      keys[count++] = others.getAsLong();
    }
    for (int i = 0; i < count; i++) {
      expected[i] = model.getOrDefault(keys[i], -1L);
    }
    long[] found = new long[count];
    map.getAll(keys, found, count);
    assertArrayEquals(expected, found, "seed " + seed);
    Map<Long, Long> visited = new HashMap<>();
    map.forEach(visited::put);
    assertEquals(model, visited, "seed " + seed);
  }

  @Test
  void denseIntegersStayDenseUntilOthersCome() {
    random.setSeed(seed);
    LongSupplier nodes = () -> Ids.node(3, model.size());
    put(() -> random.nextInt(300_000), nodes, 50_000);
    assertFalse(map.isHashed());
    assertEqualsModel(() -> random.nextInt(400_000));
    put(() -> random.nextLong(-9, 1L << random.nextInt(1, 63)), nodes, 50_000);
    assertTrue(map.isHashed());
    put(() -> random.nextInt(300_000), nodes, 50_000);
    assertEqualsModel(() -> random.nextLong(-9, 400_000));
  }

  /// Integers that ascend are noted many at a time, close together or not, in turn with others.
  @Test
  void thoseThatAscendLeadToTheSameNodesAsOneByOne() {
    random.setSeed(seed);
    for (int round = 0; round < 60; round++) {
      putAscending(random.nextInt(1, 9_000), 1 + random.nextInt(3) * random.nextInt(12));
      put(() -> random.nextInt(300_000), () -> Ids.node(3, model.size()), random.nextInt(20));
    }
    assertFalse(map.isHashed());
    assertEqualsModel(() -> random.nextInt(900_000));
    putAscending(20_000, 1 << 20);
    assertTrue(map.isHashed());
    putAscending(2_000, 1);
    assertEqualsModel(() -> random.nextLong(1L << 30));
  }

  /// Integers that count up with their nodes, from any one on, then others among and behind them.
  @Test
  void aSeriesNeedsNoPagesAndIsKnownBesideOthers() {
    random.setSeed(seed);
    long first = random.nextInt(4) * 1_000_000_000_000L - 100;
    long[] keys = java.util.stream.LongStream.range(first, first + 100_000).toArray();
    for (int i = 0; i < 100; i++) {
      put(() -> first + model.size(), () -> Ids.node(2, 7 + model.size()), 1);
    }
    map.putAscending(keys, 100, keys.length - 100, Ids.node(2, 107));
    for (int i = 100; i < keys.length; i++) {
      model.put(keys[i], Ids.node(2, 7 + i));
    }
    assertEquals(0, budget.used());
    assertEquals(first + keys.length - 1, map.greatest());
    assertEqualsModel(() -> first + random.nextInt(-200, 200_000));
    put(() -> first + random.nextInt(-50, 100_050), () -> Ids.node(2, 500_000), 1000);
    put(() -> first + keys.length, () -> Ids.node(2, 7 + keys.length), 1);
    assertEqualsModel(() -> first + random.nextInt(-200, 200_000));
    put(() -> random.nextLong(1L << random.nextInt(1, 63)), () -> Ids.node(5, 3), 1000);
    assertTrue(map.isHashed());
    assertEqualsModel(() -> first + random.nextInt(-200, 200_000));
  }

  private void putAscending(int count, int mostGap) {
    long[] keys = new long[count + 1];
    long node = Ids.node(3, model.size());
    keys[0] = -1; // not one of them
    long key = Math.max(-1, map.greatest());
    for (int i = 0; i < count; i++) {
      key += random.nextInt(50) == 0 ? mostGap : 1;
      keys[i + 1] = key;
      model.put(key, node + i);
    }
    map.putAscending(keys, 1, count, node);
    assertEquals(key, map.greatest());
  }

  @Test
  void nodesMayBeOfManyArenas() {
    random.setSeed(seed);
    put(() -> random.nextInt(1000), () -> Ids.node(0, model.size()), 500);
    assertFalse(map.isHashed());
    put(() -> random.nextInt(1000), () -> Ids.node(random.nextInt(9), model.size()), 500);
    assertTrue(map.isHashed());
    assertEqualsModel(() -> random.nextInt(2000));
  }

  /// A slot that does not fit in 4 bytes is not cut.
  @Test
  void slotsMayBeLarge() {
    put(() -> 1, () -> 0xFFFF_FFFEL, 1);
    assertFalse(map.isHashed());
    put(() -> 2, () -> 0xFFFF_FFFFL, 1);
    put(() -> 3, () -> 1L << 39, 1);
    assertTrue(map.isHashed());
    assertEqualsModel(() -> 0);
  }
}
