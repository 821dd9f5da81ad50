package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Patterns of which relationships are told apart by their ends alone, or in which an expansion
/// that leads to about one node closes a cycle, give what they give where all rows are made: the
/// same statement with `WITH … SKIP 0` before its aggregate. The graphs are small social networks
/// with self-loops, parallel relationships, persons with two homes or none, messages that answer
/// themselves, labels that changed, and nodes that were deleted. `-Dseed=N`.
class KnownEndsTest {
  private static final int GRAPHS = 12;
  private static final int STATEMENTS = 60;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int partedByEnds;
  private int closed;

  @Test
  void relationshipsAreToldApartByTheirEndsAsByThemselves() {
    for (int graph = 0; graph < GRAPHS || partedByEnds <= 20 && graph < 10 * GRAPHS; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        db.admin().checkpoint(); // so there are estimates of how many nodes are reached
        compare(db::run);
        try (WriteTransaction transaction = db.beginWrite()) {
          Function<String, Answer> run = text -> answer(transaction, text);
          change(run);
          compare(run);
          transaction.commit();
        }
        compare(db::run);
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(partedByEnds > 20, "seed " + seed + ": " + partedByEnds);
    assertTrue(closed > 20, "seed " + seed + ": " + closed);
  }

  @Test
  void aCycleThatIsClosedByOneRelationshipIsCounted() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, 99) AS i CREATE (:P {i: i})-[:H]->(:C)-[:I]->(:N)");
      db.admin().checkpoint();
      String text =
          "MATCH (n:N) MATCH (a:P)-[:H]->(c:C)-[:I]->(n) MATCH (b:P)-[:H]->(d:C)-[:I]->(n) "
              + "MATCH (a)-[:K]-(b) RETURN count(*)";
      String plan = db.run(text).summary().plan();
      assertTrue(plan.contains("CountIntersect -[:H]->, <-[:I]- (:C)"), plan);
      assertFalse(plan.contains("ExpandInto"), plan);
      String named = db.run(text.replace("count(*)", "count(*), min(d.i)")).summary().plan();
      assertTrue(named.contains("ExpandInto"), named);
    }
  }

  /// Of two relationships that are bound and may have the same ends, each is left out.
  @Test
  void parallelsThatAreBoundAreLeftOutOneByOne() {
    try (Quarry db = Quarry.inMemory()) {
      db.run(
          "CREATE (a {i: 0}), (b {i: 1}) WITH a, b UNWIND range(1, 5) AS k CREATE (a)-[:K]->(b)");
      String four = "MATCH (a)-[:K]->(b)<-[:K]-(c)-[:K]->(d)<-[:K]-(e) RETURN count(*), min(e.i)";
      assertEquals(5L * 4 * 3 * 2, db.run(four).rows().getFirst().get(0));
      String three =
          "MATCH (a)-[:K]->(b), (a)-[:K]->(c)<-[:K]-(b2), (b2)-[:K]->(b) RETURN count(*)";
      assertEquals(5L * 4 * 3 * 2, db.run(three).rows().getFirst().get(0));
    }
  }

  /// Ends that must be joined with a node of the row, or must not, are counted by what leads to
  /// them: with parallels and self-loops, with properties and without, by marks and by searches.
  @Test
  void endsThatAreJoinedWithAnotherNodeAreCounted() {
    String pattern = "MATCH (a%s)%s(b:P)%s(c:P) WHERE %s EXISTS { MATCH (a)%s(c) }%s";
    int asked = 0;
    for (int graph = 0; graph < 6; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        db.run(
            "UNWIND range(0, 119) AS i CREATE (n:P {i: i}) FOREACH (x IN CASE WHEN i % 5 = 0 THEN [1] ELSE [] END | SET n:X)");
        String with = one("", " {w: 1}");
        for (int i = 0; i < 6; i++) {
          int factor = 1 + random.nextInt(40);
          int step = random.nextInt(50);
          db.run(
              "MATCH (a:P) MATCH (b:P) WHERE b.i = (a.i * %d + %d) %% %d CREATE (a)-[:K%s]->(b)"
                  .formatted(factor, step, 60 + random.nextInt(60), with));
        }
        db.run("MATCH (a:P) WHERE a.i % 7 < 3 CREATE (a)-[:K]->(a)");
        for (int i = 0; i < STATEMENTS; i++) {
          String text =
              pattern.formatted(
                  one("", ":P", ":X"),
                  one("-[:K]-", "-[:K]->", "<-[:K]-"),
                  one("-[:K]-", "-[:K]->", "<-[:K]-"),
                  one("", "NOT"),
                  one("-[:K]-", "-[:K]->", "<-[:K]-", "-[:NONE]-"),
                  one("", " AND a <> c", " AND a <> c AND a <> b"));
          Answer answer = db.run(text + " RETURN count(*) AS x");
          String rows = text + " WITH a, c SKIP 0 RETURN count(*) AS x";
          String made = rows.replaceAll("EXISTS (\\{.*?})", "COUNT $1 > 0");
          String plan = answer.summary().plan();
          assertEquals(db.run(made).rows(), answer.rows(), "seed " + seed + "\n" + text + plan);
          asked += plan.matches("(?s).*CountNeighbours [^\\n]*joined.*") ? 1 : 0;
        }
      }
    }
    assertTrue(asked > 20, asked + ", seed " + seed);
  }

  @Test
  void anExpansionTestsTheLabelThatAFilterAboveItAsks() {
    try (Quarry db = Quarry.inMemory()) {
      create(db);
      compareLabels(db::run);
      try (WriteTransaction transaction = db.beginWrite()) {
        Function<String, Answer> run = text -> answer(transaction, text);
        change(run);
        compareLabels(run);
        transaction.commit();
      }
      compareLabels(db::run);
    }
  }

  private void compareLabels(Function<String, Answer> run) {
    for (String label : List.of("P", "X", "C", "M", "Nobody")) {
      for (String step : List.of("-[r:K]-", "-[r:W]->", "<-[r:W]-", "-[r:H]->", "-[r]-")) {
        for (String what : List.of("sum(a.i * b.i)", "sum(a.i * b.i), count(r.w)")) {
          String all =
              "MATCH (a:P) WITH a SKIP 0 MATCH (a)" + step + "(b%s)%s RETURN count(*), " + what;
          List<String> tested = rows(run.apply(all.formatted(":" + label, "")));
          String above = " WITH a, r, b SKIP 0 WHERE b:" + label;
          List<String> made = rows(run.apply(all.formatted("", above)));
          assertEquals(made, tested, "seed " + seed + " " + label + step + what);
        }
      }
    }
  }

  /// What is kept of nodes has fewer places than there are nodes.
  @Test
  void manyNodesAreNotTakenForEachOther() {
    try (Quarry db = Quarry.inMemory()) {
      db.update(
          tx -> {
            List<Node> persons = nodes(tx, 3_000, "P");
            for (int i = 0; i < 9_000; i++) {
              join(tx, any(persons), "K", persons.get(random.nextInt(1 + i / 3)), 1);
            }
          });
      String pattern = "MATCH (a:P)-[:K]-(b)-[:K]-(c) WHERE a <> c";
      String what = " RETURN count(*), sum(a.i)";
      Answer counted = db.run(pattern + what);
      String plan = counted.summary().plan();
      assertTrue(plan.contains("CountNeighbours -[:K]-"), plan);
      List<String> made = rows(db.run(pattern + " WITH a SKIP 0" + what));
      assertEquals(made, rows(counted), "seed " + seed);
    }
  }

  private void create(Quarry db) {
    db.update(
        tx -> {
          List<Node> persons = nodes(tx, 14, "P", "X");
          List<Node> cities = nodes(tx, 5, "C");
          List<Node> countries = nodes(tx, 2, "N");
          List<Node> messages = nodes(tx, 14, "M", "X");
          List<Node> tags = nodes(tx, 4, "T");
          for (Node person : persons) {
            join(tx, person, "H", any(cities), one(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 0));
          }
          for (Node city : cities) {
            join(tx, city, "I", any(countries), one(1, 1, 1, 2));
          }
          for (int i = 0; i < 26; i++) {
            join(tx, any(persons), "K", any(persons), one(1, 1, 1, 2));
          }
          join(tx, persons.getFirst(), "K", persons.getFirst(), 2);
          for (Node message : messages) {
            join(tx, message, "W", any(persons), one(1, 1, 1, 1, 1, 1, 1, 1, 1, 2));
            join(tx, message, "R", any(messages), one(1, 1, 0));
            join(tx, message, "G", any(tags), one(1, 2, 0));
            join(tx, message, "G", any(tags), one(1, 0));
          }
        });
  }

  /// Nodes with a label, some of them with another one too.
  private List<Node> nodes(WriteTransaction tx, int count, String label, String... more) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean both = more.length > 0 && random.nextBoolean();
      Set<String> labels = both ? Set.of(label, more[0]) : Set.of(label);
      nodes.add(tx.createNode(labels, Map.of("i", i)));
    }
    return nodes;
  }

  /// Every second relationship has a property.
  private void join(WriteTransaction tx, Node from, String type, Node to, int copies) {
    for (int i = 0; i < copies; i++) {
      Map<String, Object> properties = random.nextBoolean() ? Map.of("w", i) : Map.of();
      tx.createRelationship(from, type, to, properties);
    }
  }

  private void change(Function<String, Answer> run) {
    run.apply("MATCH (n:M) WHERE n.i % 5 = 0 SET n:X");
    run.apply("MATCH (n:X) WHERE n.i % 3 = 0 REMOVE n:X");
    run.apply("MATCH (n:C) WHERE n.i = 1 SET n:X");
    run.apply("MATCH (n:P {i: 3}) DETACH DELETE n");
    run.apply(
        "MATCH (n:P {i: 1}), (m:P {i: 2}) CREATE (n)-[:K]->(m), (m)-[:K]->(n), (n)-[:K]->(n)");
  }

  private void compare(Function<String, Answer> run) {
    for (int i = 0; i < STATEMENTS; i++) {
      String pattern = pattern();
      String what = " RETURN count(*) AS x" + one("", "", ", min(a.i) AS y", ", max(b.i) AS y");
      Answer answer = run.apply(pattern + what);
      String made = pattern + " WITH a, b SKIP 0" + what;
      assertEquals(rows(run.apply(made)), rows(answer), "seed " + seed + "\n" + pattern + what);
      count(answer.summary().plan());
    }
  }

  private void count(String plan) {
    for (String line : plan.split("\n")) {
      boolean differ = line.endsWith("where relationships differ");
      partedByEnds += line.startsWith("Expand ") && differ ? 1 : 0;
      closed += line.matches("CountIntersect .*:[HRWI]\\].*") ? 1 : 0;
    }
  }

  private static List<String> rows(Answer answer) {
    return answer.rows().stream().map(row -> row.asMap().toString()).toList();
  }

  private static Answer answer(WriteTransaction transaction, String text) {
    try (Rows rows = transaction.query(text)) {
      return new Answer(rows.columns(), rows.toList(), rows.summary());
    }
  }

  private String pattern() {
    String a = "(a" + one("", ":P", ":X") + ")";
    String b = "(b" + one("", ":P", ":X") + ")";
    return switch (random.nextInt(9)) {
      case 0 ->
          "MATCH "
              + a
              + k()
              + b
              + ", (a)<-[:W]-(m"
              + one("", ":M", ":X")
              + ")-[:R]->(n"
              + one("", ":M", ":X")
              + ")-[:W]->(b)";
      case 1 ->
          "MATCH (n:N) MATCH "
              + a
              + "-[:H]->(c"
              + one("", ":C", ":X")
              + ")-[:I]->(n) MATCH "
              + b
              + "-[:H]->(d"
              + one("", ":C", ":X")
              + ")-[:I]->(n) MATCH (a)"
              + k()
              + "(b)";
      case 2 ->
          "MATCH (n:N) MATCH "
              + a
              + "-[:H]->(c)-[:I]->(n) MATCH "
              + b
              + "-[:H]->(d)-[:I]->(n) "
              + "MATCH (e)-[:H]->(f)-[:I]->(n) MATCH (a)"
              + k()
              + "(b)"
              + k()
              + "(e)"
              + k()
              + "(a)";
      case 3 ->
          "MATCH (t:T)<-[:G]-(a)<-[:R]-(b)-[:G]->(u:T) WHERE " + one("t <> u", "t <> u AND a <> b");
      case 4 -> "MATCH " + a + k() + "(c)" + k() + b + one("", " WHERE a <> b");
      case 5 -> "MATCH " + a + k() + b + "-[:H]->(c)<-[:H]-(a)";
      case 6 -> "MATCH " + a + "-[:H]->(c)<-[:H]-" + b + ", (b)-[:H]->(d)<-[:H]-(a)";
      case 7 -> "MATCH " + a + k() + "(c)" + k() + b + k() + "(a)";
      default -> "MATCH (m)-[:W]->" + a + ", (m)-[:R]-" + "(n), (n)-[:W]->(a)" + k() + b;
    };
  }

  private String k() {
    return one("-[:K]-", "-[:K]-", "-[:K]->", "<-[:K]-", "-[:K|W]-", "-[:H|K]->");
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }

  private Node any(List<Node> all) {
    return all.get(random.nextInt(all.size()));
  }
}
