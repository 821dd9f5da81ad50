package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipCursor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Read transactions one after the other, which may share what the engine knows of the graph: what
/// is left of one fails, and never disturbs another.
class LeftTransactionTest {
  private final Quarry db = Quarry.inMemory();

  LeftTransactionTest() {
    db.run("CREATE INDEX FOR (n:V) ON (n.id)");
    db.run("UNWIND range(1, 50) AS id CREATE (:V {id: id})");
    db.run("MATCH (a:V {id: 1}), (b:V) CREATE (a)-[:E]->(b)");
  }

  private static Node first(GraphReader reader) {
    return reader.findNode("V", "id", 1).orElseThrow();
  }

  private static long neighbours(GraphReader reader) {
    try (NodeSet set = reader.nodeSet();
        RelationshipCursor walk = reader.relationships(first(reader), Direction.OUTGOING, "E")) {
      while (walk.next()) {
        set.add(walk.neighbour());
      }
      return set.size();
    }
  }

  private static void failsAsClosed(Executable use) {
    QuarryException e = assertThrows(QuarryException.class, use);
    assertEquals(ErrorCode.TRANSACTION_CLOSED, e.code());
  }

  @Test
  void rowsOfAnEarlierTransactionFailWhileTheNextOneReads() {
    ReadTransaction before = db.beginRead();
    assertEquals(50, neighbours(before));
    Rows rows = before.query("MATCH (n:V) RETURN n.id", Map.of());
    assertTrue(rows.next());
    before.close();
    try (ReadTransaction tx = db.beginRead()) {
      assertEquals(50, neighbours(tx));
      assertFalse(rows.next());
      rows.close();
      before.close();
      failsAsClosed(() -> before.query("MATCH (n:V) RETURN n", Map.of()));
      assertEquals(50, neighbours(tx));
    }
  }

  @Test
  void aTransactionThatWasClosedStaysSo() {
    ReadTransaction before = db.beginRead();
    Node node = first(before);
    NodeSet set = before.nodeSet();
    RelationshipCursor walk = before.relationships(node, Direction.OUTGOING, "E");
    assertTrue(walk.next());
    long commit = before.commitNumber();
    before.close();
    before.close();
    db.run("CREATE (:V {id: 51})");
    for (int i = 0; i < 2; i++) {
      try (ReadTransaction tx = db.beginRead()) {
        assertEquals(50, neighbours(tx));
        before.close();
        walk.close();
        set.close();
        failsAsClosed(walk::next);
        failsAsClosed(walk::neighbour);
        failsAsClosed(() -> set.add(node));
        failsAsClosed(() -> set.addNeighbours(node, Direction.OUTGOING));
        failsAsClosed(() -> set.addNeighbours(tx.nodeSet(), Direction.OUTGOING));
        failsAsClosed(() -> tx.nodeSet().addNeighbours(set, Direction.OUTGOING));
        failsAsClosed(() -> first(before));
        failsAsClosed(() -> before.property(node, "id"));
        assertEquals(commit, before.commitNumber());
        assertEquals("id", before.key("id").name());
        assertEquals(50, neighbours(tx));
      }
    }
  }
}
