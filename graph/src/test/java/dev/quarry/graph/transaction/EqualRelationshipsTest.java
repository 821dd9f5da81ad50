package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Relationships without properties between the same nodes are told apart by a walk, whatever lists
/// they lie in and whichever of them it is asked for. The seed is printed: `-Dseed=N`.
class EqualRelationshipsTest {
  private static final int ENDS = 7;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final GraphStore store =
      GraphStore.open(
          Path.of("/x.quarry"),
          StoreOptions.defaults()
              .withMemory(64 << 20)
              .withNativeMemory(NativeSource.FOREIGN)
              .withDisk(new SimDisk()));
  private final List<Node> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void eachOfManyEqualsIsItselfWhicheverWereAskedForBefore() {
    System.out.println("EqualRelationshipsTest -Dseed=" + seed);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < ENDS; i++) {
        nodes.add(tx.createNode(Set.of("N"), Map.of()));
      }
      compare(tx);
      tx.commit();
    }
    for (int some : new int[] {1, 3, 20, 300, 3_000, 12_000}) {
      try (GraphTransaction tx = store.beginWrite()) {
        relate(tx, some);
        compare(tx);
        tx.commit();
      }
      compare();
    }
    Compaction.run(store, false, Runnable::run, () -> false, Progress.NONE);
    compare();
    Compaction.run(store, true, Runnable::run, () -> false, Progress.NONE);
    compare();
    try (GraphTransaction tx = store.beginWrite()) {
      relate(tx, 200);
      compare(tx);
    }
  }

  private void relate(GraphTransaction tx, int some) {
    for (int i = 0; i < some; i++) {
      Node source = nodes.get(random.nextInt(4) == 0 ? random.nextInt(ENDS) : 0);
      Node target = nodes.get(random.nextInt(random.nextBoolean() ? 2 : ENDS));
      tx.createRelationship(source, random.nextInt(50) == 0 ? "U" : "T", target, Map.of());
    }
  }

  private void compare() {
    try (GraphSnapshot reader = store.beginRead()) {
      compare(reader);
    }
  }

  private void compare(GraphReader reader) {
    for (Direction direction : Direction.values()) {
      for (Node node : nodes.subList(0, 2)) {
        List<Relationship> all = walk(reader, node, direction);
        assertEquals(all.size(), new HashSet<>(all).size(), where());
        assertEquals(reader.degree(node, direction), all.size(), where());
        for (int gap : new int[] {2, 50, 5_000}) {
          askForSome(reader, node, direction, all, gap);
        }
        for (int i = 0; i < Math.min(20, all.size()); i++) {
          assertTrue(reader.exists(all.get(random.nextInt(all.size()))), where());
        }
      }
    }
  }

  private static List<Relationship> walk(GraphReader reader, Node node, Direction direction) {
    List<Relationship> all = new ArrayList<>();
    try (RelationshipCursor cursor = reader.relationships(node, direction)) {
      while (cursor.next()) {
        all.add(cursor.relationship());
      }
    }
    return all;
  }

  private void askForSome(
      GraphReader reader, Node node, Direction direction, List<Relationship> all, int gap) {
    try (RelationshipCursor cursor = reader.relationships(node, direction)) {
      for (int i = 0; i < all.size(); i++) {
        assertTrue(cursor.next(), where());
        if (random.nextInt(gap) == 0 || i == all.size() - 1) {
          assertEquals(all.get(i), cursor.relationship(), i + " of " + all.size() + where());
          assertEquals(all.get(i), cursor.relationship(), "asked again, " + where());
        }
      }
    }
  }

  private String where() {
    return " -Dseed=" + seed;
  }
}
