package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Ids in their order, close together and far apart. The seed is printed: `-Dseed=N`.
class OrderedIdsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final GraphStore store =
      GraphStore.open(
          Path.of("/x.quarry"),
          StoreOptions.defaults()
              .withMemory(16 << 20)
              .withNativeMemory(NativeSource.FOREIGN)
              .withDisk(new SimDisk()));

  @AfterEach
  void close() {
    assertEquals(0, used(store));
    store.close();
  }

  static long used(GraphStore store) {
    return store.store().budget().children().stream()
        .filter(account -> account.name().equals("transactions"))
        .mapToLong(Budget::used)
        .sum();
  }

  @Test
  void idsAreThereOnceAndInTheirOrderWhateverTheirDistance() {
    System.out.println("OrderedIdsTest -Dseed=" + seed);
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      for (int round = 0; round < 60; round++) {
        long range = 1L << random.nextInt(1, 40);
        int arenas = random.nextInt(1, 4);
        int most = 1 << random.nextInt(0, 15);
        addSome(ids, most, range, arenas);
        ids.clear();
        assertEquals(0, ids.size(), where());
      }
    }
  }

  private void addSome(OrderedIds ids, int most, long range, int arenas) {
    Set<Long> expected = new LinkedHashSet<>();
    for (int i = random.nextInt(most); i >= 0; i--) {
      long id = Ids.node(random.nextInt(arenas), random.nextLong(range));
      assertEquals(expected.contains(id), ids.has(id), where());
      if (expected.add(id)) {
        ids.add(id);
      }
      assertTrue(ids.has(id), where());
      assertEquals(expected.size(), ids.size(), where());
    }
    assertEquals(List.copyOf(expected), all(ids), where());
  }

  @Test
  void idsThatAscendAreFoundWhereverTheirOrderBreaks() {
    System.out.println("OrderedIdsTest -Dseed=" + seed);
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      for (int round = 0; round < 200; round++) {
        int ascending = random.nextInt(300);
        for (long i = 1; i <= ascending; i++) {
          ids.add(i * 10);
        }
        assertEquals(ascending > 256, used(store) > 0, "some of them take no native memory");
        for (int i = 0; i < 40; i++) {
          long id = random.nextInt(10 * ascending + 10);
          boolean expected = id > 0 && id % 10 == 0 && id <= 10L * ascending;
          assertEquals(expected, ids.has(id), where());
        }
        int between = random.nextInt(100);
        for (long i = between; i > 0; i--) {
          assertFalse(ids.has(i * 10 - 5), where());
          ids.add(i * 10 - 5);
          assertTrue(ids.has(i * 10 - 5), where());
        }
        int behind = random.nextInt(100);
        for (long i = 1; i <= behind; i++) {
          ids.add((ascending + between + i) * 10);
        }
        assertEquals(ascending + between + behind, ids.size(), where());
        for (long i = between; i > 0; i--) {
          assertTrue(ids.has(i * 10 - 5), where());
        }
        for (long i = 1; i <= ascending; i++) {
          assertTrue(ids.has(i * 10), where());
          assertEquals(i * 10, ids.get(i - 1), where());
        }
        ids.close();
      }
    }
  }

  @Test
  void idsThatAreAddedAtOnceAreThoseThatAreAddedOneByOne() {
    System.out.println("OrderedIdsTest -Dseed=" + seed);
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      for (int round = 0; round < 400; round++) {
        long range = 1L << random.nextInt(1, 40);
        Set<Long> expected = new LinkedHashSet<>();
        for (int times = random.nextInt(20); times > 0; times--) {
          long[] some = some(range, random.nextInt(random.nextBoolean() ? 300 : 20));
          ids.addAll(some.clone(), some.length);
          Arrays.stream(some).forEach(expected::add);
          assertEquals(expected.size(), ids.size(), where());
          long one = Ids.node(0, random.nextLong(range));
          assertEquals(expected.contains(one), ids.has(one), where());
          if (expected.add(one)) {
            ids.add(one);
          }
        }
        assertEquals(List.copyOf(expected), all(ids), where());
        expected.forEach(id -> assertTrue(ids.has(id), where()));
        ids.clear();
      }
    }
  }

  @Test
  void aFewIdsInAnyOrderAreFoundAlsoWhenARunAboveThemFollows() {
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      long[] few = {9, 7, 5, 3, 1};
      long[] run = LongStream.range(10, 100).toArray();
      ids.addAll(few.clone(), few.length);
      ids.addAll(run.clone(), run.length);
      ids.addAll(few.clone(), few.length);
      long[] expected = LongStream.concat(Arrays.stream(few), Arrays.stream(run)).toArray();
      assertEquals(Arrays.stream(expected).boxed().toList(), all(ids));
      for (long id = 0; id < 110; id++) {
        assertEquals(id >= 10 ? id < 100 : id % 2 == 1, ids.has(id), "id " + id);
      }
    }
  }

  /// In any order, or as lists have them: ascending, equals side by side, maybe with a tail.
  private long[] some(long range, int count) {
    long[] some = new long[count];
    for (int i = 0; i < count; i++) {
      some[i] = Ids.node(random.nextInt(100) / 99, random.nextLong(range));
    }
    int sorted = random.nextInt(4) == 0 ? random.nextInt(count + 1) : count;
    Arrays.sort(some, 0, random.nextInt(4) == 0 ? 0 : sorted);
    return some;
  }

  private static List<Long> all(OrderedIds ids) {
    List<Long> found = new ArrayList<>();
    for (long i = 0; i < ids.size(); i++) {
      found.add(ids.get(i));
    }
    return found;
  }

  @Test
  void aFullBudgetRefusesAnIdAndLosesNone() {
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      assertThrows(
          MemoryBudgetException.class,
          () -> {
            while (true) {
              ids.add(ids.size() * 1_000);
            }
          });
      long size = ids.size();
      assertTrue(size > 10_000, size + " ids");
      for (long i = 0; i < size; i++) {
        assertTrue(ids.has(i * 1_000));
        assertEquals(i * 1_000, ids.get(i));
      }
      assertFalse(ids.has(size * 1_000));
      assertThrows(MemoryBudgetException.class, () -> ids.add(size * 1_000));
    }
  }

  @Test
  void aLargeSetThatIsClearedTwiceWithFewIdsBecomesSmall() {
    try (GraphSnapshot snapshot = store.beginRead();
        OrderedIds ids = new OrderedIds(snapshot.scratch())) {
      for (long i = 0; i < 16; i++) {
        ids.add(i);
      }
      assertEquals(0, used(store), "a few ids take no native memory");
      for (long i = 16; i < 20_000; i++) {
        ids.add(i * 1_000);
      }
      long large = used(store);
      ids.clear();
      assertEquals(large, used(store), "the next one may be as large");
      ids.add(1);
      ids.clear();
      assertEquals(0, used(store), "or not");
    }
  }

  private String where() {
    return "-Dseed=" + seed;
  }
}
