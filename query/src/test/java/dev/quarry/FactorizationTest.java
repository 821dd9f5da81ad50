package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Aggregates over rows that were counted give what they give over rows that were made: the same
/// statement with `WITH … SKIP 0` before the aggregate, which keeps [dev.quarry.query.plan] from
/// counting. The graphs have self-loops, parallel relationships, cliques, nodes that stand alone,
/// labels that changed, and nodes of a region that was dropped; none is so dense that a statement
/// takes long. The seed is printed when it fails: `-Dseed=N`.
class FactorizationTest {
  private static final int GRAPHS = 8;
  private static final int GRAPHS_MOST = 10 * GRAPHS;
  private static final int STATEMENTS = 40;
  private static final int NODES = 24;

  /// What no statement makes more rows than, before it aggregates them.
  private static final double ROWS = 2_000_000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int counted;
  private int collapsed;
  private int tested;
  private int paired;
  private int met;
  private int joined;
  private int endsAsked;
  private int optional;

  /// A case that no graph had by chance gets more graphs.
  @Test
  void countedRowsGiveWhatRowsGive() {
    for (int graph = 0; graph < GRAPHS || !hasSeenAll() && graph < GRAPHS_MOST; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        compare(db::run);
        change(db::run);
        compare(db::run);
        try (WriteTransaction transaction = db.beginWrite()) {
          Function<String, Answer> run = text -> answer(transaction, text);
          change(run);
          compare(run);
        }
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(
        hasSeenAll(),
        "%d %d %d %d %d %d %d %d, seed %d"
            .formatted(counted, collapsed, tested, paired, met, joined, endsAsked, optional, seed));
  }

  private boolean hasSeenAll() {
    return counted > 8
        && collapsed > 0
        && tested > 0
        && paired > 0
        && met > 0
        && joined > 0
        && endsAsked > 0
        && optional > 0;
  }

  /// A condition that is asked anew for each row stays where it is asked (rule S16).
  @Test
  void volatileConditionsAreAskedForTheRowsThatTheStatementNames() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, 9) AS i CREATE (:V {k: i})-[:E]->(:V {k: i})-[:E]->(:V {k: i})");
      String path = "MATCH (a:V)-[:E]->(b:V) WHERE %s MATCH (b)-[:E]->(c:V) WHERE c.k = 1 ";
      String steady = db.run(path.formatted("b.k >= 0") + "RETURN count(*)").summary().plan();
      assertTrue(steady.contains("ScanNodes :V where k = 1"), steady);
      String anew = db.run(path.formatted("rand() >= 0") + "RETURN count(*)").summary().plan();
      assertTrue(!anew.contains("where k = 1") && !anew.contains("CountNeighbours <-"), anew);
    }
  }

  /// Who is left out at the end of an OPTIONAL MATCH is asked for, by that alone.
  @Test
  void anOptionalEndThatMustNotBeANodeAsksForThatNode() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (a {i: 0})-[:E]->(b {i: 1}), (a)-[:E]->(c {i: 2}), (b)-[:E]->(c)");
      db.run("MATCH (b {i: 1}) UNWIND range(1, 3) AS i CREATE (b)-[:E]->()");
      String pattern =
          "MATCH (b)<-[:E]-(a {i: 0})-[:E]->(c) OPTIONAL MATCH (b)-[:E]->(d) WHERE d <> c ";
      Answer answer = db.run(pattern + "RETURN count(b) AS x");
      String plan = answer.summary().plan();
      assertTrue(plan.contains("CountNeighbours -[:E]->() if any"), plan);
      assertEquals(3L + 1, answer.rows().getFirst().get("x"), plan);
    }
  }

  /// With little memory few nodes are remembered: then those that repeat are handed on, and if they
  /// do not repeat, rows pass as they are. So it is with a graph that is large for what the
  /// statement does; in the small one each node has a number and a bit.
  @Test
  void nodesThatDoNotFitInMemoryAreHandedOn() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, 39999) AS i CREATE (:V {i: i})");
      db.run("CREATE INDEX v_i FOR (n:V) ON (n.i)");
      db.run(
          "MATCH (a:V) UNWIND [a.i / 8, a.i / 8 + 1] AS i"
              + " MATCH (b:V {i: i}) CREATE (a)-[:OFTEN]->(b)");
      db.run(
          "MATCH (a:V) UNWIND [a.i * 7 % 40000, a.i * 3 % 20000] AS i"
              + " MATCH (b:V {i: i}) CREATE (a)-[:SELDOM]->(b)");
      compareWithLittleMemory(db);
      db.run("UNWIND range(1, 200000) AS i CREATE (:V)");
      compareWithLittleMemory(db);
    }
  }

  private static void compareWithLittleMemory(Quarry db) {
    for (String type : List.of("OFTEN", "SELDOM")) {
      for (String what :
          List.of("count(*) AS x", "sum(c.i) AS x", "count(DISTINCT c.i % 10) AS x")) {
        String pattern = "MATCH (a:V)-[:" + type + "]->(b:V) MATCH (b)-[:" + type + "]->(c:V)";
        String text = pattern + " WHERE c.i + 0 >= 0 RETURN " + what;
        String made = pattern + " WITH c SKIP 0 RETURN " + what;
        try (ReadTransaction tx = db.beginRead();
            Rows rows =
                tx.query(
                    PreparedQuery.of(text), Map.of(), QueryOptions.DEFAULT.withMemory(4 << 20))) {
          assertEquals(db.run(made).rows().toString(), rows.toList().toString(), type + " " + what);
        }
        String plan = db.run(text).summary().plan();
        assertTrue(plan.contains("Collapse"), plan);
      }
    }
  }

  /// Whatever is added to numbers of nodes fits, or is refused as it is where rows are made.
  @Test
  void moreRowsThanCanBeCountedAreAnError() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:V)");
      db.run("MATCH (a:V) UNWIND range(1, 600) AS i CREATE (a)-[:E]->(a)");
      db.run("UNWIND range(1, 30) AS i CREATE (:V)-[:E]->(:V)");
      StringBuilder text = new StringBuilder("MATCH (n0:V)-[:E]->(n1:V)");
      for (int i = 1; i < 6; i++) {
        text.append(" MATCH (n%d)-[:E]->(n%d:V)".formatted(i, i + 1));
      }
      String sixSteps = text + " WHERE id(n6) >= 0 RETURN count(*) AS x";
      String plan = db.run("EXPLAIN " + sixSteps).summary().plan();
      assertTrue(plan.contains("Collapse"), plan);
      long power = 600L * 600 * 600 * 600 * 600 * 600;
      assertEquals(power, db.run(sixSteps).rows().getFirst().get("x"));
      String eightSteps =
          text
              + " MATCH (n6)-[:E]->(n7:V) MATCH (n7)-[:E]->(n8:V) WHERE id(n8) >= 0 RETURN count(*)";
      QuarryException e = assertThrows(QuarryException.class, () -> db.run(eightSteps));
      assertEquals(ErrorCode.ARITHMETIC_OVERFLOW, e.code());
    }
  }

  private void create(Quarry db) {
    db.update(
        tx -> {
          tx.createRegion("r");
          List<Node> nodes = new ArrayList<>();
          for (int i = 0; i < NODES; i++) {
            Set<String> labels = one(Set.of("X"), Set.of("Y"), Set.of("X", "Y"), Set.of("Z"));
            Map<String, Object> properties = Map.of("i", i, "v", value(), "k", random.nextInt(4));
            nodes.add(
                i % 7 == 6
                    ? tx.createNode("r", labels, properties)
                    : tx.createNode(labels, properties));
          }
          for (int clique = random.nextInt(3) * 2, i = 0; i < clique; i++) {
            for (int j = 0; j < i; j++) {
              tx.createRelationship(nodes.get(i), one("A", "B"), nodes.get(j), Map.of());
            }
          }
          for (int i = random.nextInt(90); i >= 0; i--) {
            Node from = nodes.get(random.nextInt(NODES));
            Node to = random.nextInt(8) == 0 ? from : nodes.get(random.nextInt(NODES / 2));
            Map<String, Object> properties = random.nextInt(3) == 0 ? Map.of("w", i) : Map.of();
            for (int copies = random.nextInt(5) == 0 ? 2 : 1; copies > 0; copies--) {
              tx.createRelationship(from, one("A", "B"), to, properties);
            }
          }
        });
    if (random.nextBoolean()) {
      db.update(tx -> tx.dropRegion("r"));
    }
    thin(db::run);
  }

  private void change(Function<String, Answer> run) {
    run.apply("MATCH (n:Y) WHERE n.k = 1 SET n:X");
    run.apply("MATCH (n:X) WHERE n.k = 2 REMOVE n:X");
    run.apply("MATCH (n)-[r:A]->(m) WHERE n.k = 3 AND m.k = 0 DELETE r");
    run.apply("MATCH (n {k: 1}), (m {k: 2}) WHERE n.i % 3 = 0 CREATE (n)-[:B]->(m), (n)-[:A]->(n)");
    thin(run);
  }

  /// Deletes relationships until no statement makes more than [#ROWS] rows.
  private void thin(Function<String, Answer> run) {
    while (mostRows(run) > ROWS) {
      int eighth = random.nextInt(8);
      run.apply("MATCH (n)-[r]->(m) WHERE (n.i + m.i) %% 8 = %d DELETE r".formatted(eighth));
    }
  }

  /// As many rows as a statement can make: a pattern has at most four steps from a bound node to
  /// another one, and two more relationships between bound nodes (a square with a chord and a
  /// tail). No tree of four steps has more matches than the star, which has the fourth power of the
  /// degree at each node (Sidorenko, *A partially ordered set of functionals corresponding to
  /// graphs*, 1994); each of the other two is one of those that join the same two nodes. A node
  /// without relationships makes a row in an OPTIONAL MATCH.
  private static double mostRows(Function<String, Answer> run) {
    int[] degrees = new int[NODES];
    int[][] between = new int[NODES][NODES];
    int most = 1;
    for (Row row : run.apply("MATCH (n)-[r]->(m) RETURN n.i AS n, m.i AS m").rows()) {
      int n = end(row, "n");
      int m = end(row, "m");
      degrees[n]++;
      degrees[m] += n == m ? 0 : 1;
      most = Math.max(most, ++between[Math.min(n, m)][Math.max(n, m)]);
    }
    double stars = IntStream.of(degrees).mapToDouble(d -> Math.pow(Math.max(1, d), 4)).sum();
    return stars * most * most;
  }

  private static int end(Row row, String column) {
    return ((Long) Objects.requireNonNull(row.get(column))).intValue();
  }

  private Object value() {
    return random.nextBoolean()
        ? (Object) (random.nextInt(9) - 3)
        : random.nextInt(40) / 4.0 + 0.125;
  }

  private void compare(Function<String, Answer> run) {
    for (int i = 0; i < STATEMENTS; i++) {
      List<String> names = new ArrayList<>();
      String pattern =
          switch (random.nextInt(9)) {
            case 0 -> pairs(names);
            case 1, 2 -> cycle(names);
            case 3 -> filteredEnd(names);
            case 4 -> joinedEnd(names);
            case 5 -> optionalEnd(names);
            default -> pattern(names);
          };
      String what = " RETURN " + (random.nextInt(4) == 0 ? distinct(names) : aggregates(names));
      String rows = pattern.replaceAll("EXISTS (\\{.*?})", "COUNT $1 > 0");
      String made = rows + " WITH " + String.join(", ", names) + " SKIP 0" + what;
      String text = pattern + what;
      Answer answer = run.apply(text);
      assertEquals(sorted(run.apply(made)), sorted(answer), "seed " + seed + "\n" + text);
      count(answer.summary().plan());
    }
  }

  private static List<String> sorted(Answer answer) {
    return answer.rows().stream().map(row -> row.asMap().toString()).sorted().toList();
  }

  private static Answer answer(WriteTransaction transaction, String text) {
    try (Rows rows = transaction.query(text)) {
      return new Answer(rows.columns(), rows.toList(), rows.summary());
    }
  }

  /// How often rows were counted, so that the comparison means something.
  private void count(String plan) {
    counted += plan.contains("CountNeighbours") ? 1 : 0;
    collapsed += plan.contains("Collapse") ? 1 : 0;
    joined += plan.contains("AreJoined") ? 1 : 0;
    endsAsked += plan.matches("(?s).*Neighbours [^\\n]*, (not )?joined .*") ? 1 : 0;
    optional += plan.contains(" if any") ? 1 : 0;
    met += plan.contains("CountIntersect") ? 1 : 0;
    paired += plan.contains("Pairs") ? 1 : 0;
    tested += plan.contains("HasNeighbours") ? 1 : 0;
  }

  /// One to four steps from node to node, in one MATCH or several, some of them optional.
  private String pattern(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    int steps = 1 + random.nextInt(4);
    node(text, "n0", names);
    String last = "n0";
    for (int i = 1; i <= steps; i++) {
      boolean same = random.nextInt(6) == 0;
      String next = same ? one(names.toArray(new String[0])) : "n" + i;
      if (random.nextInt(3) == 0) {
        where(text, names);
        text.append(i == steps && random.nextInt(3) == 0 ? " OPTIONAL MATCH (" : " MATCH (");
        last = random.nextInt(3) == 0 ? one(names.toArray(new String[0])) : last;
        text.append(last).append(')');
      }
      text.append(step());
      if (same) {
        text.append('(').append(next).append(')');
      } else {
        node(text, next, names);
      }
      last = next;
    }
    where(text, names);
    return text.toString();
  }

  /// Two steps around a node, which is all that anybody asks for; mostly one that has no label, so
  /// that the planner begins at an end.
  private String pairs(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    boolean ends = random.nextInt(3) > 0;
    String label = one("", "", ":X", ":Y");
    node(text, "n0", ends ? label : label(), names);
    text.append(one("-->", "<--", "--", "-[:A]->", "-[:A]-"));
    node(text, "n1", ends ? "" : label(), names);
    text.append(one("-->", "<--", "--", "-[:A]->", "<-[:A]-", "-[:A|B]-"));
    node(text, "n2", ends ? one("", label) : label(), names);
    names.remove("n0");
    names.remove("n2");
    where(text, names);
    return text.toString();
  }

  /// Two steps to a node of which is asked alone whether it is joined with the first.
  private String joinedEnd(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    node(text, "n0", names);
    text.append(step());
    node(text, "n1", names);
    text.append(step()).append("(n2)");
    String exists = " WHERE %sEXISTS { MATCH (n0)%s(n2) }";
    return text.append(exists.formatted(one("", "NOT "), step())).toString();
  }

  /// Two steps in two clauses, to nodes of which few are asked for.
  private String filteredEnd(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH (n0:X)" + step());
    names.add("n0");
    node(text, "n1", names);
    text.append(" MATCH (n1)").append(step());
    node(text, "n2", names);
    return text + " WHERE n2.k " + one("< 1", "= 2", "IN [0, 3]");
  }

  /// Two steps, and maybe one more to a node that must not be one of theirs.
  private String optionalEnd(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    node(text, "n0", names);
    text.append(step());
    node(text, "n1", names);
    text.append(step());
    node(text, "n2", names);
    String from = one("n0", "n1", "n2");
    text.append(" OPTIONAL MATCH (").append(from).append(')').append(step());
    node(text, "n3", new ArrayList<>());
    text.append(" WHERE n3 <> ").append(one("n0", "n1", "n2"));
    names.remove(one("n0", "n1", "n2"));
    return text.toString();
  }

  /// A triangle or a square, maybe with a chord or a tail.
  private String cycle(List<String> names) {
    StringBuilder text = new StringBuilder("MATCH ");
    int corners = 3 + random.nextInt(2);
    node(text, "n0", names);
    for (int i = 1; i < corners; i++) {
      text.append(step());
      node(text, "n" + i, names);
    }
    text.append(", (n0)").append(step()).append("(n").append(corners - 1).append(')');
    if (random.nextInt(3) == 0) {
      text.append(", (n0)").append(step()).append("(n2)");
    }
    if (random.nextInt(3) == 0) {
      text.append(", (n").append(random.nextInt(corners)).append(')').append(step());
      node(text, "t", names);
    }
    where(text, names);
    return text.toString();
  }

  private String step() {
    return one("-->", "<--", "--", "-[:A]->", "<-[:A]-", "-[:A]-", "-[:B]->", "<-[:A|B]-");
  }

  private void node(StringBuilder text, String name, List<String> names) {
    node(text, name, label(), names);
  }

  private static void node(StringBuilder text, String name, String label, List<String> names) {
    text.append('(').append(name).append(label).append(')');
    names.add(name);
  }

  private String label() {
    return one("", "", "", ":X", ":X", ":Y", ":Y", ":Nobody");
  }

  private void where(StringBuilder text, List<String> names) {
    if (random.nextInt(3) == 0) {
      String a = one(names.toArray(new String[0]));
      String b = one(names.toArray(new String[0]));
      text.append(" WHERE ")
          .append(
              one(
                  a + ".k < 2",
                  a + ".v > 0",
                  a + " <> " + b,
                  a + ":Z",
                  a + ".k <= " + b + ".k",
                  one("", "NOT ") + "EXISTS { MATCH (" + a + ")" + step() + "(" + b + ") }"));
    }
  }

  private String distinct(List<String> names) {
    String a = one(names.toArray(new String[0]));
    return "DISTINCT " + one(a + ".i AS x", a + ".k AS x", a + ".k + 1 AS x");
  }

  private String aggregates(List<String> names) {
    List<String> items = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      items.add(one(names.toArray(new String[0])) + one(".k", ".i") + " AS key");
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String a = one(names.toArray(new String[0]));
      String item =
          one(
              "count(*)",
              "count(" + a + ")",
              "count(DISTINCT " + a + ")",
              "count(DISTINCT " + a + ".k)",
              "sum(" + a + ".v)",
              "avg(" + a + ".k)",
              "min(" + a + ".k)",
              "max(" + a + ".v)",
              "sum(duration({days: coalesce(" + a + ".k, 9), nanoseconds: 700000000}))");
      items.add(item + " AS x" + i);
    }
    return String.join(", ", items);
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }
}
