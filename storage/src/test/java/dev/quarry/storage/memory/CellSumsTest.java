package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Sums over cells are those of their integers, of any sign and size. The seed is printed when it
/// fails: `-Dseed=N`.
class CellSumsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget budget = Budget.root("test", 16 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget.child("sums"));

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  @Test
  void sumsAreThoseOfTheIntegers() {
    for (int round = 0; round < 200; round++) {
      int count = random.nextInt(40);
      int shift = random.nextInt(64);
      long[] values = random.longs(count).map(value -> value >> shift).toArray();
      long[] factors = random.longs(count).map(value -> value >>> shift).toArray();
      long sum = 0;
      long products = 0;
      long most = 0;
      for (int i = 0; i < count; i++) {
        sum += values[i];
        products += values[i] * factors[i];
        most = Math.max(most, values[i] < 0 ? ~values[i] : values[i]);
      }
      long cells = cells(values);
      assertEquals(sum, CellSums.sum(cells, count), "seed " + seed);
      assertEquals(products, CellSums.sumProducts(cells, cells(factors), count), "seed " + seed);
      long magnitude = CellSums.magnitude(cells, count);
      assertTrue(magnitude >= most, "seed " + seed);
      assertEquals(
          Long.numberOfLeadingZeros(most), Long.numberOfLeadingZeros(magnitude), "seed " + seed);
    }
  }

  @Test
  void differencesAreAddedAndAFallIsTold() {
    for (int round = 0; round < 200; round++) {
      int count = random.nextInt(40);
      long before = random.nextInt(9) * 500_000_000L;
      long numbers = scratch.allocate(4L * count);
      long[] expected = random.longs(3 + count, 0, 100).toArray();
      long[] sums = expected.clone();
      boolean rises = true;
      long last = before;
      for (int i = 0; i < count; i++) {
        boolean falls = random.nextInt(60) == 0 && last > 0;
        long number = Math.min(last + random.nextInt(9), 0xFFFFFFFFL) - (falls ? 9 : 0);
        number = Math.max(0, number);
        rises &= number >= last;
        Memory.putInt(numbers + i * 4L, (int) number);
        expected[3 + i] += number - last;
        last = number;
      }
      assertEquals(rises, CellSums.addDifferences(numbers, before, count, sums, 3), "seed " + seed);
      if (rises) {
        assertArrayEquals(expected, sums, "seed " + seed);
      }
    }
  }

  private long cells(long[] values) {
    long at = scratch.allocate(8L * values.length);
    for (int i = 0; i < values.length; i++) {
      Memory.putLong(at + i * 8L, values[i]);
    }
    return at;
  }
}
