package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.query.syntax.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random patterns with cycles, on random graphs with loops and with parallels that are bare or
/// have properties, give what the reference gives (rule S19); also in a transaction that has
/// changed the graph.
///
/// The seed is printed: `-Dseed=N`.
class CyclicPatternTest {
  private static final int GRAPHS = 60;
  private static final int STATEMENTS = 15;
  private static final CanonicalText TEXT = new CanonicalText(true, true);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int intersections;
  private int compared;

  @Test
  void cyclicPatternsGiveWhatTheReferenceGives() {
    System.out.println("-Dseed=" + seed);
    for (int i = 0; i < GRAPHS; i++) {
      boolean wide = random.nextInt(4) == 0;
      ReferenceGraph graph = wide ? graph(16, 80) : graph(1 + random.nextInt(5), 14);
      try (Quarry db = Quarry.inMemory()) {
        db.update(transaction -> RandomGraph.load(graph, transaction));
        for (int k = 0; k < STATEMENTS; k++) {
          compare(db, graph, statement(wide));
        }
        compareWithinTransaction(db, graph, wide);
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(compared > GRAPHS * STATEMENTS, "only " + compared + " compared");
    assertTrue(intersections > GRAPHS * STATEMENTS / 2, "only " + intersections + " intersections");
  }

  private ReferenceGraph graph(int nodeCount, int most) {
    ReferenceGraph graph = new ReferenceGraph();
    List<ReferenceNode> nodes = new ArrayList<>();
    for (long i = 0; i < nodeCount; i++) {
      Set<String> labels = random.nextInt(3) == 0 ? Set.of("A") : Set.of("A", "B");
      nodes.add(graph.createNode(labels, Map.of("uid", i)));
    }
    boolean bare = random.nextInt(3) == 0;
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      ReferenceNode start = oneOf(nodes);
      ReferenceNode end = random.nextInt(8) == 0 ? start : oneOf(nodes);
      boolean hasWeight = !bare && random.nextInt(3) == 0;
      Map<String, Object> properties = hasWeight ? Map.of("w", random.nextLong(3)) : Map.of();
      String type = random.nextInt(4) == 0 ? "U" : "T";
      for (int parallels = 1 + random.nextInt(6) / 5; parallels > 0; parallels--) {
        graph.createRelationship(start, type, end, properties);
      }
    }
    return graph;
  }

  private void compare(Quarry db, ReferenceGraph graph, String statement) {
    List<Row> plan = db.run("EXPLAIN " + statement).rows();
    intersections += plan.toString().contains("Intersect") ? 1 : 0;
    compare(graph, "", statement, () -> db.run(statement).rows());
  }

  private void compare(
      ReferenceGraph graph, String changes, String statement, Supplier<List<Row>> run) {
    List<String> expected = expected(graph, statement);
    if (expected != null) {
      compared++;
      assertEquals(
          expected,
          actual(run.get()),
          () ->
              "seed %d%n%s;%n%s%s"
                  .formatted(seed, RandomGraph.statement(graph), changes, statement));
    }
  }

  /// Lists that have changed since the snapshot have tails, and relationships get rows.
  private void compareWithinTransaction(Quarry db, ReferenceGraph graph, boolean wide) {
    try (WriteTransaction transaction = db.beginWrite()) {
      ReferenceGraph changed = graph;
      StringBuilder changes = new StringBuilder();
      for (int i = 0; i < 6; i++) {
        String change = change(graph.nodes().size());
        transaction.query(change).toList();
        changed = ReferenceInterpreter.run(changed, change, Map.of()).graph();
        changes.append(change).append(";\n");
        String statement = statement(wide);
        compare(
            changed, "after " + changes, statement, () -> transaction.query(statement).toList());
      }
      transaction.rollback();
    }
  }

  private String change(int nodes) {
    int a = random.nextInt(nodes);
    int b = random.nextInt(nodes);
    String ends = "MATCH (a {uid: " + a + "}), (b {uid: " + b + "}) ";
    return switch (random.nextInt(6)) {
      case 0 -> "MATCH (a {uid: " + a + "})-[r:T]->(b {uid: " + b + "}) DELETE r";
      case 1 -> "MATCH (a {uid: " + a + "})-[r]->(b {uid: " + b + "}) SET r.w = 7";
      case 2 -> ends + "CREATE (a)-[:V]->(b)";
      case 3 -> ends + "CREATE (a)-[:T {w: 5}]->(b), (a)-[:T]->(b)";
      default -> ends + "CREATE (a)-[:T]->(b), (b)-[:T]->(a)";
    };
  }

  /// Null where the reference would take too long.
  private static @Nullable List<String> expected(ReferenceGraph graph, String statement) {
    List<String> rows = new ArrayList<>();
    ReferenceInterpreter.Outcome outcome;
    try {
      outcome =
          ReferenceInterpreter.run(
              graph, StatementParser.parse(statement), Map.of(), ReferenceInterpreter.MOST_ROWS);
    } catch (EvaluationException tooLarge) {
      assertEquals(ErrorCode.LIMIT_EXCEEDED, tooLarge.code(), statement);
      return null;
    }
    for (var row : outcome.rows()) {
      rows.add(
          outcome.columns().stream()
              .map(column -> TEXT.of(BorderValues.of(row.get(column))))
              .toList()
              .toString());
    }
    return rows.stream().sorted().toList();
  }

  private static List<String> actual(List<Row> rows) {
    return rows.stream()
        .map(row -> row.asMap().values().stream().map(TEXT::of).toList().toString())
        .sorted()
        .toList();
  }

  // Statements.

  /// A cycle of two to four nodes, with chords or a tail, in one form or another.
  private String statement(boolean wide) {
    int length = wide ? 3 : 2 + random.nextInt(3);
    List<String> parts = new ArrayList<>();
    List<String> relationships = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      parts.add(joined(i, (i + 1) % length, relationships));
    }
    if (length == 4 && random.nextBoolean()) {
      parts.add(joined(0, 2, relationships));
    }
    if (length == 4 && random.nextInt(3) == 0) {
      parts.add(joined(1, 3, relationships));
    }
    if (!wide && random.nextInt(5) == 0) {
      parts.add(random.nextBoolean() ? "(a)-[*0..1]->(t)" : joined(0, 0, relationships));
    }
    String pattern = String.join(", ", parts);
    String where = where(relationships);
    String nodes = List.of("a.uid, b.uid", "a.uid, b.uid, c.uid", "c.uid, d.uid").get(length - 2);
    String types = relationships.isEmpty() ? "1" : "type(" + relationships.getLast() + ")";
    String weight = relationships.isEmpty() ? "1" : relationships.getFirst() + ".w";
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> "MATCH " + pattern + where + " RETURN count(*)";
      case 3 -> "MATCH " + pattern + where + " RETURN " + nodes + ", count(*)";
      case 4 ->
          "MATCH "
              + pattern
              + where
              + " RETURN "
              + nodes
              + ", "
              + types
              + " AS t, "
              + weight
              + " AS w";
      case 5 -> "MATCH (a:B) OPTIONAL MATCH " + pattern + where + " RETURN " + nodes;
      case 6 -> "MATCH (a:A) WHERE EXISTS { " + pattern + where + " } RETURN a.uid";
      case 7 -> "OPTIONAL MATCH (a:B)-[q]->(b {uid: 1}) MATCH " + pattern + " RETURN " + nodes;
      default -> "MATCH (a:A) RETURN a.uid, COUNT { " + pattern + where + " } AS n";
    };
  }

  private String joined(int from, int to, List<String> relationships) {
    String name = "";
    if (random.nextInt(4) == 0) {
      name = "r" + relationships.size();
      relationships.add(name);
    }
    String inside = name + oneOf(List.of("", "", ":T", ":T", ":T", ":U", ":T|U", ":T|V"));
    String arrow = inside.isEmpty() ? "--" : "-[" + inside + "]-";
    String left = "(" + "abcd".charAt(from) + label() + ")";
    String right = "(" + "abcd".charAt(to) + label() + ")";
    return switch (random.nextInt(4)) {
      case 0 -> left + arrow + right;
      case 1 -> left + "<" + arrow + right;
      default -> left + arrow + ">" + right;
    };
  }

  private String label() {
    return random.nextInt(6) == 0 ? ":B" : "";
  }

  private String where(List<String> relationships) {
    return switch (random.nextInt(6)) {
      case 0 -> " WHERE a <> b";
      case 1 -> " WHERE a.uid < b.uid";
      case 2 -> relationships.isEmpty() ? "" : " WHERE " + relationships.getLast() + ".w >= 1";
      case 3 -> " WHERE NOT (b)-[:U]->(a)";
      default -> "";
    };
  }

  private <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
