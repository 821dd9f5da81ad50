package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What commands say of wrong words, wrong files and damaged stores, and how they end then.
class MessageTest extends CommandRuns {
  private static final int META_BLOCKS = 8192;

  @TempDir Path folder = Path.of("");

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void wrongUsageIsOneSentenceAndSaysWhereToReadOn() {
    assertEquals(2, run("query", "RETURN 1", "--mode", "jason"));
    assertEquals(
        """
        error: there is no mode `jason`; there are box, csv, tsv, json and jsonl
          `quarry query --help` tells how it is called
        """,
        err());
    assertEquals(2, run("stats", path("x.quarry"), "--jsonn"));
    assertTrue(err().contains("--jsonn"), err());
    assertTrue(err().contains("did you mean --json?"), err());
    assertEquals(2, run("query", "RETURN", "1", "AS", "x"));
    assertTrue(err().contains("not 4 words; a statement is one word in quotes"), err());
    assertFalse(err().contains("Usage:"), err());
  }

  @Test
  void aWordThatIsNoCommandIsNamed() {
    assertEquals(2, run("chek", path("x.quarry")));
    assertTrue(err().startsWith("error: there is no command `chek`; did you mean `check`?"), err());
    assertEquals(2, run("archive", path("x.quarry"), "y"));
    assertTrue(err().startsWith("error: there is no command `archive`\n"), err());
    assertEquals(2, run("x.quarry", "RETURN 1"));
    assertTrue(err().contains("a statement is run by `quarry query STORE TEXT`"), err());
  }

  @Test
  void helpAloneIsTheListOfCommands() {
    assertEquals(0, run("help"));
    assertTrue(out().contains("Usage: quarry"), out());
  }

  @Test
  void aStoreIsSuggestedByItsNameAndNotByWhatAllNamesEndWith() {
    assertEquals(0, run("query", path("friends.quarry"), "CREATE (:A)"));
    assertEquals(3, run("stats", path("freinds.quarry")));
    assertTrue(err().contains("did you mean `friends.quarry`?"), err());
    assertEquals(3, run("stats", path("friends")));
    assertTrue(err().contains("did you mean `friends.quarry`?"), err());
    assertEquals(0, run("query", path("junk.quarry"), "CREATE (:A)"));
    assertEquals(3, run("stats", path("none.quarry")));
    assertFalse(err().contains("did you mean"), err());
  }

  @Test
  void theHelpOfEachCommandFitsEightyColumns() {
    for (String command :
        List.of("demo", "load", "query", "stats", "check", "hash", "backup", "compact", "repair")) {
      assertEquals(0, run(command, "--help"));
      out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
      int at = out().indexOf("Examples:");
      String examples = at < 0 ? "" : out().substring(at);
      examples.lines().skip(1).forEach(line -> assertTrue(line.startsWith("  "), line));
    }
  }

  @Test
  void aProcedureThatWritesRunsFromTheCommandLine() {
    assertEquals(0, run("query", path("x.quarry"), "CREATE (:A)-[:T]->(:A)"));
    assertEquals(0, run("query", path("x.quarry"), "CALL algo.wcc.write('part')"), err());
    assertEquals("nodes\n2\n", out());
    String script = "BEGIN; CALL algo.degree.write('degree') YIELD nodes RETURN nodes; COMMIT";
    assertEquals(0, run("query", path("x.quarry"), script), err());
    assertEquals(
        0,
        run("query", path("x.quarry"), "MATCH (n) RETURN n.part AS p, n.degree AS d ORDER BY d"));
    assertEquals("p,d\n0,0\n0,1\n", out());
    assertEquals(1, run("query", path("x.quarry"), "CALL algo.wcc.write('p')", "--read-only"));
    assertTrue(err().contains("leave out --read-only"), err());
  }

  @Test
  void ofALongLineOnlyWhatIsAroundThePlaceIsShown() {
    String ones = "1 + ".repeat(10_000);
    assertEquals(1, run("query", "RETURN " + ones + "oops + " + ones + "1"));
    List<String> lines = err().lines().toList();
    assertTrue(lines.get(1).length() < 200, lines.get(1));
    assertEquals("oops", lines.get(1).substring(lines.get(2).indexOf('^')).substring(0, 4));
    assertEquals(lines.get(2).indexOf("^^^^"), lines.get(2).indexOf('^'));
    assertEquals(1, run("query", "RETURN [" + "1, ".repeat(100) + "oops]"));
    assertEquals(
        "oops",
        err()
            .lines()
            .toList()
            .get(1)
            .substring(err().lines().toList().get(2).indexOf('^'))
            .substring(0, 4));
  }

  @Test
  void aScriptAndParametersThatCannotBeReadAreNamed() throws IOException {
    Path script = folder.resolve("s.cypher");
    Files.write(script, new byte[] {'R', (byte) 0xff, (byte) 0xfe});
    assertEquals(1, run("query", "-f", script.toString()));
    assertEquals("error: the text of " + script + " is not UTF-8\n", err());
    String json = file("p.json", "{\"a\": 1,\n\"b\"");
    assertEquals(2, run("query", "RETURN $a", "--params", json));
    assertTrue(err().startsWith("error: " + json + ":2:"), err());
    assertFalse(err().contains("Source"), err());
    assertEquals(2, run("query", "RETURN $a", "--params", path("none.json")));
    assertTrue(err().startsWith("error: there is no readable file " + path("none.json")), err());
  }

  @Test
  void optionsOfALoadThatMeanNothingAreRefused() throws IOException {
    String nodes = file("n.csv", "id:ID(P)\n1\n");
    assertEquals(2, run("load", path("a"), "--nodes", "P=" + nodes, "--tolerate", "-1"));
    assertTrue(err().contains("the number of rows to tolerate is negative: -1"), err());
    assertEquals(2, run("load", path("a"), "--nodes", "P=" + nodes, "--id-type", "foo"));
    assertTrue(err().contains("the type of ids is integer or string, not `foo`"), err());
    assertEquals(2, run("load", path("a"), "--nodes", "P=" + nodes, "--progress", "foo"));
    assertTrue(err().contains("--progress takes json, not `foo`"), err());
    String rejects = folder.resolve("none/r.csv").toString();
    assertEquals(2, run("load", path("a"), "--nodes", "P=" + nodes, "--rejects", rejects));
    assertTrue(err().contains(rejects + ": no such folder"), err());
    String packed = file("n.csv.gz", "id:ID(P)\n1\n");
    assertEquals(1, run("load", path("a"), "--nodes", "P=" + packed));
    assertTrue(err().contains("ends in .gz but is damaged, or no gzip file"), err());
    assertFalse(err().contains("java."), err());
    assertFalse(Files.exists(folder.resolve("a")));
  }

  @Test
  void aStoreThatIsOpenIsNamedWithItsHolderAndTheWayOut() {
    try (Quarry db = Quarry.open(folder.resolve("x.quarry"))) {
      db.run("CREATE (:A)", java.util.Map.of());
      assertEquals(3, run("stats", path("x.quarry")));
      assertTrue(err().contains("the store " + path("x.quarry") + " is already open"), err());
      assertFalse(err().contains("-lock"), err());
    }
  }

  @Test
  void aBackupOntoItsOriginalIsRefusedAsAFileThatIsThere() {
    assertEquals(0, run("query", path("x.quarry"), "CREATE (:A)"));
    assertEquals(3, run("backup", path("x.quarry"), path("x.quarry")));
    assertTrue(err().contains("there is a file " + path("x.quarry") + " already"), err());
  }

  @Test
  void aStoreTooDamagedToOpenEndsEveryCommandWithThreeAndNamesRepair() throws IOException {
    assertEquals(0, run("query", path("x.quarry"), "CREATE (:A)"));
    Path store = folder.resolve("x.quarry");
    byte[] bytes = Files.readAllBytes(store);
    for (int i = META_BLOCKS; i < bytes.length; i++) {
      bytes[i] ^= 1;
    }
    Files.write(store, bytes);
    for (String command : List.of("check", "stats", "hash", "compact")) {
      assertEquals(3, run(command, path("x.quarry")), command);
      assertTrue(err().contains("`quarry repair` saves what is left"), err());
    }
    assertEquals(3, run("query", path("x.quarry"), "MATCH (n) RETURN n"));
    assertFalse(err().contains("run `quarry check`"), err());
  }

  @Test
  void theHelpOfSizesAndTimesSaysWhatANumberAloneIs() {
    assertEquals(0, run("query", "--help"));
    String query = out().replaceAll("\\s+", " ");
    assertTrue(query.contains("256m or 2g (k, m, g or t; a number alone is bytes)"), query);
    assertTrue(query.contains("500ms (ms, s, m or h; a number alone is seconds)"), query);
    assertEquals(0, run("load", "--help"));
    String load = out().replaceAll("\\s+", " ");
    assertTrue(load.contains("a number alone is bytes"), load);
  }
}
