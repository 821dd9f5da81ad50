package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Something outside cuts the file of an open graph, all of which was read before: whoever asks for
/// what is gone gets a typed error, whichever way he asks, and from then on nothing is written.
@Tag("cut")
class CutGraphTest {
  private static final int NODES = 3000;
  private static final String NAMES = "MATCH (p:P) RETURN count(p.name) AS n, sum(p.id) AS s";
  private static final String PAIRS = "MATCH (p:P)-[k:K]->(q) RETURN sum(k.w + q.id) AS s";

  @TempDir Path folder = Path.of("");
  private Path original = Path.of("");

  @BeforeEach
  void makeAGraph() {
    original = folder.resolve("original.quarry");
    try (Quarry db = Quarry.open(original)) {
      db.run(
          "UNWIND range(1, $n) AS i CREATE (:P {id: i, name: 'a name that is long enough ' + i})",
          Map.of("n", NODES));
      db.run("CREATE INDEX ids FOR (p:P) ON (p.id)");
      db.run(
          "MATCH (p:P) WITH p MATCH (q:P {id: p.id % $n + 1}) CREATE (p)-[:K {w: 1}]->(q)",
          Map.of("n", NODES));
    }
  }

  /// All that may be asked for; each reads pages that are gone.
  private Map<String, Consumer<Quarry>> ways() {
    Map<String, Consumer<Quarry>> ways = new LinkedHashMap<>();
    ways.put("a statement", db -> db.run(NAMES));
    ways.put("a statement over relationships", db -> db.run(PAIRS));
    ways.put("a deeply nested statement", db -> db.run(deep()));
    ways.put("cursors", db -> db.read(CutGraphTest::walk));
    ways.put("an updating statement", db -> db.run("MATCH (p:P) SET p.name = p.name + '!'"));
    ways.put("an update", db -> db.update(tx -> tx.setProperty(node(tx), "id", walk(tx))));
    ways.put("a backup", db -> db.admin().backup(folder.resolve("backup.quarry")));
    ways.put("the hash", db -> db.admin().hash());
    return ways;
  }

  private static String deep() {
    return "MATCH (p:P) RETURN sum(" + "(".repeat(60) + "p.id" + ")".repeat(60) + ") AS s";
  }

  private static Node node(ReadTransaction tx) {
    try (NodeCursor nodes = tx.nodes("P")) {
      assertTrue(nodes.next());
      return nodes.node();
    }
  }

  private static long walk(ReadTransaction tx) {
    PropertyKey id = tx.key("id");
    PropertyKey weight = tx.key("w");
    long sum = 0;
    try (NodeCursor nodes = tx.nodes("P")) {
      while (nodes.next()) {
        sum += nodes.getLong(id);
        try (RelationshipCursor out = tx.relationships(nodes.node(), Direction.OUTGOING)) {
          while (out.next()) {
            sum += out.getLong(weight);
          }
        }
      }
    }
    return sum;
  }

  @Test
  void whoeverAsksForWhatIsGoneIsTold() throws IOException {
    for (var way : ways().entrySet()) {
      Quarry db = openAndRead();
      QuarryException told;
      try (db) {
        cut(8192);
        told = assertThrows(QuarryException.class, () -> way.getValue().accept(db), way.getKey());
        assertTrue(isDamage(told), way.getKey() + ": " + told);
        assertPoisoned(db, way.getKey());
      }
      assertEquals(0, db.spill().usedBytes(), way.getKey());
      assertFalse(Files.exists(folder.resolve("backup.quarry")), way.getKey());
      assertEquals(8192, Files.size(copy()), way.getKey());
    }
  }

  @Test
  void rowsAndTransactionsOfTheCallerAreToldWhereTheyEnd() throws IOException {
    try (Quarry db = openAndRead()) {
      try (ReadTransaction tx = db.beginRead();
          Rows rows = tx.query("MATCH (p:P) RETURN p.id AS id ORDER BY p.name", Map.of())) {
        cut(8192);
        QuarryException told = assertThrows(QuarryException.class, () -> drain(rows));
        assertTrue(isDamage(told), told.toString());
      }
      assertPoisoned(db, "rows");
    }
  }

  private static void drain(Rows rows) {
    while (rows.next()) {
      assertTrue(rows.getLong(0) > 0);
    }
  }

  @Test
  void aCheckNamesWhatIsGone() throws IOException {
    try (Quarry db = openAndRead()) {
      cut(8192);
      try {
        assertFalse(db.admin().check().problems().isEmpty());
      } catch (QuarryException told) {
        assertTrue(isDamage(told), told.toString());
      }
      assertPoisoned(db, "check");
    }
  }

  @Test
  void whatIsLeftIsReadAsBefore() throws IOException {
    try (Quarry db = openAndRead()) {
      Map<String, Object> before = db.run(NAMES).rows().getFirst().asMap();
      long size = Files.size(copy());
      for (long left = size & -4096; left > 8192; left -= Math.max(4096, size / 40 & -4096)) {
        cut(left);
        try {
          assertEquals(before, db.run(NAMES).rows().getFirst().asMap());
          assertEquals(walkedSum(), db.<Long, RuntimeException>read(CutGraphTest::walk));
        } catch (QuarryException told) {
          assertTrue(isDamage(told), told.toString());
        }
      }
    }
  }

  private static long walkedSum() {
    return NODES * (NODES + 1L) / 2 + NODES;
  }

  private static boolean isDamage(QuarryException told) {
    return Set.of(ErrorCode.STORE_DAMAGED, ErrorCode.CHECKSUM).contains(told.code());
  }

  private static void assertPoisoned(Quarry db, String way) {
    QuarryException refused =
        assertThrows(
            QuarryException.class, () -> db.update(tx -> tx.createNode(Set.of(), Map.of())));
    assertEquals(ErrorCode.STORE_POISONED, refused.code(), way);
  }

  private Path copy() {
    return folder.resolve("copy.quarry");
  }

  private Quarry openAndRead() throws IOException {
    Files.deleteIfExists(copy());
    Files.copy(original, copy());
    Quarry db = Quarry.open(copy());
    db.run(NAMES);
    db.run(PAIRS);
    db.admin().hash();
    assertEquals(walkedSum(), db.<Long, RuntimeException>read(CutGraphTest::walk));
    return db;
  }

  private void cut(long size) throws IOException {
    try (FileChannel file = FileChannel.open(copy(), StandardOpenOption.WRITE)) {
      file.truncate(size);
    }
  }
}
