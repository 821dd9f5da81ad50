package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Sets of numbers hold what they were made of, and agree with a model on what is marked.
class NumberSetsTest {
  private static final int LIMIT = 2000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget budget = Budget.root("test", 16 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget.child("sets"));
  private final long marks = scratch.allocateZeroed(LIMIT / 8 + 8);
  private final long otherMarks = scratch.allocateZeroed(LIMIT / 8 + 8);

  private record Made(long at, int words, int singles) {}

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  /// Numbers some of which lie close together, in any order, marked in one place, the other, or
  /// both.
  private Made make(TreeSet<Integer> numbers) {
    Integer[] order = numbers.toArray(Integer[]::new);
    Collections.shuffle(Arrays.asList(order), random);
    long list = scratch.allocate(order.length * 4L);
    for (int i = 0; i < order.length; i++) {
      Memory.putInt(list + i * 4L, order[i]);
      int where = random.nextInt(1, 4);
      set(marks, order[i], where & 1);
      set(otherMarks, order[i], where >> 1);
    }
    long at = scratch.allocate(order.length * 4L);
    long made = NumberSets.make(list, order.length, marks, otherMarks, at);
    return new Made(at, (int) (made >>> 32), (int) made);
  }

  private static void set(long marks, int number, long bit) {
    long word = marks + (number >>> 6) * 8L;
    Memory.putLong(word, Memory.getLong(word) | bit << number);
  }

  private TreeSet<Integer> some() {
    TreeSet<Integer> numbers = new TreeSet<>();
    int below = 1 + random.nextInt(LIMIT);
    int count = random.nextInt(120);
    for (int i = 0; i < count; i++) {
      numbers.add(random.nextBoolean() ? random.nextInt(below) : random.nextInt(LIMIT));
    }
    return numbers;
  }

  private static TreeSet<Integer> read(Made set) {
    TreeSet<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < set.words; i++) {
      for (int bit = 0; bit < 64; bit++) {
        if ((NumberSets.bits(set.at, i) >>> bit & 1) != 0) {
          assertTrue(numbers.add((NumberSets.index(set.at, i) << 6) + bit));
        }
      }
    }
    for (int i = 0; i < set.singles; i++) {
      assertTrue(numbers.add(NumberSets.single(set.at, set.words, i)));
    }
    return numbers;
  }

  private void assertClear(long place) {
    for (int word = 0; word <= LIMIT >>> 6; word++) {
      assertEquals(0, Memory.getLong(place + word * 8L), "seed " + seed);
    }
  }

  @RepeatedTest(50)
  void aSetHasTheNumbersItWasMadeOfAndTakesNoMoreThanThey() {
    TreeSet<Integer> numbers = some();
    Made set = make(numbers);
    assertEquals(numbers, read(set), "seed " + seed);
    assertTrue(NumberSets.bytes(set.words, set.singles) <= numbers.size() * 4L, "seed " + seed);
    assertClear(marks);
    assertClear(otherMarks);
  }

  @RepeatedTest(50)
  void whatTwoSetsHaveInCommonIsCountedByMarks() {
    TreeSet<Integer> numbers = some();
    TreeSet<Integer> others = some();
    Made set = make(numbers);
    Made other = make(others);
    NumberSets.mark(set.at, set.words, set.singles, marks);
    long found = NumberSets.countMarked(other.at, other.words, other.singles, marks);
    numbers.retainAll(others);
    assertEquals(numbers.size(), found, "seed " + seed);
    NumberSets.clear(set.at, set.words, set.singles, marks);
    assertClear(marks);
  }

  @Test
  void anEmptySetHasNothingMarkedWhereverItLies() {
    assertEquals(0, NumberSets.countMarked(1, 0, 0, marks));
  }

  @Test
  void threeNumbersOfAWordAreOneAndTwoAreNot() {
    Made set = make(new TreeSet<>(List.of(64, 127, 100, 5, 6)));
    assertEquals(1, set.words);
    assertEquals(2, set.singles);
  }
}
