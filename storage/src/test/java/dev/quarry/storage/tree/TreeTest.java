package dev.quarry.storage.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));

  @AfterEach
  void theLedgerIsZero() {
    store.close();
    assertEquals(0, store.budget().used());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 24})
  void agreesWithASortedListThroughInsertsRemovalsAndSnapshots(int width) {
    Random random = new Random(seed);
    List<BigInteger> model = new ArrayList<>();
    PageTransaction tx = store.beginWrite();
    int space = TreeWriter.createSpace(tx);
    store.commit(tx);
    long root = 0;
    for (int round = 0; round < 12; round++) {
      Snapshot before = store.beginRead();
      long rootBefore = root;
      List<BigInteger> modelBefore = List.copyOf(model);
      tx = store.beginWrite();
      TreeWriter writer = new TreeWriter(tx, space, width);
      for (int i = 0; i < 2_000; i++) {
        long hi = width >= 16 ? random.nextLong() >>> random.nextInt(64) : 0;
        long mid = width == 24 ? random.nextLong() >>> random.nextInt(64) : 0;
        long lo = random.nextLong() >>> (width == 4 ? 32 + random.nextInt(32) : random.nextInt(64));
        if (round % 4 == 3 && !model.isEmpty()) {
          BigInteger old = model.get(random.nextInt(model.size()));
          root = remove(writer, root, old);
          assertTrue(writer.removed());
          model.remove(old);
        } else {
          root = writer.insert(root, hi, mid, lo);
          model.add(number(hi, mid, lo));
        }
      }
      model.sort(null);
      assertEquals(model, entries(tx, space, width, root), "seed " + seed);
      allPagesAreOwnedOnce(tx, space, width, root);
      store.commit(tx);
      assertEquals(modelBefore, entries(before, space, width, rootBefore), "seed " + seed);
      before.close();
    }
    tx = store.beginWrite();
    TreeWriter writer = new TreeWriter(tx, space, width);
    for (BigInteger entry : List.copyOf(model)) {
      root = remove(writer, root, entry);
      assertTrue(writer.removed(), "seed " + seed);
    }
    assertEquals(0, root);
    store.commit(tx);
  }

  @Test
  void entriesThatAreReplacedAgainAndAgainAreFound() {
    Random random = new Random(seed);
    TreeMap<Long, Long> model = new TreeMap<>();
    PageTransaction tx = store.beginWrite();
    int space = TreeWriter.createSpace(tx);
    TreeWriter writer = new TreeWriter(tx, space, 24);
    long root = 0;
    for (int i = 0; i < 100_000; i++) {
      long key = random.nextInt(2_000);
      long to = 1 + random.nextInt(5);
      Long from = model.put(key, to);
      if (from == null) {
        root = writer.insert(root, key >>> 5, key & 31, to);
      } else if (!writer.replaceLo(root, key >>> 5, key & 31, from, to)) {
        root = writer.remove(root, key >>> 5, key & 31, from);
        assertTrue(writer.removed(), "seed " + seed + ", replacement " + i);
        root = writer.insert(root, key >>> 5, key & 31, to);
      }
    }
    Tree tree = new Tree(tx, space, 24);
    assertEquals(model.size(), tree.size(root));
    for (var entry : model.entrySet()) {
      long key = entry.getKey();
      assertTrue(tree.contains(root, key >>> 5, key & 31, entry.getValue()), "seed " + seed);
    }
    store.commit(tx);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1020, 1021, 200_000})
  void buildsFromSortedEntries(int count) {
    PageTransaction tx = store.beginWrite();
    int space = TreeWriter.createSpace(tx);
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      long entries = scratch.allocate(Math.max(4, count * 4L));
      for (int i = 0; i < count; i++) {
        TreePage.put(entries + i * 4L, 4, 0, 0, i / 2);
      }
      long root = new TreeWriter(tx, space, 4).build(entries, count);
      Tree tree = new Tree(tx, space, 4);
      assertEquals(count, tree.size(root));
      assertEquals(count > 0, tree.contains(root, 0, 0));
      assertEquals(count > 3, tree.contains(root, 0, (count - 1) / 2) && count > 3);
      assertEquals(false, tree.contains(root, 0, count));
      allPagesAreOwnedOnce(tx, space, 4, root);
    }
    store.commit(tx);
  }

  @Test
  void buildsFromSortedEntriesOfThreeWords() {
    PageTransaction tx = store.beginWrite();
    int space = TreeWriter.createSpace(tx);
    int count = 70_000;
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      long entries = scratch.allocate(count * 24L);
      for (int i = 0; i < count; i++) {
        TreePage.put(entries + i * 24L, 24, i / 1000, i / 10, i);
      }
      TreeWriter writer = new TreeWriter(tx, space, 24);
      long root = writer.build(entries, count);
      Tree tree = new Tree(tx, space, 24);
      assertEquals(count, tree.size(root));
      for (int i = 0; i < count; i += 7) {
        assertTrue(tree.contains(root, i / 1000, i / 10, i));
        assertEquals(false, tree.contains(root, i / 1000, i / 10, count));
      }
      for (int i = 0; i < count; i++) {
        root = writer.remove(root, i / 1000, i / 10, i);
        assertTrue(writer.removed());
      }
      assertEquals(0, root);
      allPagesAreOwnedOnce(tx, space, 24, root);
    }
    store.commit(tx);
  }

  private static BigInteger number(long hi, long mid, long lo) {
    return new BigInteger(Long.toUnsignedString(hi))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(mid)))
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(lo)));
  }

  private static long remove(TreeWriter writer, long root, BigInteger entry) {
    long mid = entry.shiftRight(64).longValue();
    return writer.remove(root, entry.shiftRight(128).longValue(), mid, entry.longValue());
  }

  private static List<BigInteger> entries(PageReader reader, int space, int width, long root) {
    Tree tree = new Tree(reader, space, width);
    List<BigInteger> entries = new ArrayList<>();
    long passed = 0;
    for (long leaf = tree.firstLeaf(root); leaf != 0; leaf = tree.nextLeaf(leaf, ++passed)) {
      for (int i = 0; i < tree.count(leaf); i++) {
        long entry = tree.entries(leaf) + (long) i * width;
        entries.add(
            number(
                TreePage.hi(entry, width), TreePage.mid(entry, width), TreePage.lo(entry, width)));
      }
    }
    return entries;
  }

  private void allPagesAreOwnedOnce(PageReader reader, int space, int width, long root) {
    Tree tree = new Tree(reader, space, width);
    Set<Long> owned = new HashSet<>();
    tree.pages(root, page -> assertTrue(owned.add(page), "seed " + seed + " page " + page));
    tree.freePages(page -> assertTrue(owned.add(page), "seed " + seed + " free page " + page));
    assertEquals(Math.max(0, reader.table(space).pageCount() - 1), owned.size(), "seed " + seed);
  }
}
