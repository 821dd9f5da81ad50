package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.cli.shell.Dialogue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell as a person meets it: a dialogue on a terminal that cannot move its cursor.
class ShellTest {
  private static final String CTRL_C = "\u0003";
  private static final String CTRL_D = "\u0004";

  @TempDir Path folder;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// Holds the dialogue.
  ///
  /// @return what was shown on stdout
  private String hold(Dialogue dialogue, String... arguments) {
    err.reset();
    Terminal terminal =
        new Terminal(
            dialogue.in(),
            new PrintStream(dialogue.out(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "0",
            80,
            history());
    assertEquals(0, Main.run(terminal, arguments), () -> dialogue.shown() + err());
    assertNull(dialogue.missed(), () -> dialogue.shown() + err());
    return dialogue.shown();
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  private Path history() {
    return folder.resolve("state/quarry/history");
  }

  private String store() {
    return folder.resolve("x.quarry").toString();
  }

  private long count(String label) {
    return count(Path.of(store()), label);
  }

  private static long count(Path store, String label) {
    try (Quarry db = Quarry.open(store)) {
      assertTrue(db.admin().check().isSound());
      return (Long) db.run("MATCH (n:" + label + ") RETURN count(n)").rows().getFirst().get(0);
    }
  }

  @Test
  void statementsGoOnUpToTheirSemicolon() {
    Dialogue dialogue =
        new Dialogue()
            .lines(":timer off", "RETURN [1,\n2] AS x\n;", "RETURN 'a;\nb' AS t;")
            .lines("RETURN 1 AS a; RETURN 2 AS b;", "/* not\nyet */ RETURN 3 AS c;")
            .lines(":quit");
    assertEquals(
        """
        quarry> :timer off
        quarry> RETURN [1,
           ...> 2] AS x
           ...> ;
        x
        "[1,2]"
        quarry> RETURN 'a;
           ...> b' AS t;
        t
        "a;
        b"
        quarry> RETURN 1 AS a; RETURN 2 AS b;
        a
        1
        b
        2
        quarry> /* not
           ...> yet */ RETURN 3 AS c;
        c
        3
        quarry> :quit
        """,
        hold(dialogue, "-q"));
    assertEquals("", err());
  }

  @Test
  void theGreetingNamesTheStore() {
    String shown = hold(new Dialogue().lines("CREATE (:A);", ":exit"), store());
    assertTrue(shown.startsWith("Quarry 0.1.0-SNAPSHOT · " + store() + ", new · csv · "), shown);
    assertTrue(shown.contains("\n:help\nquarry> "), shown);
    shown = hold(new Dialogue().lines(":exit"), store());
    assertTrue(shown.matches("(?s)Quarry .*x\\.quarry, [0-9.]+ [KM]iB · csv · memory .*"), shown);
  }

  @Test
  void theHistoryIsPrivateAndKeepsStatementsWhole() throws IOException {
    hold(new Dialogue().lines("RETURN 1\nAS x;", " RETURN 'secret';", ":quit"), "-q");
    if (Files.getFileStore(history()).supportsFileAttributeView("posix")) {
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(history())));
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(history().getParent())));
    }
    String shown = hold(new Dialogue().lines(":history", ":quit"), "-q");
    assertTrue(
        shown.contains("    1  RETURN 1\n       AS x;\n    2  :quit\n    3  :history\n"), shown);
    assertFalse(Files.readString(history()).contains("secret"));
  }

  @Test
  void theHistoryStaysBounded() throws IOException {
    Files.createDirectories(history().getParent());
    StringBuilder old = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      old.append(1_700_000_000_000L + i).append(":RETURN ").append(i).append(";\n");
    }
    Files.writeString(history(), old);
    hold(new Dialogue().lines("RETURN 'new';", ":quit"), "-q");
    List<String> lines = Files.readAllLines(history());
    assertTrue(lines.size() <= 2_500, () -> lines.size() + " lines");
    assertTrue(lines.getLast().endsWith(":quit"), lines::getLast);
    assertTrue(lines.contains("1700000004999:RETURN 4999;"));
  }

  @Test
  void ctrlCEndsTheStatementThatRuns() {
    Dialogue dialogue =
        new Dialogue()
            .lines(
                ":timer off",
                "UNWIND range(1, 100000) AS y UNWIND range(1, 100000) AS x\n"
                    + "RETURN x; RETURN 'behind';")
            .when("\n17\n", CTRL_C)
            .lines("RETURN 'on' AS t;", ":quit");
    String shown = hold(dialogue, "-q");
    String tail = shown.substring(shown.length() - 200);
    assertTrue(tail.endsWith("quarry> RETURN 'on' AS t;\nt\non\nquarry> :quit\n"), tail);
    assertFalse(shown.contains("\nbehind\n"));
    assertEquals("error: the statement was cancelled and changed nothing\n", err());
  }

  @Test
  void ctrlDRollsAnOpenTransactionBackAndSaysSo() {
    Dialogue dialogue =
        new Dialogue()
            .lines("CREATE (:Kept);", "BEGIN", "CREATE (:Lost);")
            .when("quarry (transaction)> ", CTRL_D);
    String shown = hold(dialogue, "-q", store());
    assertTrue(shown.endsWith("\nthe open transaction was rolled back\n"), shown);
    assertEquals(1, count("Kept"));
    assertEquals(0, count("Lost"));
    shown = hold(new Dialogue().when("quarry> ", CTRL_D), "-q", store());
    assertEquals("quarry> \n", shown);
  }

  @Test
  void aTransactionShowsInThePromptAndCommitsWhole() {
    Dialogue dialogue =
        new Dialogue()
            .lines(":timer off", "begin", "CREATE (:A);", "MATCH (n:A) RETURN count(n) AS n;")
            .lines("BEGIN;", ":commit", "COMMIT;", ":quit");
    assertEquals(
        """
        quarry> :timer off
        quarry> begin
        transaction open; end it with COMMIT or ROLLBACK
        quarry (transaction)> CREATE (:A);
        1 node created, 1 label added
        quarry (transaction)> MATCH (n:A) RETURN count(n) AS n;
        n
        1
        quarry (transaction)> BEGIN;
        quarry (transaction)> :commit
        committed, commit 1
        quarry> COMMIT;
        quarry> :quit
        """,
        hold(dialogue, "-q", store()).replaceAll("commit \\d+", "commit 1"));
    assertEquals(
        """
        error: BEGIN inside of a transaction: one is open already
          end it with COMMIT or ROLLBACK
        error: COMMIT without a transaction: none is open
          begin one with BEGIN; a statement outside of a transaction commits by itself
        """,
        err());
    assertEquals(1, count("A"));
  }

  @Test
  void whatCommitSaysIsDurable() {
    Path copy = folder.resolve("copy/x.quarry");
    Dialogue dialogue =
        new Dialogue()
            .lines("CREATE (:Before);", "BEGIN", "CREATE (:A);", "COMMIT")
            .when("committed, commit ", () -> copyStore(copy), "")
            .lines(":quit");
    hold(dialogue, "-q", store());
    assertEquals(1, count(copy, "A"));
  }

  /// The files of the open store as a crash would leave them now.
  private void copyStore(Path copy) {
    try (Stream<Path> files = Files.list(folder)) {
      Files.createDirectories(copy.getParent());
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().endsWith("-lock")) {
          Files.copy(file, copy.getParent().resolve(file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void afterAFailureOnlyRollbackIsLeft() {
    Dialogue dialogue =
        new Dialogue()
            .lines(":timer off", "BEGIN", "CREATE (:Lost);", "RETURN 1 / 0;", "CREATE (:Lost);")
            .lines("COMMIT", "ROLLBACK", "CREATE (:Kept);", ":quit");
    String shown = hold(dialogue, "-q", store());
    assertTrue(
        shown.contains(
            """
            quarry (failed transaction)> COMMIT
            quarry (failed transaction)> ROLLBACK
            rolled back
            quarry> CREATE (:Kept);
            1 node created, 1 label added
            """),
        shown);
    assertTrue(err().contains("\n  the transaction is lost: only ROLLBACK is left\n"), err());
    assertEquals(
        2,
        err()
            .lines()
            .filter(line -> line.startsWith("error: a statement of this transaction failed"))
            .count(),
        err());
    assertEquals(0, count("Lost"));
    assertEquals(1, count("Kept"));
  }

  @Test
  void commandsChangeModeAndTimer() {
    Dialogue dialogue =
        new Dialogue()
            .lines(":mode jsonl", ".timer OFF", "RETURN 1 AS x;", ":mode jsn", ":timer maybe")
            .lines(":mode csv", ":timer on", "RETURN 1 AS x;", ":quit");
    String shown = hold(dialogue, "-q");
    assertTrue(shown.contains("quarry> RETURN 1 AS x;\n{\"x\":1}\nquarry> "), shown);
    assertTrue(
        shown.matches("(?s).*quarry> RETURN 1 AS x;\nx\n1\n[0-9.]+ m?s\nquarry> :quit\n"), shown);
    assertTrue(err().contains("did you mean `json`?"), err());
    assertTrue(err().contains("`:timer` takes on or off, not `maybe`"), err());
  }

  @Test
  void unknownCommandsAreGuessed() {
    hold(new Dialogue().lines(":hlep", ":fly", ":quit"), "-q");
    assertEquals(
        """
        error: there is no command `:hlep`
          did you mean `:help`?
        error: there is no command `:fly`
          `:help` lists them
        """,
        err());
    String help = hold(new Dialogue().lines(":help", ":quit"), "-q");
    ShellCommands.names().stream()
        .filter(name -> !name.equals(":exit"))
        .forEach(name -> assertTrue(help.contains("\n" + name), name));
  }

  @Test
  void sourceRunsAFileInTheSession() throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("s.cypher"),
            ":param n => 2\nUNWIND range(1, $n) AS i CREATE (:A);\n\nRETURN oops;\nRETURN 1;\n");
    Path itself = folder.resolve("itself.cypher");
    Files.writeString(itself, ":source " + itself + "\n");
    Dialogue dialogue =
        new Dialogue()
            .lines(":source " + script, ":params", ":source nowhere.cypher", ":source " + itself)
            .lines("MATCH (n:A) RETURN count(n) AS n;", ":quit");
    String shown = hold(dialogue, "-q");
    assertTrue(shown.contains("\n2 nodes created, 2 labels added\n"), shown);
    assertTrue(shown.contains("\n:param n => 2\n"), shown);
    assertTrue(shown.contains("count(n) AS n;\nn\n2\n"), shown);
    assertTrue(err().contains("  at " + script + ":4:8, SyntaxError.UndefinedVariable"), err());
    assertTrue(err().contains("  1 statement was committed before the error and stays;"), err());
    assertTrue(err().contains("the file nowhere.cypher cannot be read"), err());
    assertTrue(err().contains("scripts call each other more than 16 deep"), err());
  }

  @Test
  void offATerminalItReadsPlainly() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String input =
        "BEGIN\nCREATE (:A);\nCREATE (:B)\n;commit\n:mode tsv\nMATCH (n) RETURN count(n)";
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "",
            80,
            history());
    assertEquals(0, Main.run(terminal, store()));
    assertEquals("count(n)\n2\n", out.toString(StandardCharsets.UTF_8));
    assertEquals("", err());
    assertFalse(Files.exists(history()));
  }
}
