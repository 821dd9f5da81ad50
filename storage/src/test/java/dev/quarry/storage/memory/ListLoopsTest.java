package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import java.util.Random;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Loops over lists of numbers agree with plain ones, and make no access for a number that is too
/// great.
class ListLoopsTest {
  private static final int LIMIT = 500;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget budget = Budget.root("test", 16 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget.child("loops"));

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  private long list(int... numbers) {
    long list = scratch.allocate(numbers.length * 4L);
    for (int i = 0; i < numbers.length; i++) {
      Memory.putInt(list + i * 4L, numbers[i]);
    }
    return list;
  }

  private int[] someNumbers() {
    return random.ints(random.nextInt(300), 0, LIMIT).toArray();
  }

  @Test
  void productsAreThoseOfTheFactors() {
    double[] factors = random.doubles(random.nextInt(100)).toArray();
    long cells = scratch.allocate(factors.length * 8L);
    long into = scratch.allocate(factors.length * 8L + 8);
    for (int i = 0; i < factors.length; i++) {
      Memory.putDouble(cells + i * 8L, i - 7);
    }
    Memory.putDouble(into + factors.length * 8L, 3);
    ListLoops.multiply(cells, factors, into);
    for (int i = 0; i < factors.length; i++) {
      assertEquals((i - 7) * factors[i], Memory.getDouble(into + i * 8L), "seed " + seed);
    }
    assertEquals(3, Memory.getDouble(into + factors.length * 8L), "seed " + seed);
  }

  @Test
  void sumsAndBitsAreThoseOfTheNumbers() {
    int[] numbers = someNumbers();
    long list = list(numbers);
    long cells = scratch.allocate(LIMIT * 8L);
    double expected = 0;
    for (int i = 0; i < LIMIT; i++) {
      Memory.putDouble(cells + i * 8L, i * 0.5);
    }
    TreeSet<Integer> distinct = new TreeSet<>();
    for (int number : numbers) {
      expected += number * 0.5;
      distinct.add(number);
    }
    int n = numbers.length;
    assertEquals(expected, ListLoops.sum(list, n, LIMIT, cells), "seed " + seed);
    long bits = scratch.allocateZeroed(LIMIT / 8 + 8);
    assertEquals(false, ListLoops.anySet(list, n, LIMIT, bits));
    assertEquals(distinct.size(), ListMarks.mark(list, n, LIMIT, bits), "seed " + seed);
    assertEquals(n > 0, ListLoops.anySet(list, n, LIMIT, bits));
    assertEquals(0, ListMarks.mark(list, n, LIMIT, bits));
    long more = scratch.allocateZeroed(LIMIT / 8 + 8);
    long noted = scratch.allocate(n * 4L);
    int count = ListMarks.markAndNote(list, n, LIMIT, more, 7, noted);
    TreeSet<Integer> found = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      found.add(Memory.getInt(noted + i * 4L) - 7);
    }
    assertEquals(distinct, found, "seed " + seed);
    assertEquals(distinct.size(), count);
  }

  @Test
  void numbersThatAreNewAreWrittenOnceInTheirOrder() {
    long bits = scratch.allocateZeroed(LIMIT / 8 + 8);
    LinkedHashSet<Long> expected = new LinkedHashSet<>();
    long[] written = new long[5 + 900];
    int count = 5;
    for (int list = 0; list < 3; list++) {
      int[] numbers = someNumbers();
      IntStream.of(numbers).forEach(number -> expected.add(1_000L + number));
      long at = list(numbers);
      count += ListMarks.markAndWrite(at, numbers.length, LIMIT, bits, 1_000, written, count);
    }
    List<Long> found = LongStream.of(Arrays.copyOfRange(written, 5, count)).boxed().toList();
    assertEquals(List.copyOf(expected), found, "seed " + seed);
  }

  @Test
  void amountsAreAddedAndNumbersNotedWhenTheyAreMet() {
    long cells = scratch.allocateZeroed(LIMIT * 8L);
    long noted = scratch.allocate(4L * LIMIT + 4);
    LinkedHashMap<Integer, Long> expected = new LinkedHashMap<>();
    int count = 0;
    for (int list = 0; list < 3; list++) {
      int[] numbers = someNumbers();
      long amount = random.nextInt(1, 1 << 20) * (1L << 30);
      IntStream.of(numbers).forEach(number -> expected.merge(number, amount, Long::sum));
      long at = list(numbers);
      count = ListMarks.addAndNote(at, numbers.length, LIMIT, cells, amount, count, noted);
    }
    LinkedHashMap<Integer, Long> found = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      int number = Memory.getInt(noted + i * 4L);
      found.put(number, Memory.getLong(cells + number * 8L));
    }
    assertEquals(expected.toString(), found.toString(), "seed " + seed);
    assertEquals(expected.size(), count, "seed " + seed);
  }

  @Test
  void aSumThatDoesNotFitIsToldAndItsNumberIsNotedOnce() {
    long cells = scratch.allocateZeroed(LIMIT * 8L);
    long noted = scratch.allocate(4L * LIMIT + 4);
    long list = list(3, 4, 3, 3, 3, 3);
    Memory.putInt(noted + 3 * 4L, 77);
    assertEquals(2, ListMarks.addAndNote(list, 2, LIMIT, cells, 1L << 62, 0, noted));
    assertEquals(-1, ListMarks.addAndNote(list, 6, LIMIT, cells, 1L << 62, 2, noted));
    assertTrue(Memory.getLong(cells + 3 * 8L) < 0);
    assertEquals(77, Memory.getInt(noted + 3 * 4L), "no number was noted behind the two");
  }

  @Test
  void theValueWithTheMostVotesWinsTheLeastOfSeveral() {
    long cells = scratch.allocate(LIMIT * 4L);
    long votes = scratch.allocateZeroed(LIMIT * 4L);
    for (int i = 0; i < LIMIT; i++) {
      Memory.putInt(cells + i * 4L, i % 10);
    }
    int[] numbers = someNumbers();
    long list = list(numbers);
    TreeMap<Integer, Integer> expected = new TreeMap<>();
    for (int number : numbers) {
      expected.merge(number % 10, 1, Integer::sum);
    }
    long best = ListMarks.vote(list, numbers.length, LIMIT, cells, votes, 0);
    int most = expected.values().stream().mapToInt(v -> v).max().orElse(0);
    assertEquals(most, (int) (best >>> 32), "seed " + seed);
    for (var vote : expected.entrySet()) {
      if (vote.getValue() == most) {
        assertEquals(vote.getKey(), (int) best, "seed " + seed);
        break;
      }
    }
    ListMarks.unvote(list, numbers.length, LIMIT, cells, votes);
    for (int i = 0; i < LIMIT; i++) {
      assertEquals(0, Memory.getInt(votes + i * 4L));
    }
  }

  @Test
  void theRootOfASetIsItsLeastMember() {
    int[] naive = new int[LIMIT];
    long sets = scratch.allocate(LIMIT * 4L);
    ListLoops.ascend(sets, LIMIT, 0);
    for (int i = 0; i < LIMIT; i++) {
      naive[i] = i;
    }
    for (int i = 0; i < 400; i++) {
      int a = random.nextInt(LIMIT);
      int b = random.nextInt(LIMIT);
      boolean shared = random.nextBoolean();
      ListLoops.linkAll(list(b), 1, LIMIT, 0, sets, a, shared);
      int low = Math.min(naive[a], naive[b]);
      int high = Math.max(naive[a], naive[b]);
      for (int k = 0; k < LIMIT; k++) {
        naive[k] = naive[k] == high ? low : naive[k];
      }
    }
    ListLoops.flatten(sets, 0, LIMIT);
    for (int i = 0; i < LIMIT; i++) {
      assertEquals(naive[i], Memory.getInt(sets + i * 4L), "seed " + seed + ", member " + i);
    }
  }

  @Test
  void cellsThatHoldAValueAreTold() {
    long cells = scratch.allocate(64 * 4);
    long expected = 0;
    for (int i = 0; i < 64; i++) {
      int value = random.nextInt(-1, 2);
      Memory.putInt(cells + i * 4L, value);
      expected |= value == -1 ? 1L << i : 0;
    }
    assertEquals(expected, ListLoops.equal(cells, -1), "seed " + seed);
  }

  @Test
  void cellsOfBitsGetAValueAndNoOther() {
    long bits = random.nextLong();
    long cells = scratch.allocate(64 * 4);
    ListLoops.ascend(cells, 64, 100);
    ListLoops.putEach(cells, bits, 7);
    for (int i = 0; i < 64; i++) {
      int expected = (bits >>> i & 1) != 0 ? 7 : 100 + i;
      assertEquals(expected, Memory.getInt(cells + i * 4L), "seed " + seed);
    }
  }

  @Test
  void numbersAreTheSecondHalvesOfEntriesOfEightBytes() {
    long entries = scratch.allocate(80);
    for (int i = 0; i < 20; i++) {
      Memory.putInt(entries + i * 4L, i);
    }
    long numbers = scratch.allocate(40);
    ListLoops.copyNumbers(entries, 10, numbers);
    for (int i = 0; i < 10; i++) {
      assertEquals(2 * i + 1, Memory.getInt(numbers + i * 4L));
    }
  }

  @Test
  void aNumberThatIsTooGreatIsDamageAndNoAccess() {
    long cells = scratch.allocateZeroed(LIMIT * 8L);
    long votes = scratch.allocateZeroed(LIMIT * 4L);
    long into = scratch.allocate(64);
    long noted = scratch.allocate(4L * LIMIT + 4);
    long bits = scratch.allocateZeroed(LIMIT / 8 + 8);
    IntConsumer[] loops = {
      forged -> ListLoops.sum(list(1, forged), 2, LIMIT, cells),
      forged -> ListLoops.claim(list(forged), 1, LIMIT, cells, 1, false, 0, into),
      forged -> ListLoops.anySet(list(1, forged), 2, LIMIT, bits),
      forged -> ListLoops.linkAll(list(forged), 1, LIMIT, 0, cells, 0, false),
      forged -> ListLoops.first(list(forged), LIMIT, 0),
      forged -> ListMarks.mark(list(forged), 1, LIMIT, bits),
      forged -> ListMarks.markAndNote(list(forged), 1, LIMIT, bits, 0, into),
      forged -> ListMarks.markAndWrite(list(forged), 1, LIMIT, bits, 0, new long[1], 0),
      forged -> ListMarks.addAndNote(list(forged), 1, LIMIT, cells, 1, 0, noted),
      forged -> ListMarks.distinct(list(forged), 1, LIMIT, cells, 5, 0, into),
      forged -> ListMarks.vote(list(forged), 1, LIMIT, cells, votes, 0),
      forged -> ListMarks.collect(list(forged), 1, LIMIT, cells, 9, bits, bits, into),
    };
    for (int i = 0; i < loops.length; i++) {
      for (int forged : new int[] {LIMIT, LIMIT + 1, Integer.MAX_VALUE, -1}) {
        IntConsumer loop = loops[i];
        CorruptPageException damage =
            assertThrows(CorruptPageException.class, () -> loop.accept(forged), "loop " + i);
        assertEquals(ErrorCode.STORE_DAMAGED, damage.code());
        assertTrue(
            String.valueOf(damage.getMessage()).contains((forged & 0xFFFFFFFFL) + " of an arena"),
            damage.getMessage());
      }
    }
  }
}
