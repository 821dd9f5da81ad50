package dev.quarry.graph.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Entries come out as the tree has them, in whatever order they were added.
class EntryRunTest {
  private static final Comparator<long[]> IN_TREE =
      (a, b) -> {
        int order = Long.compareUnsigned(a[0], b[0]);
        order = order != 0 ? order : Long.compareUnsigned(a[1], b[1]);
        return order != 0 ? order : Long.compareUnsigned(a[2], b[2]);
      };

  private final Budget budget = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.AUTO);
  private final Scratch scratch = memory.scratch(budget);
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @AfterEach
  void nothingIsLeft() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  private void assertSorts(EntryRun run, List<long[]> entries) {
    entries.forEach(entry -> run.add(entry[0], entry[1], entry[2]));
    List<long[]> expected = new ArrayList<>(entries);
    expected.sort(IN_TREE);
    assertEquals(entries.size(), run.count());
    long at = run.sorted();
    long distinct = 0;
    for (int i = 0; i < expected.size(); i++, at += IndexCursor.WIDTH) {
      long[] entry = expected.get(i);
      assertEquals(entry[0], Memory.getLong(at + 16), "seed " + seed);
      assertEquals(entry[1], Memory.getLong(at + 8), "seed " + seed);
      assertEquals(entry[2], Memory.getLong(at), "seed " + seed);
      long[] before = i == 0 ? null : expected.get(i - 1);
      distinct += before == null || before[0] != entry[0] || before[1] != entry[1] ? 1 : 0;
    }
    assertEquals(distinct, run.distinct(), "seed " + seed);
    run.clear();
  }

  private List<long[]> entries(int count, long orders, long hashes) {
    List<long[]> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long order = orders == 0 ? random.nextLong() : random.nextLong(orders);
      long hash = hashes == 0 ? random.nextLong() : random.nextLong(hashes);
      entries.add(new long[] {order, hash, i});
    }
    java.util.Collections.shuffle(entries, random);
    return entries;
  }

  @Test
  void anyOrderBecomesThatOfTheTree() {
    try (EntryRun run = new EntryRun(scratch)) {
      assertSorts(run, List.of());
      assertSorts(run, entries(1, 0, 0));
      assertSorts(run, entries(10_000, 0, 0)); // all orders differ
      assertSorts(run, entries(10_000, 3, 0)); // texts that begin alike
      assertSorts(run, entries(10_000, 50, 3)); // values that repeat
      assertSorts(run, entries(1025, 1, 1));
    }
  }

  @Test
  void whatComesInOrderStaysAsItIs() {
    try (EntryRun run = new EntryRun(scratch)) {
      List<long[]> ascending = entries(5000, 1000, 3);
      ascending.sort(IN_TREE);
      assertSorts(run, ascending);
      List<long[]> oneIsLate = new ArrayList<>(ascending);
      oneIsLate.add(oneIsLate.removeFirst());
      assertSorts(run, oneIsLate);
    }
  }

  @Test
  void aRunTakesAPartOfWhatTheAccountHas() {
    try (EntryRun run = new EntryRun(scratch)) {
      long most = run.room();
      assertTrue(most < (64 << 20) / 4 / 40, most + " entries");
      for (long i = most; i > 0; i--) {
        run.add(i, 0, 0);
      }
      assertEquals(0, run.room());
      run.sorted();
      assertTrue(budget.used() < (64 << 20) / 2, budget.used() + " bytes");
    }
  }
}
