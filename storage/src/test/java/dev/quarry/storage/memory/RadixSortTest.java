package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RadixSortTest {
  private record Item(long key, long more) {}

  private final long seed = Long.getLong("seed", System.nanoTime());

  @ParameterizedTest
  @CsvSource({
    "0, 8, 0",
    "1, 16, 0",
    "48, 8, 32",
    "49, 8, 32",
    "48, 16, 0",
    "5000, 16, 0",
    "5000, 8, 32",
    "5000, 16, 5"
  })
  void sortsByTheBitsFromOneOnAndKeepsTheOrderOfEquals(int count, int bytes, int lowestBit) {
    Random random = new Random(seed);
    Budget budget = Budget.root("test", 1 << 24);
    try (NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
        Scratch scratch = memory.scratch(budget)) {
      List<Item> model = new ArrayList<>();
      long records = scratch.allocate(Math.max(8, (long) count * bytes));
      long spare = scratch.allocate(Math.max(8, (long) count * bytes));
      for (int i = 0; i < count; i++) {
        long key = random.nextBoolean() ? random.nextLong() : random.nextInt(64) * 0x1_0000_0001L;
        model.add(new Item(key, bytes == 16 ? i : 0));
        Memory.putLong(records + (long) i * bytes, key);
        if (bytes == 16) {
          Memory.putLong(records + (long) i * bytes + 8, i);
        }
      }
      long sorted = RadixSort.sort(records, spare, count, bytes, lowestBit);
      model.sort(
          Comparator.comparing((Item item) -> item.key >>> lowestBit, Long::compareUnsigned));
      for (int i = 0; i < count; i++) {
        long at = sorted + (long) i * bytes;
        long more = bytes == 16 ? Memory.getLong(at + 8) : 0;
        assertEquals(model.get(i), new Item(Memory.getLong(at), more), "seed " + seed + " " + i);
      }
    }
    assertEquals(0, budget.used());
  }
}
