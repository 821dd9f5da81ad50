package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Walks by calls, whose expansions are used again.
///
/// ```text
/// (0)-[:A]->(1)-[:A]->(2)      (0)-[:A]->(2)      (0)-[:B]->(2)-[:B]->(0)
/// ```
class WalksTest {
  private final GraphStore store =
      GraphStore.open(
          Path.of("/x.quarry"),
          StoreOptions.defaults()
              .withMemory(64 << 20)
              .withNativeMemory(NativeSource.FOREIGN)
              .withDisk(new SimDisk()));
  private final List<Node> nodes = new ArrayList<>();

  @BeforeEach
  void create() {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < 3; i++) {
        nodes.add(tx.createNode(Set.of("N"), Map.of()));
      }
      relate(tx, 0, "A", 1);
      relate(tx, 1, "A", 2);
      relate(tx, 0, "A", 2);
      relate(tx, 0, "B", 2);
      relate(tx, 2, "B", 0);
      tx.commit();
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void relate(GraphTransaction tx, int source, String type, int target) {
    tx.createRelationship(nodes.get(source), type, nodes.get(target), Map.of());
  }

  private List<Integer> walk(GraphReader reader, int from, Direction direction, String... types) {
    List<Integer> ends = new ArrayList<>();
    try (RelationshipCursor walk = reader.relationships(nodes.get(from), direction, types)) {
      while (walk.next()) {
        ends.add(nodes.indexOf(walk.neighbourNode()));
      }
    }
    return ends;
  }

  @Test
  void aWalkWithinAWalkLeavesTheOuterOneWhereItIs() {
    try (GraphSnapshot reader = store.beginRead()) {
      assertEquals(List.of(1, 2), walk(reader, 0, Direction.OUTGOING, "A")); // leaves one behind
      try (RelationshipCursor outer = reader.relationships(nodes.get(0), Direction.OUTGOING, "A")) {
        List<Integer> met = new ArrayList<>();
        while (outer.next()) {
          int end = nodes.indexOf(outer.neighbourNode());
          met.add(end);
          List<Integer> expected = end == 1 ? List.of(2) : List.of();
          assertEquals(expected, walk(reader, end, Direction.OUTGOING, "A"));
        }
        assertEquals(List.of(1, 2), met);
      }
    }
  }

  @Test
  void walksOneAfterTheOtherGoAlongTheirOwnTypesAndDirections() {
    try (GraphSnapshot reader = store.beginRead()) {
      for (int round = 0; round < 2; round++) {
        assertEquals(List.of(1, 2), walk(reader, 0, Direction.OUTGOING, "A"));
        assertEquals(List.of(2), walk(reader, 0, Direction.OUTGOING, "B"));
        assertEquals(List.of(2), walk(reader, 0, Direction.INCOMING, "B"));
        assertEquals(List.of(2, 2), walk(reader, 0, Direction.BOTH, "B"));
        assertEquals(List.of(), walk(reader, 0, Direction.OUTGOING, "C"));
        assertEquals(
            List.of(1, 2, 2), walk(reader, 0, Direction.OUTGOING).stream().sorted().toList());
      }
    }
  }

  @Test
  void aTypeThatIsNewIsWalkedInTheTransactionThatMadeIt() {
    try (GraphTransaction tx = store.beginWrite()) {
      assertEquals(List.of(), walk(tx, 1, Direction.OUTGOING, "C"));
      relate(tx, 1, "C", 0);
      assertEquals(List.of(0), walk(tx, 1, Direction.OUTGOING, "C"));
    }
  }

  @Test
  void namesThatTheCallerChangesAreLookedUpAgain() {
    try (GraphSnapshot reader = store.beginRead()) {
      String[] types = {"A"};
      assertEquals(List.of(1, 2), walk(reader, 0, Direction.OUTGOING, types));
      types[0] = "B";
      assertEquals(List.of(2), walk(reader, 0, Direction.OUTGOING, types));
    }
  }

  @Test
  void anExpansionIsUsedAgainOnceItsWalkHasEnded() {
    try (GraphSnapshot reader = store.beginRead()) {
      Walks walks = reader.walks();
      String[] types = {"A"};
      Expansion first = walks.take(Direction.OUTGOING, types);
      assertNotSame(first, walks.take(Direction.OUTGOING, types));
      walks.giveBack(first);
      assertNotSame(first, walks.take(Direction.INCOMING, types));
      assertSame(first, walks.take(Direction.OUTGOING, new String[] {"A"}));
      assertNotSame(first, walks.take(Direction.OUTGOING, types));
    }
  }
}
