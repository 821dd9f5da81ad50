package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.Progress;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A node with very many relationships is made and deleted in time that follows their number: with
/// walks over its list for each of them these tests would take hours.
class HubTest {
  private static final int LEAVES = 200_000;

  @Test
  void aHubOfBareRelationshipsIsMadeAndDetached() {
    try (GraphStore store = GraphStore.inMemory(StoreOptions.defaults())) {
      Node hub;
      try (GraphTransaction tx = store.beginWrite()) {
        hub = tx.createNode(Set.of("Hub"), Map.of());
        for (int i = 0; i < LEAVES; i++) {
          tx.createRelationship(hub, "T", tx.createNode(Set.of("Leaf"), Map.of()), Map.of());
        }
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        assertEquals(LEAVES, tx.degree(hub, Direction.OUTGOING));
        tx.detachDelete(hub);
        tx.commit();
      }
      check(store, LEAVES, 0);
    }
  }

  @Test
  void parallelsOfAHubKeepTheirOrdinals() {
    try (GraphStore store = GraphStore.inMemory(StoreOptions.defaults())) {
      try (GraphTransaction tx = store.beginWrite()) {
        Node hub = tx.createNode(Set.of(), Map.of());
        Node twice = tx.createNode(Set.of(), Map.of());
        List<Relationship> parallels = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
          Node end = i % 100 == 0 ? twice : tx.createNode(Set.of(), Map.of());
          Relationship one = tx.createRelationship(hub, "T", end, Map.of());
          if (i % 100 == 0) {
            parallels.add(one);
          }
        }
        assertEquals(50, parallels.stream().map(Relationship::elementId).distinct().count());
        for (Relationship one : parallels) {
          assertEquals(true, tx.exists(one), one.elementId());
          tx.delete(one);
          assertEquals(false, tx.exists(one), one.elementId());
        }
        tx.commit();
      }
      check(store, 4_952, 4_950);
    }
  }

  private static void check(GraphStore store, long nodes, long relationships) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphCheck.Result result = GraphCheck.run(snapshot, Progress.NONE);
      assertEquals(List.of(), result.problems());
      assertEquals(nodes, result.nodes());
      assertEquals(relationships, result.relationships());
    }
  }
}
