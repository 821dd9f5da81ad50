package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Relationships come sorted both ways, whatever they look like and however little memory there is.
class RelationshipSorterTest {
  @TempDir Path folder = Path.of("");
  private final Budget budget = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.AUTO);
  private final long seed = Long.getLong("seed", System.nanoTime());

  private record Pair(long first, long second, long row) {}

  private static final Comparator<Pair> ORDER =
      Comparator.comparingLong(Pair::first).thenComparingLong(Pair::second);

  @AfterEach
  void nothingIsLeft() throws IOException {
    memory.close();
    assertEquals(0, budget.used());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  /// How the ends of a relationship are drawn.
  private interface Shape {
    Pair draw(Random random, long row);
  }

  private static Shape uniform(int nodes) {
    return (random, row) -> new Pair(random.nextInt(nodes), random.nextInt(nodes), row);
  }

  /// Most relationships begin at one node.
  private static final Shape STAR =
      (random, row) ->
          new Pair(random.nextInt(20) == 0 ? random.nextInt(5000) : 7, random.nextInt(50_000), row);

  /// Nearly all are parallel.
  private static final Shape PARALLEL =
      (random, row) -> new Pair(3, random.nextInt(50) == 0 ? random.nextInt(9) : 4, row);

  /// Few nodes of very many.
  private static final Shape FAR =
      (random, row) -> new Pair(0xFFFF_FFF0L + random.nextInt(9), random.nextLong(1L << 32), row);

  private void check(Shape shape, boolean isWide, int count, long bufferBytes, int spillEvery) {
    Random random = new Random(seed);
    List<Pair> all = new ArrayList<>();
    List<Pair> out = new ArrayList<>();
    List<Pair> in = new ArrayList<>();
    try (PlainSorter sorter =
        new PlainSorter(resources(memory, budget), isWide, bufferBytes, "k")) {
      for (int i = 0; i < count; i++) {
        Pair pair = shape.draw(random, isWide ? i : -1);
        all.add(pair);
        sorter.add(pair.first(), pair.second(), pair.row());
        if (spillEvery > 0 && random.nextInt(spillEvery) == 0) {
          sorter.spill();
        }
      }
      assertEquals(count, sorter.total());
      sorter.drain(into(out, isWide), into(in, isWide));
    }
    String where = "seed " + seed + ", " + count + " records, spill " + spillEvery;
    all.sort(ORDER); // stable: equals stay in order of rows
    assertTrue(all.equals(out), where + ": by source");
    List<Pair> turned = new ArrayList<>();
    all.forEach(pair -> turned.add(new Pair(pair.second(), pair.first(), pair.row())));
    turned.sort(ORDER);
    assertTrue(turned.equals(in), where + ": by target");
  }

  private static Sorted into(List<Pair> list, boolean isWide) {
    int width = isWide ? 16 : 8;
    return (records, count) -> {
      for (long at = records; at < records + count * width; at += width) {
        long key = Memory.getLong(at);
        list.add(new Pair(key >>> 32, key & 0xFFFF_FFFFL, isWide ? Memory.getLong(at + 8) : -1));
      }
    };
  }

  private void checkAll(Shape shape) {
    for (boolean isWide : new boolean[] {false, true}) {
      for (long buffers : new long[] {1 << 14, 1 << 20}) {
        check(shape, isWide, 60_000, buffers, 0);
        check(shape, isWide, 60_000, buffers, 5000);
        check(shape, isWide, 5000, buffers, 100);
      }
    }
    check(shape, false, 300_000, 4 << 20, 100_000);
    check(shape, true, 200_000, 4 << 20, 0); // in parts
    check(shape, true, 0, 1 << 20, 0);
    check(shape, false, 1, 1 << 20, 1);
  }

  @Test
  void manyNodesOfFewRelationships() {
    checkAll(uniform(100_000));
  }

  @Test
  void fewNodesOfManyRelationships() {
    checkAll(uniform(100));
  }

  @Test
  void oneNodeWithMostRelationships() {
    checkAll(STAR);
    check(STAR, false, 200_000, 32 << 20, 0); // more in one bucket than are sorted in arrays
  }

  @Test
  void oneNodeInTheFirstSlotWithAll() {
    checkAll((random, row) -> new Pair(random.nextInt(3000), 0, row));
    checkAll((random, row) -> new Pair(0, random.nextInt(3000), row));
    check((random, row) -> new Pair(0, 0, row), true, 30_000, 1 << 14, 10_000);
  }

  @Test
  void parallelsKeepTheirOrder() {
    checkAll(PARALLEL);
  }

  @Test
  void slotsAtTheEndOfTheirRange() {
    checkAll(FAR);
  }

  @Test
  void tooLittleMemoryIsATypedErrorAndLeavesNothing() {
    Budget account = budget.child("little", 1 << 20);
    try (PlainSorter sorter = new PlainSorter(resources(memory, account), false, 1 << 18, "k")) {
      assertThrows(
          MemoryBudgetException.class,
          () -> {
            for (int i = 0; i < 200_000; i++) {
              sorter.add(i, i, -1);
            }
          });
      // what is in memory cannot be sorted beside itself either
      assertThrows(MemoryBudgetException.class, sorter::spill);
    }
    account.close();
  }

  @Test
  void whatATargetRaisesEndsTheSort() {
    try (PlainSorter sorter = new PlainSorter(resources(memory, budget), false, 1 << 20, "k")) {
      for (int i = 0; i < 100_000; i++) {
        sorter.add(i % 1000, i, -1);
        if (i == 50_000) {
          sorter.spill();
        }
      }
      Sorted broken =
          (records, count) -> {
            throw new IllegalStateException("broken");
          };
      assertThrows(IllegalStateException.class, () -> sorter.drain(broken, broken));
    }
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private SortResources resources(NativeMemory memory, Budget account) {
    return new SortResources(
        memory, account, 1 + (int) Math.floorMod(seed, 3L), Disk.real(), folder);
  }
}
