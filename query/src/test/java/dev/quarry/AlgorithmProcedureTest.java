package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.GraphException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `CALL algo.…`: the examples of `docs/algorithms.md`, options, limits, transactions that write.
/// Also run with batches of one and of two rows.
class AlgorithmProcedureTest {
  private static final Pattern BLOCK =
      Pattern.compile("```(cypher|text)\n(.*?)```", Pattern.DOTALL);

  private final Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(128 << 20));

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  @Test
  void theExamplesOfTheirDocumentationGiveWhatItSays() throws IOException {
    Matcher blocks = BLOCK.matcher(Files.readString(documentation()));
    String statement = "";
    int compared = 0;
    while (blocks.find()) {
      String text = blocks.group(2).strip();
      if (blocks.group(1).equals("cypher")) {
        statement = text;
        if (text.startsWith("CREATE")) {
          db.run(text, Map.of());
        }
      } else {
        assertEquals(text, rows(statement), statement);
        compared++;
      }
    }
    assertEquals(10, compared);
  }

  private static Path documentation() {
    Path path = Path.of("docs/algorithms.md").toAbsolutePath();
    return Files.exists(path) ? path : Path.of("..").resolve("docs/algorithms.md");
  }

  private String rows(String statement) {
    Answer answer = db.run(statement, Map.of());
    List<String> lines = new ArrayList<>(List.of(String.join(" | ", answer.columns())));
    for (Row row : answer.rows()) {
      lines.add(
          String.join(
              " | ", answer.columns().stream().map(one -> String.valueOf(row.get(one))).toList()));
    }
    return String.join("\n", lines);
  }

  private void makeChain(int nodes) {
    db.run("UNWIND range(1, $n) AS i CREATE (:V {i: i})", Map.of("n", (long) nodes));
    db.run("MATCH (a:V), (b:V) WHERE a.i + 1 = b.i CREATE (a)-[:E]->(b)", Map.of());
  }

  @Test
  void optionsMayBeLeftOut() {
    makeChain(3);
    assertEquals(
        rows("CALL algo.degree({}) YIELD node, degree RETURN node.i AS i, degree"),
        rows("CALL algo.degree() YIELD node, degree RETURN node.i AS i, degree"));
    assertEquals("nodes\n3", rows("CALL algo.kCore.write('core')"));
    assertEquals(
        "nodes\n1", rows("MATCH (v:V {i: 1}) CALL algo.kHop(v, 1) YIELD nodes RETURN nodes"));
  }

  @Test
  void otherArgumentsMayNotBeLeftOut() {
    SyntaxException one =
        assertThrows(SyntaxException.class, () -> db.run("CALL algo.kHop()", Map.of()));
    assertEquals("`algo.kHop` takes 2 to 3 arguments, not 0", one.getMessage());
    assertEquals(
        "it is called as algo.kHop(source :: NODE, hops :: INTEGER, options :: MAP);"
            + " the last one may be left out",
        one.hint());
    SyntaxException none =
        assertThrows(SyntaxException.class, () -> db.run("CALL algo.bfs()", Map.of()));
    assertEquals("`algo.bfs` takes 1 to 2 arguments, not 0", none.getMessage());
    SyntaxException more =
        assertThrows(SyntaxException.class, () -> db.run("CALL algo.wcc({}, {})", Map.of()));
    assertEquals("`algo.wcc` takes 0 to 1 argument, not 2", more.getMessage());
  }

  @Test
  void optionsThatDoNotExistAreRefusedByName() {
    makeChain(2);
    EvaluationException wrong =
        assertThrows(
            EvaluationException.class, () -> db.run("CALL algo.wcc({label: 'V'})", Map.of()));
    assertEquals(ErrorCode.ARGUMENT_INVALID, wrong.code());
    assertEquals("`algo.wcc`: there is no option `label`", wrong.getMessage());
    assertEquals("did you mean `labels`?", wrong.hint());
    assertThrows(
        EvaluationException.class, () -> db.run("CALL algo.wcc({damping: 0.5})", Map.of()));
  }

  @Test
  void optionsOfAnotherTypeOrOutOfRangeAreRefused() {
    makeChain(2);
    for (String options :
        List.of(
            "{labels: 1}",
            "{labels: ['V', 1]}",
            "{direction: 'UP'}",
            "{threads: 0}",
            "{damping: 1.5}",
            "{iterations: 0}",
            "{tolerance: 'x'}")) {
      EvaluationException wrong =
          assertThrows(
              EvaluationException.class,
              () -> db.run("CALL algo.pageRank(" + options + ")", Map.of()),
              options);
      assertEquals(ErrorCode.ARGUMENT_INVALID, wrong.code(), options);
    }
  }

  @Test
  void labelsAndTypesThatNobodyHasUsedAreRefused() {
    makeChain(2);
    db.run("CREATE (:Person)-[:KNOWS]->(:Person)", Map.of());
    QuarryException near =
        assertThrows(
            QuarryException.class, () -> db.run("CALL algo.wcc({labels: 'Persn'})", Map.of()));
    assertEquals("`algo.wcc`: this graph has no label `Persn`", near.getMessage());
    assertEquals("did you mean `Person`?", near.hint());
    GraphException far =
        assertThrows(GraphException.class, () -> db.run("CALL algo.wcc({types: 'zzz'})", Map.of()));
    assertEquals("this graph has no relationship type `zzz`", far.getMessage());
    assertEquals("it has `E`, `KNOWS`", far.hint());
  }

  @Test
  void aSourceOutsideOfThePartIsRefused() {
    makeChain(2);
    db.run("CREATE (:W)", Map.of());
    String text = "MATCH (w:W) CALL algo.bfs(w, {labels: 'V'}) YIELD node RETURN node";
    EvaluationException wrong =
        assertThrows(EvaluationException.class, () -> db.run(text, Map.of()));
    assertEquals(ErrorCode.ARGUMENT_INVALID, wrong.code());
  }

  @Test
  void aWeightThatIsNoNumberEndsTheRun() {
    db.run("CREATE (:A)-[:E {w: 'far'}]->(:B), (:C)-[:E {w: -1}]->(:D)", Map.of());
    for (String label : List.of("A", "C")) {
      String text =
          "MATCH (a:" + label + ") CALL algo.sssp(a, {weight: 'w'}) YIELD node RETURN node";
      GraphException wrong = assertThrows(GraphException.class, () -> db.run(text, Map.of()));
      assertEquals(ErrorCode.INVALID_VALUE, wrong.code());
    }
  }

  @Test
  void aTransactionThatWritesSeesItsOwnChanges() {
    makeChain(3);
    db.update(
        tx -> {
          tx.query("MATCH (v:V {i: 2}) DETACH DELETE v").close();
          tx.query("CREATE (:V {i: 4})").close();
          try (Rows rows =
              tx.query("CALL algo.wcc({}) YIELD component RETURN count(DISTINCT component) AS n")) {
            assertTrue(rows.next());
            assertEquals(3, rows.getLong(0));
          }
        });
  }

  @Test
  void whatIsWrittenIsCountedAndUndoneWithItsTransaction() {
    makeChain(3);
    Answer answer = db.run("CALL algo.degree.write('d', {})", Map.of());
    assertEquals(3, answer.summary().propertiesSet());
    try (WriteTransaction tx = db.beginWrite()) {
      tx.query("CALL algo.pageRank.write('rank', {})").close();
      tx.rollback();
    }
    assertEquals("n\n2", rows("MATCH (v:V) WHERE v.d = 1 RETURN count(v) AS n"));
    assertEquals("n\n0", rows("MATCH (v:V) WHERE v.rank IS NOT NULL RETURN count(v) AS n"));
  }

  @Test
  void whatIsNotReachedIsNotWritten() {
    makeChain(3);
    String text = "MATCH (v:V {i: 2}) CALL algo.bfs.write('depth', v, {}) YIELD nodes RETURN nodes";
    assertEquals("nodes\n2", rows(text));
    assertEquals("n\n1", rows("MATCH (v:V) WHERE v.depth IS NULL RETURN count(v) AS n"));
  }

  @Test
  void rowsThatNobodyWantsGiveTheirMemoryBack() {
    makeChain(500);
    try (ReadTransaction tx = db.beginRead();
        Rows rows = tx.query("CALL algo.pageRank({}) YIELD node, score RETURN score LIMIT 3")) {
      assertTrue(rows.next());
    }
    try (ReadTransaction tx = db.beginRead();
        Rows rows = tx.query("CALL algo.wcc({})")) {
      assertTrue(rows.next());
    }
  }

  @Test
  void aQueryWithTooLittleMemoryEndsWithItsError() {
    makeChain(2_000);
    QueryOptions options = QueryOptions.DEFAULT.withMemory(64 << 10);
    try (ReadTransaction tx = db.beginRead()) {
      assertThrows(
          MemoryBudgetException.class,
          () -> {
            try (Rows rows = tx.query(db.prepare("CALL algo.pageRank({})"), Map.of(), options)) {
              rows.next();
            }
          });
    }
  }

  @Test
  void aTimeoutEndsARun() {
    makeChain(2_000);
    QueryOptions options = QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(200));
    String text = "CALL algo.pageRank({iterations: 100000000, tolerance: 0})";
    long start = System.nanoTime();
    try (ReadTransaction tx = db.beginRead()) {
      CancelledException ended =
          assertThrows(
              CancelledException.class,
              () -> {
                try (Rows rows = tx.query(db.prepare(text), Map.of(), options)) {
                  rows.next();
                }
              });
      assertEquals(ErrorCode.TIMED_OUT, ended.code());
    }
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(30).toNanos());
  }

  @Test
  void anEmptyGraphHasNoRows() {
    for (String name : List.of("wcc", "pageRank", "cdlp", "lcc", "kCore", "degree")) {
      assertEquals(0, db.run("CALL algo." + name + "({})", Map.of()).rows().size(), name);
    }
    assertEquals("triangles\n0", rows("CALL algo.triangleCount({})"));
    assertEquals("degree | nodes", rows("CALL algo.degreeDistribution({})"));
  }
}
