package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.memory.StretchLoops;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Compares lists with a map of them.
final class ListsModel {
  private ListsModel() {}

  /// The upper word that tests give an entry.
  static long hi(long value, int width) {
    return width == 16 ? value * 31 : 0;
  }

  static void verify(long seed, PageReader reader, ListSpaces spaces, Map<Long, List<Long>> model) {
    Lists lists = new Lists(reader, spaces);
    ListCursor cursor = new ListCursor();
    model.forEach(
        (slot, expected) -> {
          List<Long> found = read(lists, slot, cursor);
          found.sort(null);
          List<Long> sorted = new ArrayList<>(expected);
          sorted.sort(null);
          assertEquals(sorted, found, "seed " + seed + " slot " + slot);
          assertEquals(expected.size(), lists.length(slot));
          boolean narrow = expected.stream().allMatch(value -> Entries.fits(4, value));
          assertTrue(narrow || cursor.entryBytes() > 4, "seed " + seed + " slot " + slot);
          for (long value : expected.subList(0, Math.min(3, expected.size()))) {
            long equals = expected.stream().filter(other -> other == value).count();
            assertEquals(equals, lists.count(slot, hi(value, spaces.entryBytes()), value));
          }
        });
    verifyLengths(seed, lists, model, 1);
    verifyLengths(seed, lists, model, 3);
  }

  /// Compares the lengths of lists that are asked for together, of those without entries too.
  private static void verifyLengths(
      long seed, Lists lists, Map<Long, List<Long>> model, int stride) {
    int count = (int) Math.min(100_000, (lists.slotCount() + stride - 1) / stride);
    long[] slots = new long[count];
    long[] lengths = new long[count];
    long[] expected = new long[count];
    for (int i = 0; i < count; i++) {
      slots[i] = (long) i * stride;
      expected[i] = 7 + model.getOrDefault(slots[i], List.of()).size();
      lengths[i] = 7;
    }
    lists.addLengths(slots, count, lengths);
    assertArrayEquals(expected, lengths, "seed " + seed);
    verifyBlock(seed, lists, model);
  }

  /// The same of slots side by side.
  private static void verifyBlock(long seed, Lists lists, Map<Long, List<Long>> model) {
    Random random = new Random(seed);
    long first = random.nextInt(1 + (int) Math.min(1 << 20, lists.slotCount())) & -256L;
    int count = random.nextInt(1_500);
    long[] lengths = new long[count];
    long[] expected = new long[count];
    for (int i = 0; i < count; i++) {
      expected[i] = 7 + model.getOrDefault(first + i, List.of()).size();
      lengths[i] = 7;
    }
    lists.addLengths(first, count, lengths);
    assertArrayEquals(expected, lengths, "seed " + seed);
  }

  /// Compares those lists of words of slots that are found together.
  ///
  /// @return how many words had any
  static int verifyStretches(long seed, Lists lists, Map<Long, List<Long>> model, Stretch stretch) {
    int found = 0;
    Random random = new Random(seed);
    for (long slot = 0; slot < lists.slotCount(); slot += Stretch.SLOTS) {
      long wanted = random.nextBoolean() ? -1L : random.nextLong();
      if (lists.stretch(slot, wanted, stretch)) {
        found++;
        long sum = 0;
        for (long bits = wanted & ~stretch.apart(); bits != 0; bits &= bits - 1) {
          int i = Long.numberOfTrailingZeros(bits);
          List<Long> numbers = new ArrayList<>();
          for (int k = 0; k < stretch.length(i); k++) {
            numbers.add(Memory.getInt(stretch.address(i) + k * 4L) & 0xFFFFFFFFL);
          }
          numbers.sort(null);
          List<Long> expected =
              model.getOrDefault(slot + i, List.of()).stream()
                  .map(lo -> lo >>> 32)
                  .sorted()
                  .toList();
          assertEquals(expected, numbers, "seed " + seed + " slot " + (slot + i));
          sum += expected.stream().mapToLong(Long::longValue).sum();
        }
        long together = wanted & ~stretch.apart();
        assertEquals(sum, StretchLoops.sumNumbers(stretch, together), "seed " + seed);
      }
    }
    return found;
  }

  /// The entries of a list, in its order.
  static List<Long> read(Lists lists, long slot) {
    return read(lists, slot, new ListCursor());
  }

  private static List<Long> read(Lists lists, long slot, ListCursor cursor) {
    List<Long> found = new ArrayList<>();
    lists.open(slot, cursor);
    while (cursor.nextFragment()) {
      for (int i = 0; i < cursor.count(); i++) {
        long entry = cursor.address() + (long) i * cursor.entryBytes();
        long lo = Entries.lo(entry, cursor.entryBytes());
        assertEquals(hi(lo, cursor.entryBytes()), Entries.hi(entry, cursor.entryBytes()));
        found.add(lo);
      }
    }
    return found;
  }

  /// Writes lists as a load does. Their entries must ascend.
  static void load(
      Store store, PageTransaction tx, ListSpaces spaces, long most, Map<Long, List<Long>> model) {
    int width = spaces.entryBytes();
    int longest = model.values().stream().mapToInt(List::size).max().orElse(0);
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      RunWriter writer = new RunWriter(tx, spaces, scratch.allocate(RunWriter.BUFFER), most);
      long entries = scratch.allocate((long) longest * width);
      model.forEach(
          (slot, list) -> {
            for (int i = 0; i < list.size(); i++) {
              Entries.put(entries + (long) i * width, width, 0, list.get(i));
            }
            writer.list(slot, entries, list.size());
          });
      writer.finish();
    }
  }

  static void everySlotIsOwnedOnce(long seed, PageReader reader, ListSpaces spaces) {
    Lists lists = new Lists(reader, spaces);
    Set<Long> blocks = new HashSet<>();
    for (long slot = 0; slot < lists.slotCount(); slot++) {
      lists.owned(slot, block -> assertTrue(blocks.add(block), "seed " + seed), page -> {});
    }
    Set<Long> inUse = new HashSet<>();
    lists.slabs().inUse(inUse::add);
    assertEquals(blocks, inUse, "seed " + seed);
  }

  static Map<Long, List<Long>> copy(Map<Long, List<Long>> model) {
    Map<Long, List<Long>> copy = new HashMap<>();
    model.forEach((slot, list) -> copy.put(slot, new ArrayList<>(list)));
    return copy;
  }
}
