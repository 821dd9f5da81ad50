package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a walk marks, another one finds, whatever lists they go over: of one kind and mixed, with
/// rows and bare, with parallels and loops, to nodes of several arenas. The seed is printed:
/// `-Dseed=N`.
class NodeMarksTest {
  private static final long ROOM = 1 << 20;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void restore() {
    ListsSetting.restore();
  }

  @Test
  void listsAreComparedWithWhatWasMarked() {
    System.out.println("NodeMarksTest -Dseed=" + seed);
    ListsSetting.vary(seed);
    try (GraphStore store = GraphStore.open(Path.of("/x.quarry"), options())) {
      create(store);
      compareAll(store);
      Compaction.run(store, random.nextBoolean(), Runnable::run, () -> false, Progress.NONE);
      compareAll(store);
    }
  }

  private static StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(64 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(new SimDisk());
  }

  private void create(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < 300; i++) {
        nodes.add(tx.createNode(i % 7 == 0 ? Set.of("A", "B") : Set.of("A"), Map.of()));
      }
      for (int i = 0; i < 4_000; i++) {
        Node start = nodes.get(random.nextInt(random.nextBoolean() ? 5 : nodes.size()));
        Node end = random.nextInt(20) == 0 ? start : nodes.get(random.nextInt(nodes.size()));
        String type = random.nextInt(3) == 0 ? "U" : "T";
        tx.createRelationship(start, type, end, random.nextInt(9) == 0 ? Map.of("w", 1) : Map.of());
      }
      tx.commit();
    }
  }

  private void compareAll(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead();
        Scratch scratch = snapshot.scratch().another()) {
      NodeMarks marks = new NodeMarks(snapshot, scratch);
      for (int i = 0; i < 300; i++) {
        compare(snapshot, marks);
      }
      marks.clear();
      assertEquals(0, scratch.usedBytes());
    }
  }

  private void compare(GraphSnapshot snapshot, NodeMarks marks) {
    Expansion one = expansion(snapshot);
    Expansion other = expansion(snapshot);
    long node = id(snapshot);
    long[] marked = ends(one, node);
    one.open(node);
    while (one.nextSlice() > 0) {
      assertTrue(marks.mark(one, ROOM), where());
    }
    Set<Long> expected = new HashSet<>();
    Arrays.stream(marked).forEach(expected::add);
    assertEquals(expected.size() < marked.length, marks.hasRepeats(), where());
    long walked = id(snapshot);
    long[] candidates = ends(other, walked);
    long[] found = Arrays.stream(candidates).filter(expected::contains).toArray();
    assertEquals(found.length, count(other, walked, marks), where());
    int kept = marks.select(candidates, candidates.length);
    assertEquals(Arrays.toString(found), Arrays.toString(Arrays.copyOf(candidates, kept)), where());
    one.open(node);
    while (one.nextSlice() > 0) {
      marks.unmark(one);
    }
    assertEquals(0, count(other, walked, marks), where());
    assertFalse(marks.hasRepeats(), where());
  }

  /// Also counts what leads to one node.
  private long count(Expansion walk, long node, NodeMarks marks) {
    long sought = nodes.isEmpty() ? 0 : node;
    long count = 0;
    long toSought = 0;
    walk.open(node);
    while (walk.nextSlice() > 0) {
      count += marks.count(walk);
      toSought += walk.sliceCount(sought);
    }
    long expected = Arrays.stream(ends(walk, node)).filter(end -> end == sought).count();
    assertEquals(expected, toSought, where());
    return count;
  }

  private static long[] ends(Expansion walk, long node) {
    walk.open(node);
    long[] ends = new long[8_000];
    int count = 0;
    while (walk.next()) {
      ends[count++] = walk.neighbour();
    }
    return Arrays.copyOf(ends, count);
  }

  private Expansion expansion(RecordReading snapshot) {
    Direction direction = Direction.values()[random.nextInt(3)];
    int[] types = {snapshot.catalog().type("T")};
    return snapshot.expansion(direction, random.nextInt(3) == 0 ? null : types);
  }

  private long id(RecordReading snapshot) {
    Node node = nodes.get(random.nextInt(random.nextBoolean() ? 5 : nodes.size()));
    return snapshot.handles().id(node);
  }

  /// Of several walks, one after the other, in pieces.
  @Test
  void nodesThatAreNewAreToldOnceAndAllAreCounted() {
    System.out.println("NodeMarksTest -Dseed=" + seed);
    ListsSetting.vary(seed);
    try (GraphStore store = GraphStore.open(Path.of("/x.quarry"), options())) {
      create(store);
      try (GraphSnapshot snapshot = store.beginRead()) {
        tellAndCount(snapshot);
      }
      Compaction.run(store, random.nextBoolean(), Runnable::run, () -> false, Progress.NONE);
      try (GraphSnapshot snapshot = store.beginRead()) {
        tellAndCount(snapshot);
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tellAndCount(tx);
      }
    }
  }

  private void tellAndCount(RecordReading reading) {
    try (Scratch scratch = reading.scratch().another();
        Scratch other = reading.scratch().another()) {
      NodeMarks marks = new NodeMarks(reading, scratch);
      NodeCounts counts = new NodeCounts(reading, other);
      for (int round = 0; round < 20; round++) {
        tellAndCount(reading, marks, counts);
        marks.clear();
        counts.clear();
      }
      assertEquals(0, scratch.usedBytes() + other.usedBytes());
    }
  }

  private void tellAndCount(RecordReading reading, NodeMarks marks, NodeCounts counts) {
    Map<Long, Long> expected = new LinkedHashMap<>();
    List<Long> told = new ArrayList<>();
    for (int i = random.nextInt(9); i >= 0; i--) {
      Expansion walk = expansion(reading);
      long node = id(reading);
      long times = random.nextInt(1, 9);
      Arrays.stream(ends(walk, node)).forEach(end -> expected.merge(end, times, Long::sum));
      walk.open(node);
      for (int size = walk.nextSlice(); size > 0; size = walk.nextSlice()) {
        for (int at = 0, count; at < size; at += count) {
          count = random.nextInt(1, size - at + 1);
          assertEquals(NodeCounts.Added.YES, counts.add(walk, at, count, times, ROOM), where());
          long[] found = new long[2 + count];
          int added = marks.markNew(walk, at, count, found, 2, ROOM);
          Arrays.stream(found, 2, 2 + added).forEach(told::add);
        }
      }
    }
    assertEquals(List.copyOf(expected.keySet()), told, where());
    Map<Long, Long> counted = new HashMap<>();
    long[] nodesTold = new long[7];
    long[] numbers = new long[7];
    for (int n = counts.take(nodesTold, numbers, 7);
        n > 0;
        n = counts.take(nodesTold, numbers, 7)) {
      for (int i = 0; i < n; i++) {
        assertNull(counted.put(nodesTold[i], numbers[i]), where());
      }
    }
    assertEquals(expected, counted, where());
  }

  @Test
  void whatHasNoRoomOrDoesNotFitIsNotCounted() {
    try (GraphStore store = GraphStore.open(Path.of("/x.quarry"), options())) {
      create(store);
      try (GraphSnapshot snapshot = store.beginRead();
          Scratch scratch = snapshot.scratch().another()) {
        NodeCounts counts = new NodeCounts(snapshot, scratch);
        Expansion walk = snapshot.expansion(Direction.OUTGOING, null);
        walk.open(snapshot.handles().id(nodes.getFirst()));
        assertTrue(walk.nextSlice() > 0);
        assertEquals(NodeCounts.Added.NO_ROOM, counts.add(walk, 0, 1, 1, 100));
        assertEquals(0, scratch.usedBytes());
        assertEquals(0, counts.take(new long[1], new long[1], 1));
        long most = Long.MAX_VALUE;
        assertEquals(NodeCounts.Added.YES, counts.add(walk, 0, 1, most, ROOM));
        assertEquals(NodeCounts.Added.TOO_MANY, counts.add(walk, 0, 1, 1, ROOM));
        NodeMarks marks = new NodeMarks(snapshot, scratch);
        assertEquals(-1, marks.markNew(walk, 0, 1, new long[1], 0, 7));
      }
    }
  }

  @Test
  void whatHasNoRoomIsNotMarked() {
    try (GraphStore store = GraphStore.open(Path.of("/x.quarry"), options())) {
      create(store);
      try (GraphSnapshot snapshot = store.beginRead();
          Scratch scratch = snapshot.scratch().another()) {
        NodeMarks marks = new NodeMarks(snapshot, scratch);
        Expansion walk = snapshot.expansion(Direction.OUTGOING, null);
        walk.open(snapshot.handles().id(nodes.getFirst()));
        assertTrue(walk.nextSlice() > 0);
        assertFalse(marks.mark(walk, 7), "a bit a slot takes more than 7 bytes");
        assertEquals(0, scratch.usedBytes());
        assertEquals(0, marks.count(walk));
      }
    }
  }

  /// What came after the bits were taken has bits of its own once it is marked.
  @Test
  void nodesThatWereCreatedSinceAreMarked() {
    try (GraphStore store = GraphStore.open(Path.of("/x.quarry"), options());
        GraphTransaction tx = store.beginWrite();
        Scratch scratch = tx.scratch().another()) {
      NodeMarks marks = new NodeMarks(tx, scratch);
      Node hub = tx.createNode(Set.of("A"), Map.of());
      long id = tx.handles().id(hub);
      for (int i = 0; i < 200; i++) {
        Node created = tx.createNode(Set.of("A"), Map.of());
        assertFalse(marks.has(tx.handles().id(created)), where());
        tx.createRelationship(hub, "T", created, Map.of());
        Expansion walk = tx.expansion(Direction.OUTGOING, null);
        walk.open(id);
        while (walk.nextSlice() > 0) {
          assertTrue(marks.mark(walk, ROOM), where());
        }
        assertTrue(marks.has(tx.handles().id(created)), where());
      }
      assertFalse(marks.has(id), where());
    }
  }

  private String where() {
    return "seed " + seed;
  }
}
