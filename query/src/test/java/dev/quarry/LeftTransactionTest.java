package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

  /// A transaction that tells what it reads with.
  private static final class Told extends SnapshotTransaction {
    Told(Engine engine, GraphStore store) {
      super(engine, store.beginReadAgain());
    }

    Reading told() {
      return reading();
    }
  }

  @Test
  void whoRanStatementsLeavesWhatTheyFoundOut() {
    try (GraphStore store = GraphStore.inMemory(StoreOptions.defaults());
        Engine engine = new Engine(store)) {
      Reading first;
      try (Told tx = new Told(engine, store)) {
        first = tx.told();
        assertEquals(3L, tx.query("UNWIND [1, 2, 3] AS n RETURN count(n)").toList().get(0).get(0));
        assertTrue(tx.query("UNWIND [1, 2, 3] AS n RETURN n").next()); // left open
      }
      Told before = new Told(engine, store);
      assertSame(first, before.told());
      assertTrue(before.query("CALL db.labels() YIELD label RETURN count(label)").next());
      before.close();
      try (Told tx = new Told(engine, store)) {
        assertNotSame(first, tx.told(), "a procedure may have kept it");
      }
    }
  }

  @Test
  void rowsThatAreOverDoNothingToTheNextTransaction() {
    String walk = "MATCH (a:V {id: $id})-[:E]->(b:V) RETURN b.id";
    ReadTransaction before = db.beginRead();
    Rows closed = before.query(walk, Map.of("id", 1));
    assertTrue(closed.next());
    closed.close();
    Rows open = before.query(walk, Map.of("id", 1));
    assertTrue(open.next());
    before.close();
    try (ReadTransaction tx = db.beginRead();
        Rows rows = tx.query(walk, Map.of("id", 1))) {
      assertTrue(rows.next());
      for (Rows late : List.of(closed, open)) {
        late.cancel();
        late.close();
        assertFalse(late.next());
        assertThrows(IllegalStateException.class, () -> late.get(0));
      }
      assertEquals(49, rows.toList().size());
      assertEquals(50, neighbours(tx));
    }
  }

  @Test
  void whatAProcedureKeptFailsWhileTheNextTransactionReads() {
    List<ProcedureContext> contexts = new ArrayList<>();
    db.register(
        Procedure.of(
            ProcedureSignature.parse("test.keep() :: (n :: INTEGER)"),
            (context, arguments) -> {
              contexts.add(context);
              assertEquals(50, neighbours(context.graph()));
              return Stream.of(List.of(1));
            }));
    try (ReadTransaction tx = db.beginRead()) {
      assertEquals(1, tx.query("CALL test.keep() YIELD n RETURN n").toList().size());
    }
    try (ReadTransaction tx = db.beginRead()) {
      assertEquals(50, neighbours(tx));
      failsAsClosed(() -> first(contexts.get(0).graph()));
      assertEquals(50, neighbours(tx));
    }
  }

  @Test
  void aStatementThatFailsLeavesNothingBehind() {
    String failing = "MATCH (a:V {id: 1})-[:E]->(b:V) RETURN 1 / (b.id - 30)";
    for (int i = 0; i < 3; i++) {
      try (ReadTransaction tx = db.beginRead()) {
        Rows rows = tx.query(failing, Map.of());
        assertThrows(EvaluationException.class, rows::toList);
        assertEquals(50, neighbours(tx));
      }
    }
  }
}
