package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Loops over the lists of a stretch agree with those over each list by itself, and make no access
/// for an end or a number that cannot be.
class StretchLoopsTest {
  private static final int LIMIT = 500;
  private static final int ROOM = 4096;
  private static final long BEGIN = 0xFFFF_FF00L; // ends pass the greatest number of 4 bytes

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget budget = Budget.root("test", 16 << 20);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget.child("loops"));
  private final Stretch stretch = new Stretch(scratch.allocate(Stretch.bytes(ROOM)), ROOM);
  private final int[][] lists = new int[Stretch.SLOTS][];
  private long ends;
  private long wanted;

  @BeforeEach
  void someListsAreWanted() {
    wanted = random.nextLong();
    for (int i = 0; i < lists.length; i++) {
      lists[i] = random.ints(random.nextInt(4) == 0 ? 0 : random.nextInt(40), 0, LIMIT).toArray();
    }
  }

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  /// Lays the lists out as in a page, or copied in two parts, of entries of 4 or 8 bytes.
  private void lay() {
    lay(-1L);
  }

  private void lay(long inRun) {
    int[] all = Arrays.stream(lists).flatMapToInt(Arrays::stream).toArray();
    int width = random.nextBoolean() ? 4 : 8;
    long entries = scratch.allocateZeroed((long) all.length * width);
    for (int i = 0; i < all.length; i++) {
      Memory.putInt(entries + (long) i * width + width - 4, all[i]);
    }
    ends = scratch.allocate(Stretch.SLOTS * 4L);
    int end = 0;
    for (int i = 0; i < lists.length; i++) {
      end += lists[i].length;
      Memory.putInt(ends + i * 4L, (int) BEGIN + end);
    }
    stretch.clear();
    if (width == 4 && random.nextBoolean()) {
      stretch.putRun(inRun, ends, BEGIN, all.length, entries);
      return;
    }
    int some = random.nextInt(all.length + 1);
    long numbers = stretch.copyEnd();
    stretch.copy(entries, some, width);
    stretch.copy(entries + (long) some * width, all.length - some, width);
    stretch.putRun(inRun, ends, BEGIN, all.length, numbers);
  }

  /// Lays each list at a place of its own, some of them after those that follow.
  private void scatter() {
    stretch.clear();
    for (int i = lists.length - 1; i >= 0; i--) {
      stretch.put(i, copied(lists[i]), lists[i].length);
    }
  }

  private long copied(int[] list) {
    long numbers = scratch.allocateZeroed(Math.max(list.length, 3) * 4L);
    for (int k = 0; k < list.length; k++) {
      Memory.putInt(numbers + k * 4L, list[k]);
    }
    return numbers;
  }

  /// Lays the lists out as in a page, and then others at places of their own instead of some, those
  /// of few numbers with room for more, which are not theirs.
  private void layAndChange() {
    long changed = random.nextLong();
    lay(~changed);
    long few = 0;
    int total = 0;
    for (long bits = changed; bits != 0; bits &= bits - 1) {
      int slot = Long.numberOfTrailingZeros(bits);
      lists[slot] = random.ints(random.nextInt(8), 0, LIMIT).toArray();
      if (lists[slot].length > 3) {
        stretch.put(slot, copied(lists[slot]), lists[slot].length);
        continue;
      }
      long numbers = scratch.allocate(12);
      Memory.fill(numbers, 12, (byte) -1);
      Memory.copy(copied(lists[slot]), numbers, lists[slot].length * 4L);
      stretch.place(slot, numbers, lists[slot].length);
      few |= 1L << slot;
      total += lists[slot].length;
    }
    stretch.putFew(few, total);
  }

  private void layOrScatter() {
    switch (random.nextInt(3)) {
      case 0 -> lay();
      case 1 -> scatter();
      default -> layAndChange();
    }
  }

  /// The slots whose bits are set.
  private int[] wantedSlots() {
    int[] slots = new int[Long.bitCount(wanted)];
    int next = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      slots[next++] = Long.numberOfTrailingZeros(bits);
    }
    return slots;
  }

  @RepeatedTest(10)
  void aListIsFoundByItsSlot() {
    layOrScatter();
    for (int i = 0; i < lists.length; i++) {
      assertEquals(lists[i].length, stretch.length(i), "seed " + seed);
      for (int k = 0; k < lists[i].length; k++) {
        int number = Memory.getInt(stretch.address(i) + k * 4L);
        assertEquals(lists[i][k], number, "seed " + seed);
      }
    }
  }

  @RepeatedTest(20)
  void numbersAreAddedUpUnsigned() {
    lists[7] = new int[] {-1, 1, Integer.MIN_VALUE};
    wanted |= 1L << 7;
    layOrScatter();
    long expected =
        Arrays.stream(wantedSlots())
            .flatMap(slot -> Arrays.stream(lists[slot]))
            .mapToLong(Integer::toUnsignedLong)
            .sum();
    assertEquals(expected, StretchLoops.sumNumbers(stretch, wanted), "seed " + seed);
  }

  @RepeatedTest(10)
  void sumsAreThoseOfEachList() {
    layOrScatter();
    long cells = scratch.allocate(LIMIT * 8L);
    for (int i = 0; i < LIMIT; i++) {
      Memory.putDouble(cells + i * 8L, (i + 1) * 0.5);
    }
    int[] slots = wantedSlots();
    double[] sums = new double[Stretch.SLOTS];
    double[] expected = new double[Stretch.SLOTS];
    Arrays.fill(sums, 3);
    Arrays.fill(expected, 3);
    StretchLoops.addSums(stretch, wanted, LIMIT, cells, sums);
    for (int slot : slots) {
      expected[slot] += Arrays.stream(lists[slot]).map(number -> number + 1).sum() * 0.5;
    }
    assertArrayEquals(expected, sums, "seed " + seed);
  }

  @RepeatedTest(10)
  void lengthsAreThoseOfEachList() {
    layOrScatter();
    long[] lengths = new long[Stretch.SLOTS];
    long[] expected = new long[Stretch.SLOTS];
    Arrays.fill(lengths, 3);
    Arrays.fill(expected, 3);
    StretchLoops.addLengths(stretch, wanted, lengths);
    for (int slot : wantedSlots()) {
      expected[slot] += lists[slot].length;
    }
    assertArrayEquals(expected, lengths, "seed " + seed);
  }

  @RepeatedTest(20)
  void listsThatNameABitAreTold() {
    wanted &= random.nextBoolean() ? -1L : random.nextLong() & random.nextLong();
    layOrScatter();
    long marks = scratch.allocateZeroed(LIMIT / 8 + 8);
    boolean[] set = new boolean[LIMIT];
    for (int i = 0; i < 20; i++) {
      int bit = random.nextInt(LIMIT);
      set[bit] = true;
      long word = marks + (bit >>> 6) * 8L;
      Memory.putLong(word, Memory.getLong(word) | 1L << bit);
    }
    long expected = 0;
    long empty = 0;
    for (int slot : wantedSlots()) {
      boolean hit = Arrays.stream(lists[slot]).anyMatch(number -> set[number]);
      expected |= hit ? 1L << slot : 0;
      empty |= lists[slot].length == 0 ? 1L << slot : 0;
    }
    assertEquals(expected, StretchLoops.anySet(stretch, wanted, LIMIT, marks), "seed " + seed);
    assertEquals(empty, stretch.empty(), "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1, 2, 2, 50, 50})
  void setsAreJoinedAsByEachList(int most) {
    layOrScatter();
    int members = 100 + LIMIT;
    long sets = scratch.allocate(members * 4L);
    long expected = scratch.allocate(members * 4L);
    ListLoops.ascend(sets, members, 0);
    ListLoops.ascend(expected, members, 0);
    boolean shared = random.nextBoolean();
    StretchLoops.linkAll(stretch, wanted, most, LIMIT, 100, sets, 7, shared);
    for (int slot : wantedSlots()) {
      int[] first = Arrays.copyOf(lists[slot], Math.min(most, lists[slot].length));
      long list = scratch.allocate(first.length * 4L);
      for (int k = 0; k < first.length; k++) {
        Memory.putInt(list + k * 4L, first[k]);
      }
      ListLoops.linkAll(list, first.length, LIMIT, 100, expected, 7 + slot, shared);
    }
    ListLoops.flatten(sets, 0, members);
    ListLoops.flatten(expected, 0, members);
    assertTrue(Memory.equal(expected, sets, members * 4L), "seed " + seed);
  }

  @RepeatedTest(20)
  void membersAreHookedToTheFirstNumbersThatAreLess() {
    layOrScatter();
    int members = 100 + LIMIT;
    int member = random.nextInt(members - Stretch.SLOTS);
    long sets = scratch.allocate(members * 4L);
    long expected = scratch.allocate(members * 4L);
    ListLoops.ascend(sets, members, 0);
    ListLoops.ascend(expected, members, 0);
    long hooked = 0;
    for (int slot : wantedSlots()) {
      int first = lists[slot].length == 0 ? Integer.MAX_VALUE : 100 + lists[slot][0];
      if (first < member + slot) {
        Memory.putInt(expected + (member + slot) * 4L, first);
        hooked |= 1L << slot;
      }
    }
    long found = StretchLoops.hook(stretch, wanted, LIMIT, 100, sets, member);
    assertEquals(hooked, found, "seed " + seed);
    assertTrue(Memory.equal(expected, sets, members * 4L), "seed " + seed);
  }

  @Test
  void anEndThatCannotBeIsDamageAndNoAccess() {
    wanted = -1L;
    long cells = scratch.allocateZeroed(LIMIT * 8L);
    List<Consumer<Stretch>> loops = new ArrayList<>(loops(cells));
    loops.add(lists -> StretchLoops.sumNumbers(lists, wanted));
    loops.add(lists -> StretchLoops.addLengths(lists, wanted, new long[Stretch.SLOTS]));
    loops.add(lists -> StretchLoops.hook(lists, wanted, LIMIT, 0, cells, 0));
    for (Consumer<Stretch> loop : loops) {
      for (int forged : new int[] {-1, 100_000, Integer.MIN_VALUE}) {
        lay();
        int slot = random.nextInt(Stretch.SLOTS);
        Memory.putInt(ends + slot * 4L, (int) BEGIN + forged);
        CorruptPageException damage =
            assertThrows(CorruptPageException.class, () -> loop.accept(stretch), "seed " + seed);
        assertTrue(String.valueOf(damage.getMessage()).contains("of " + stretch.total()));
      }
    }
  }

  @Test
  void aListOfWhichBothEndsCannotBeIsDamageAlsoWhereTheirDifferenceOverflows() {
    int slot = 1 + random.nextInt(Stretch.SLOTS - 1);
    wanted = 1L << slot;
    List<Consumer<Stretch>> all = new ArrayList<>(loops(scratch.allocateZeroed(LIMIT * 8L)));
    all.add(lists -> StretchLoops.sumNumbers(lists, wanted));
    all.add(lists -> StretchLoops.addLengths(lists, wanted, new long[Stretch.SLOTS]));
    for (Consumer<Stretch> loop : all) {
      lay();
      Memory.putInt(ends + slot * 4L - 4, (int) BEGIN + 100_000);
      Memory.putInt(ends + slot * 4L, (int) BEGIN + Integer.MIN_VALUE + 50_000);
      assertThrows(CorruptPageException.class, () -> loop.accept(stretch), "seed " + seed);
    }
  }

  @Test
  void aNumberThatIsTooGreatIsDamageAndNoAccess() {
    wanted = 1L << 5;
    long cells = scratch.allocateZeroed(LIMIT * 8L);
    List<Consumer<Stretch>> loops = new ArrayList<>(loops(cells));
    loops.add(lists -> StretchLoops.hook(lists, wanted, LIMIT, 0, cells, 0));
    for (Consumer<Stretch> loop : loops) {
      for (int forged : new int[] {LIMIT, Integer.MAX_VALUE, -1}) {
        lists[5] = new int[] {forged};
        lay();
        CorruptPageException damage =
            assertThrows(CorruptPageException.class, () -> loop.accept(stretch), "seed " + seed);
        assertTrue(
            String.valueOf(damage.getMessage()).contains((forged & 0xFFFFFFFFL) + " of an arena"));
      }
    }
  }

  @Test
  void aNumberThatNamesNoCellIsDamageWhereverItStandsInItsList() {
    wanted |= 1L << 5;
    for (Consumer<Stretch> loop : loops(scratch.allocateZeroed(LIMIT * 8L))) {
      for (int place = 0; place < 9; place++) {
        lists[5] = random.ints(9, 0, LIMIT).toArray();
        lists[5][place] = LIMIT;
        lay();
        assertThrows(CorruptPageException.class, () -> loop.accept(stretch), "seed " + seed);
      }
    }
  }

  @Test
  void aNumberOfAListOfFewThatNamesNoCellIsDamage() {
    wanted = 1L << 5;
    for (Consumer<Stretch> loop : loops(scratch.allocateZeroed(LIMIT * 8L))) {
      for (int place = 0; place < 3; place++) {
        int[] list = random.ints(3, 0, LIMIT).toArray();
        list[place] = LIMIT;
        stretch.clear();
        stretch.place(5, copied(list), place + 1);
        stretch.putFew(wanted, place + 1);
        assertThrows(CorruptPageException.class, () -> loop.accept(stretch), "seed " + seed);
      }
    }
  }

  private List<Consumer<Stretch>> loops(long cells) {
    return List.of(
        lists -> StretchLoops.addSums(lists, wanted, LIMIT, cells, new double[Stretch.SLOTS]),
        lists -> StretchLoops.anySet(lists, wanted, LIMIT, cells),
        lists -> StretchLoops.linkAll(lists, wanted, 100, LIMIT, 0, cells, 0, false));
  }
}
