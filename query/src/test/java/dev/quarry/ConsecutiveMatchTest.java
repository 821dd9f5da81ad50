package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// MATCH clauses that follow each other are planned as one pattern, and give the rows that they
/// give one after the other: `WITH * SKIP 0` between them keeps them apart. The seed is printed
/// when it fails: `-Dseed=N`.
class ConsecutiveMatchTest {
  private static final int GRAPHS = 12;
  private static final int STATEMENTS = 40;

  /// What no statement that is compared has more rows than: clauses that share no node multiply.
  private static final int ROWS = 100_000;

  private static final String APART = " WITH * SKIP 0 MATCH ";

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void clausesTogetherGiveWhatTheyGiveApart() {
    int otherwise = 0;
    for (int graph = 0; graph < GRAPHS; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        for (int i = 0; i < STATEMENTS; i++) {
          String text = statement(db);
          Answer together = db.run(text);
          Answer apart = db.run(text.replace(" MATCH ", APART));
          assertEquals(rows(apart), rows(together), "seed " + seed + "\n" + text);
          otherwise += scans(apart).equals(scans(together)) ? 0 : 1;
        }
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(otherwise > GRAPHS, "only " + otherwise + " begin elsewhere, seed " + seed);
  }

  @Test
  void aPatternIsFoundFromWhereItIsRareWhateverTheOrderOfClauses() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, 999) AS i CREATE (:Person {i: i})-[:LIVES]->(:Street {i: i})");
      db.run("MATCH (s:Street) MERGE (t:Town {i: s.i % 10}) CREATE (s)-[:IN]->(t)");
      db.run("MATCH (p:Person {i: 7}), (q:Person) WHERE q.i < 3 CREATE (p)-[:KNOWS]->(q)");
      String text =
          """
          MATCH (t:Town)
          MATCH (p:Person)-[:LIVES]->(:Street)-[:IN]->(t)
          MATCH (q:Person)-[:LIVES]->(:Street)-[:IN]->(t)
          MATCH (p)-[:KNOWS]->(q)
          RETURN p.i, q.i
          """;
      String apart = text.replaceAll("\nMATCH", "\nWITH * SKIP 0 MATCH");
      assertEquals(rows(db.run(apart)), rows(db.run(text)));
      String plan = db.run(text).summary().plan();
      String separate = db.run(apart).summary().plan();
      // in reverse order of the text of a plan: who lives there comes after who is known
      assertTrue(plan.lastIndexOf("KNOWS") > plan.indexOf("LIVES"), plan);
      assertTrue(separate.lastIndexOf("KNOWS") < separate.indexOf("LIVES"), separate);
    }
  }

  @Test
  void relationshipsOfDifferentClausesMayBeTheSame() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (a:A)-[:R]->(b:B)");
      assertEquals(0L, count(db, "MATCH (a:A)-[:R]->(b), (c)-[:R]->(d:B)"));
      assertEquals(1L, count(db, "MATCH (a:A)-[:R]->(b) MATCH (c)-[:R]->(d:B)"));
      assertEquals(1L, count(db, "MATCH (a:A)-[r]-(b) MATCH (b)-[s]-(c) WHERE r = s"));
      assertEquals(0L, count(db, "MATCH (a:A)-[:R]-(b) MATCH (b)-[:R]-(c)-[:R]-(d)"));
    }
  }

  @Test
  void whatIsAskedAnewForEachRowOfAClauseKeepsTheNextApart() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, 49) AS i CREATE (:A {i: i}) CREATE (:B {i: i % 5})");
      // each A is taken with all of its partners or with none
      List<Row> rows =
          db.run(
                  "MATCH (a:A) WHERE rand() < 0.5 MATCH (b:B) WHERE b.i >= 0"
                      + " RETURN a.i AS a, count(*) AS n")
              .rows();
      assertTrue(rows.size() < 50, "a coin fell 50 times alike, or was thrown for each pair");
      rows.forEach(row -> assertEquals(50L, row.get("n")));
    }
  }

  @Test
  void aClauseDoesNotKnowTheNamesOfTheNext() {
    try (Quarry db = Quarry.inMemory()) {
      for (String text :
          List.of(
              "MATCH (a) WHERE b.i = 1 MATCH (b) RETURN a",
              "MATCH (a {i: b.i}) MATCH (b) RETURN a",
              "MATCH (a)-[:R*1..2 {i: b.i}]->() MATCH (b) RETURN a")) {
        SyntaxException error = assertThrows(SyntaxException.class, () -> db.run(text));
        assertEquals(ErrorCode.UNDEFINED_VARIABLE, error.code(), text);
      }
      db.run("MATCH (b) MATCH (a)-[:R*1..2 {i: b.i}]->() RETURN a");
      db.run("MATCH ()-[r]->() MATCH (a)-[r]->(b) RETURN a");
      db.run("MATCH (a)-->(b) MATCH p = (b)-->(c) MATCH (c)-->(d) WHERE length(p) = 1 RETURN d");
    }
  }

  private static long count(Quarry db, String pattern) {
    return (Long) db.run(pattern + " RETURN count(*)").rows().getFirst().get(0);
  }

  private static List<String> rows(Answer answer) {
    List<String> rows = new ArrayList<>();
    answer.rows().forEach(row -> rows.add(row.asMap().toString()));
    Collections.sort(rows);
    return rows;
  }

  /// Where a plan begins: its scans and look-ups.
  private static List<String> scans(Answer answer) {
    return answer.summary().plan().lines().filter(line -> line.contains("Nodes")).toList();
  }

  /// Many nodes of X, few of Y, two of Z.
  private void create(Quarry db) {
    db.update(
        tx -> {
          List<Node> nodes = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            String label = i < 2 ? "Z" : i < 8 ? "Y" : "X";
            nodes.add(tx.createNode(Set.of(label), Map.of("i", i, "k", random.nextInt(6))));
          }
          for (int i = 20 + random.nextInt(60); i > 0; i--) {
            Node from = nodes.get(random.nextInt(40));
            Node to = random.nextInt(9) == 0 ? from : nodes.get(random.nextInt(40));
            Map<String, Object> properties = random.nextInt(3) == 0 ? Map.of("w", i) : Map.of();
            tx.createRelationship(from, one("A", "B"), to, properties);
          }
        });
    if (random.nextBoolean()) {
      db.run("CREATE INDEX x_i FOR (n:X) ON (n.i)");
      db.run("CREATE INDEX y_k FOR (n:Y) ON (n.k)");
    }
  }

  private String statement(Quarry db) {
    while (true) {
      List<String> names = new ArrayList<>();
      String clauses = clauses(names);
      if (count(db, clauses + " WITH 1 AS one LIMIT " + (ROWS + 1)) <= ROWS) {
        return clauses + " RETURN " + returned(names);
      }
    }
  }

  private String clauses(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    for (int clause = 2 + random.nextInt(3); clause > 0; clause--) {
      List<String> own = new ArrayList<>();
      node(text, names, own);
      for (int step = random.nextInt(3); step > 0; step--) {
        text.append(one("-->", "<--", "--", "-[:A]->", "<-[:B]-", "-[:A]-", "-[:A|B]->"));
        if (random.nextInt(12) == 0) {
          text.append("()-[:A*1..2]->");
        }
        node(text, names, own);
      }
      names.addAll(own);
      where(text, names);
      text.append(clause > 1 ? " MATCH " : "");
    }
    return text.toString();
  }

  private void node(StringBuilder text, List<String> names, List<String> own) {
    if (!names.isEmpty() && random.nextInt(3) == 0) {
      text.append('(').append(names.get(random.nextInt(names.size()))).append(')');
      return;
    }
    String name = "n" + (names.size() + own.size());
    own.add(name);
    text.append('(').append(name).append(one("", ":X", ":X", ":Y", ":Z", ":Y"));
    if (!names.isEmpty() && random.nextInt(4) == 0) {
      text.append(" {k: ").append(names.getFirst()).append(".k}");
    }
    text.append(')');
  }

  private void where(StringBuilder text, List<String> names) {
    String name = names.get(random.nextInt(names.size()));
    String other = names.get(random.nextInt(names.size()));
    text.append(
        switch (random.nextInt(6)) {
          case 0 -> " WHERE " + name + ".i = " + random.nextInt(40);
          case 1 -> " WHERE " + name + ".k = " + other + ".k";
          case 2 -> " WHERE " + name + ".i > " + other + ".i";
          case 3 -> " WHERE EXISTS { (" + name + ")-->(:X) }";
          default -> "";
        });
  }

  private static String returned(List<String> names) {
    List<String> columns = new ArrayList<>();
    names.forEach(name -> columns.add(name + ".i AS " + name));
    return String.join(", ", columns);
  }

  private String one(String... of) {
    return of[random.nextInt(of.length)];
  }
}
