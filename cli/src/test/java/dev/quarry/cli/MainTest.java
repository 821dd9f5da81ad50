package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands, their output and their exit codes.
class MainTest extends CommandRuns {
  @TempDir Path folder;

  private String store() {
    return folder.resolve("x.quarry").toString();
  }

  @Test
  void queriesPrintTheirRowsInEveryMode() {
    assertEquals(0, run("query", "RETURN 1 AS x, 'a' AS y"));
    assertEquals("x,y\n1,a\n", out().replace("\r", ""));
    assertEquals(0, run("query", "--mode", "jsonl", "RETURN 1 AS x, null AS y, [1.0] AS z"));
    assertEquals("{\"x\":1,\"y\":null,\"z\":[1.0]}\n", out().replace("\r", ""));
    assertEquals(
        0, run("query", "RETURN $n AS n, $s AS s", "-p", "n=7", "-p", "s=Jose", "-m", "tsv"));
    assertEquals("n\ts\n7\tJose\n", out().replace("\r", ""));
    assertEquals("", err());
  }

  @Test
  void aWriteCreatesTheStoreAndAReadDoesNot() {
    assertEquals(3, run("query", store(), "MATCH (n) RETURN n"));
    assertTrue(err().contains("no store at"), err());
    assertFalse(Files.exists(Path.of(store())));
    assertEquals(0, run("query", store(), "CREATE (:X {n: 1})"));
    assertEquals("", out());
    assertEquals(0, run("query", store(), "MATCH (n:X) RETURN n.n AS n"));
    assertEquals("n\n1\n", out().replace("\r", ""));
    assertEquals(2, run("query", store()));
    assertTrue(err().contains("give a statement, or `quarry"), err());
    assertEquals(3, run("stats", folder.resolve("y.quarry").toString()));
    assertTrue(err().contains("did you mean `x.quarry`?"), err());
  }

  @Test
  void errorsPointAtTheirPlace() {
    assertEquals(1, run("query", "MATCH (friend)\nRETURN freind.name"));
    assertEquals(
        """
        error: variable `freind` is not defined
          2 | RETURN freind.name
            |        ^^^^^^ did you mean `friend`?
        """,
        err());
    assertEquals(1, run("query", "--mode", "json", "RETURN 1 / 0"));
    assertTrue(
        err().startsWith("{\"code\":\"ArithmeticError.DivisionByZero\",\"gqlstatus\":"), err());
    assertEquals(2, run("query", "--mode", "xml", "RETURN 1"));
    assertEquals(2, run("query", "--threads", "-1", "RETURN 1"));
    assertTrue(err().contains("--threads must not be negative: -1"), err());
    assertEquals(2, run("qurey"));
  }

  @Test
  void aScriptStopsAtItsFirstErrorUnlessToldOtherwise() throws IOException {
    Path script =
        Files.writeString(folder.resolve("s.cypher"), "CREATE (:A); RETURN x; CREATE (:B);");
    assertEquals(1, run("query", store(), "-f", script.toString()));
    assertTrue(
        err()
            .contains(
                "  1 statement was committed before the error and stays; 1 statement behind it"),
        err());
    assertEquals(1, run("query", store(), "-f", script.toString(), "--keep-going"));
    assertEquals(0, run("query", store(), "MATCH (n) RETURN count(n) AS n"));
    assertEquals("n\n3\n", out().replace("\r", ""));
  }

  @Test
  void stdinRunsEachStatementAsItComes() {
    InputStream before = System.in;
    try {
      System.setIn(
          new ByteArrayInputStream(
              "CREATE (:A {t: 'x;y'}); MATCH (n:A) RETURN n.t AS t"
                  .getBytes(StandardCharsets.UTF_8)));
      assertEquals(0, run("query", store(), "-"));
      assertEquals("t\nx;y\n", out().replace("\r", ""));
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void loadReportsAndCheckVerifies() throws IOException {
    Path edges = Files.writeString(folder.resolve("e.txt"), "1 2\n2 3\n");
    assertEquals(
        0, run("load", store(), "--edges", edges.toString(), "--type", "E", "--label", "V"));
    assertTrue(out().startsWith("3 nodes, 2 relationships in "), out());
    assertEquals(0, run("check", store()));
    assertTrue(out().contains("is sound: "), out());
    assertEquals(0, run("stats", store(), "--json"));
    assertTrue(out().contains("\"labels\":{\"V\":3},\"types\":{\"E\":2}"), out());
    assertTrue(out().contains("\"otherLabels\":[\"V\"],\"relationships\":2}"), out());
    assertEquals(0, run("stats", store()));
    assertTrue(out().contains("kinds\n  (:V)-[:E]->(:V)  2\n"), out());
    assertTrue(
        out()
            .contains(
                "(:V)-[:E]->()  at 2 of 3 nodes, at most 1; of degree 1, 2-3, 4-7, … [2];"
                    + " 0 self-loops, no parallels (commit 1)"),
        out());
    Path more = Files.writeString(folder.resolve("n.csv"), "a|b\n1|x\n");
    String[] negative = {"load", store(), "--threads", "-1", "--edges", edges.toString()};
    assertEquals(2, run(negative));
    assertTrue(err().contains("--threads must not be negative: -1"), err());
    assertEquals(
        0,
        run(
            "load",
            store(),
            "--append",
            "--threads",
            "1",
            "--delimiter",
            "|",
            "--skip",
            "1",
            "--header",
            "id:ID(N),name",
            "--nodes",
            "N=" + more));
    assertEquals(0, run("query", store(), "MATCH (n:N) RETURN n.id AS id, n.name AS name"));
    assertEquals("id,name\n1,x\n", out().replace("\r", ""));
  }

  @Test
  void statsTellsMemoryAndDefaultsAsTextAndAsJson() {
    assertEquals(0, run("query", store(), "CREATE (:V {x: 1})-[:E {y: 2}]->(:V {x: 3})"));
    assertEquals(0, run("stats", store()));
    assertTrue(out().contains(" in use; a query may take a quarter of it"), out());
    assertTrue(out().contains("30 s to wait for the writer, who may be idle for 60 s"), out());
    assertTrue(out().contains("statements of up to 1,000,000 tokens and 64.0 MiB\n"), out());
    assertTrue(out().contains("\n  (:V).x  in 2 of 2"), out());
    assertTrue(out().contains("\n  [:E].y  in 1 of 1"), out());
    assertEquals(0, run("stats", store(), "--json"));
    long limit = OpenOptions.defaults().memoryBytes();
    assertTrue(
        out().matches("(?s).*\"memoryUsedBytes\":\\d+,\"memoryLimitBytes\":" + limit + ",.*"),
        out());
    assertTrue(
        out()
            .contains(
                "\"defaults\":{\"syncCommits\":true,\"writerTimeoutSeconds\":30,"
                    + "\"writeLeaseSeconds\":60,\"queryMemoryBytes\":"
                    + limit / 4
                    + ",\"queryTimeoutSeconds\":null,\"queryRows\":null,"
                    + "\"statementTokens\":1000000,\"statementBytes\":67108864}"),
        out());
  }

  @Test
  void statsThatMeetAnotherWriterAreNone() {
    run("query", store(), "CREATE (:V)");
    OpenOptions reading = OpenOptions.defaults().withReadOnly(true);
    try (Quarry reader = Quarry.open(Path.of(store()), reading)) {
      assertEquals(1, StatsCommand.Facts.of(reader).stats().nodes());
      assertEquals(0, run("query", store(), "CREATE (:V)"));
      StoreOpenException told =
          assertThrows(StoreOpenException.class, () -> StatsCommand.Facts.of(reader));
      assertEquals(ErrorCode.STORE_LOCKED, told.code());
    }
  }

  @Test
  void loadPutsNodesIntoARegionAndStatsShowsIt() throws IOException {
    Path edges = Files.writeString(folder.resolve("edges.txt"), "1 2\n2 3\n3 1\n");
    String[] load = {"load", store(), "--edges", edges.toString(), "--type", "E", "--append"};
    assertEquals(0, run(load));
    assertEquals(0, run("stats", store()));
    assertFalse(out().contains("regions"), out());
    String[] into = Arrays.copyOf(load, load.length + 2);
    into[load.length] = "--region";
    into[load.length + 1] = "day 1";
    assertEquals(0, run(into));
    assertEquals(0, run("stats", store()));
    assertTrue(
        out()
            .replace("\r", "")
            .matches("(?s).*regions        1\n  day 1  3 nodes, \\d+ pages \\(.*"),
        out());
    assertTrue(out().contains("are the floor of a region"), out());
    assertEquals(0, run("stats", store(), "--json"));
    assertTrue(out().contains("\"regions\":[{\"name\":\"day 1\",\"nodes\":3,"), out());
  }

  @Test
  void aLoadThatFailsLeavesNoStore() throws IOException {
    Path nodes = Files.writeString(folder.resolve("n.csv"), "id:ID,age:int\n1,x\n");
    assertEquals(4, run("load", store(), "--nodes", "N=" + nodes));
    assertTrue(err().contains("n.csv:2, column 2: age: `x` is no int; nothing was loaded"), err());
    assertFalse(Files.exists(Path.of(store())));
    assertEquals(2, run("load", store()));
    assertEquals(2, run("load", store(), "--edges", "e.txt"));
  }

  @Test
  void checkFindsADamagedByte() throws IOException {
    run("query", store(), "CREATE (:X {text: 'a text that is longer than its cell can hold'})");
    Path path = Path.of(store());
    byte[] bytes = Files.readAllBytes(path);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("longer than its cell");
    assertTrue(at > 0);
    bytes[at] ^= 1;
    Files.write(path, bytes);
    assertEquals(1, run("check", store()));
    assertTrue(out().contains("is damaged:"), out());
  }

  @Test
  void theDemoKeepsItsClaims() {
    assertEquals(0, run("demo", "--fast"), () -> out() + err());
    assertFalse(out().contains("NOT OK"), out());
  }
}
