package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Statements that ask where walks of any length lead, and not how many there are, give what the
/// reference gives, which walks all of them (rule S20): on graphs with loops and parallels, among
/// changes that are not committed, and behind the drop of a region.
///
/// The seed is printed; `-Dseed=N` runs the same again.
class ReachReferenceTest {
  private static final int GRAPHS = 25;
  private static final int STATEMENTS = 20;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int compared;

  /// What is asked; `%s` is the relationship, the rest stands around it.
  private static final List<String> QUESTIONS =
      List.of(
          "MATCH (a)%s(b) RETURN count(DISTINCT b)",
          "MATCH (a:A)%s(b:B) RETURN count(DISTINCT b.k)",
          "MATCH (a {uid: 1})%s(b) RETURN DISTINCT b.uid",
          "MATCH (a {uid: 2})%s(b:A) WHERE b.k = 1 RETURN DISTINCT b.uid",
          "MATCH (a)%s(b) RETURN a.uid, count(DISTINCT b), max(b.v) + 0.0, min(a.v) + 0.0",
          "MATCH (a)%s(b) WITH DISTINCT a, b WHERE a.uid > 0 RETURN a.uid, b.uid",
          "MATCH (a)%s(b) WITH DISTINCT b ORDER BY b.uid RETURN collect(b.uid)",
          "MATCH (a)%s(a) RETURN DISTINCT a.uid",
          "MATCH (a), (b) MATCH (a)%s(b) RETURN DISTINCT a.uid, b.uid",
          "MATCH (a), (b) WHERE EXISTS { (a)%s(b) } RETURN a.uid, b.uid",
          "MATCH (a), (b) WHERE NOT EXISTS { MATCH (a)%s(b:A) } RETURN a.uid, b.uid",
          "MATCH (a) OPTIONAL MATCH (a)%s(b:B) RETURN a.uid, count(DISTINCT b)",
          "MATCH (a:A) OPTIONAL MATCH (a)%s(b:B)-->(c) RETURN DISTINCT a.uid, c.uid",
          "MATCH (a)%s(b)-->(c) RETURN count(DISTINCT c)",
          "MATCH (a)%s(b) WHERE NOT (a)-->(b) AND a <> b RETURN DISTINCT a.uid, b.uid",
          "MATCH (a)%s(b) MATCH (b)-[:T*0..1]->(c) RETURN count(DISTINCT c)",
          "MATCH (a)-[:T*1..2]->(b) MATCH (b)%s(c) RETURN DISTINCT a.uid, c.uid",
          "MATCH (a)%s(b), (c:B) RETURN count(DISTINCT b), count(DISTINCT c)",
          "UNWIND [1, 2, 2, 3] AS i MATCH (a {uid: i})%s(b) RETURN i, count(DISTINCT b)");

  @Test
  void whereWalksLeadIsWhatTheReferenceFindsByAllWalks() {
    System.out.println("seed " + seed);
    for (int i = 0; i < GRAPHS; i++) {
      ReferenceGraph graph = RandomGraph.make(random);
      try (Quarry db = Quarry.inMemory()) {
        db.update(transaction -> RandomGraph.load(graph, transaction));
        compare(graph, text -> db.run(text).rows());
        compareAmongChanges(graph, db);
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(compared > GRAPHS * STATEMENTS, compared + " compared");
  }

  @Test
  void whatLeadsIntoADroppedRegionLeadsNowhere() {
    System.out.println("seed " + seed);
    for (int i = 0; i < GRAPHS / 2; i++) {
      ReferenceGraph graph = RandomGraph.make(random);
      try (Quarry db = Quarry.inMemory()) {
        db.update(
            transaction -> {
              RandomGraph.load(graph, transaction);
              addRegion(transaction);
            });
        db.update(transaction -> transaction.dropRegion("r"));
        compare(graph, text -> db.run(text).rows());
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
  }

  /// A region whose nodes are on the way between others.
  private void addRegion(WriteTransaction transaction) {
    List<Node> others = new ArrayList<>();
    try (NodeCursor cursor = transaction.nodes()) {
      while (cursor.next()) {
        others.add(cursor.node());
      }
    }
    transaction.createRegion("r");
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      nodes.add(transaction.createNode("r", Set.of("A"), Map.of("uid", 900L + i)));
    }
    for (Node other : others) {
      Node node = nodes.get(random.nextInt(nodes.size()));
      transaction.createRelationship(other, "T", node, Map.of());
      transaction.createRelationship(node, "U", other, Map.of("uid", 950L));
    }
  }

  private void compareAmongChanges(ReferenceGraph graph, Quarry db) {
    try (WriteTransaction transaction = db.beginWrite()) {
      ReferenceGraph changed = graph;
      for (int i = 0; i < 6; i++) {
        String change = change();
        changed = ReferenceInterpreter.run(changed, change, Map.of()).graph();
        transaction.query(change).toList();
      }
      compare(changed, text -> transaction.query(text).toList());
      transaction.rollback();
    }
  }

  private String change() {
    int uid = random.nextInt(6);
    return switch (random.nextInt(5)) {
      case 0 -> "MATCH (n {uid: %d}) DETACH DELETE n".formatted(uid);
      case 1 -> "MATCH ()-[r {uid: %d}]->() DELETE r".formatted(100 + random.nextInt(10));
      case 2 -> "CREATE (:A {uid: %d, k: 1})".formatted(20 + random.nextInt(9));
      default ->
          "MATCH (a {uid: %d}), (b {uid: %d}) CREATE (a)-[:T {v: 1}]->(b), (b)-[:U]->(a)"
              .formatted(uid, random.nextInt(6));
    };
  }

  private void compare(ReferenceGraph graph, Function<String, List<Row>> engine) {
    boolean few = graph.relationships().size() <= 6;
    for (int i = 0; i < STATEMENTS; i++) {
      String question = QUESTIONS.get(random.nextInt(QUESTIONS.size()));
      String text = question.formatted(relationship(few));
      List<String> expected = inReference(graph, text);
      if (expected == null) {
        continue;
      }
      compared++;
      List<String> found = engine.apply(text).stream().map(row -> row.asMap().toString()).toList();
      assertEquals(
          String.join("\n", expected),
          String.join("\n", found.stream().sorted().toList()),
          () -> "seed " + seed + "\n" + RandomGraph.statement(graph) + "\n" + text);
      String plan = engine.apply("EXPLAIN " + text).toString();
      boolean looksAtWalks = plan.contains("relationships differ");
      assertNotEquals(looksAtWalks, plan.contains("Reach "), () -> text + "\n" + plan);
    }
  }

  private String relationship(boolean few) {
    String type = oneOf("", "", ":T", ":T", ":U", ":T|U", ":Nobody");
    String length =
        few && random.nextInt(3) == 0
            ? oneOf("*", "*0..", "*1..", "*..4")
            : oneOf("*..2", "*1..3", "*0..2", "*0..1", "*1..1", "*0..0", "*1..0", "*0..3", "*..3");
    String inside = "[" + type + length + oneOf("", "", "", " {v: 1}", " {v: 1, k: 1}") + "]";
    Direction direction = Direction.values()[random.nextInt(3)];
    return switch (direction) {
      case OUTGOING -> "-" + inside + "->";
      case INCOMING -> "<-" + inside + "-";
      case BOTH -> "-" + inside + "-";
    };
  }

  private String oneOf(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  /// The rows in order; null if there are more walks than the reference tries.
  private static @Nullable List<String> inReference(ReferenceGraph graph, String text) {
    ReferenceInterpreter.Outcome outcome;
    try {
      outcome = ReferenceInterpreter.run(graph, text, Map.of());
    } catch (QuarryException e) {
      assertEquals(ErrorCode.LIMIT_EXCEEDED, e.code(), text);
      return null;
    }
    List<String> rows = new ArrayList<>();
    for (var row : outcome.rows()) {
      Map<String, Object> values = new java.util.LinkedHashMap<>();
      outcome.columns().forEach(column -> values.put(column, BorderValues.of(row.get(column))));
      rows.add(values.toString());
    }
    return rows.stream().sorted().toList();
  }
}
