package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Scripts of `quarry query`: transactions, commands, and all errors at once.
class ScriptCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String terminals = "";

  private int run(String stdin, String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            terminals,
            80,
            null);
    return Main.run(terminal, arguments);
  }

  private int runFile(String script, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("s.cypher"), script);
    String[] arguments = new String[options.length + 4];
    System.arraycopy(options, 0, arguments, 4, options.length);
    arguments[0] = "query";
    arguments[1] = store();
    arguments[2] = "-f";
    arguments[3] = file.toString();
    return run("", arguments);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8)
        .replace("\r", "")
        .replace(folder.resolve("s.cypher").toString(), "s.cypher");
  }

  private String store() {
    return folder.resolve("x.quarry").toString();
  }

  private long count(String label) {
    try (Quarry db = Quarry.open(Path.of(store()))) {
      assertTrue(db.admin().check().isSound());
      return (Long) db.run("MATCH (n:" + label + ") RETURN count(n)").rows().getFirst().get(0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN; CREATE (:A); CREATE (:A); COMMIT;",
        "begin\nCREATE (:A);\nCREATE (:A);\ncommit",
        ":begin\nCREATE (:A);\nCREATE (:A);\n:commit\n",
        ":Begin; CREATE (:A); CREATE (:A); :COMMIT;",
        "// first\nBEGIN // now\n CREATE (:A)\n;/* x */ CREATE (:A);\n  Commit  ;",
        "BEGIN TRANSACTION\nCREATE (:A); CREATE (:A);\nCOMMIT TRANSACTION"
      })
  void aTransactionCommitsWhole(String script) throws IOException {
    assertEquals(0, runFile(script), this::err);
    assertEquals("", out() + err());
    assertEquals(2, count("A"));
    assertEquals(0, runFile(script.replaceAll("(?i)commit", "rollback")), this::err);
    assertEquals(2, count("A"));
    assertEquals(0, run(script, "query", store(), "-"), this::err);
    assertEquals(0, run("", "query", store(), script), this::err);
    assertEquals(6, count("A"));
  }

  @Test
  void statementsOfATransactionSeeItsChangesAndNobodyElseDoes() throws IOException {
    assertEquals(
        0,
        runFile(
            "CREATE (:A); BEGIN; CREATE (:A); MATCH (n:A) RETURN count(n) AS n; ROLLBACK;"
                + " MATCH (n:A) RETURN count(n) AS n"));
    assertEquals("n\n2\nn\n1\n", out());
  }

  @Test
  void aTransactionThatIsOpenAtTheEndIsRolledBack() throws IOException {
    assertEquals(1, runFile("CREATE (:Kept); BEGIN; CREATE (:Lost);"));
    assertEquals(
        """
        error: the script ended inside of a transaction, which was rolled back
          end it with COMMIT
        """,
        err());
    assertEquals(0, count("Lost"));
    assertEquals(1, count("Kept"));
    assertEquals(1, run("begin\nCREATE (:Lost)", "query", store(), "-", "--mode", "json"));
    assertTrue(err().startsWith("{\"code\":\"Store.TransactionClosed\""), err());
    assertEquals(0, count("Lost"));
  }

  @Test
  void aFailedStatementTakesItsTransactionAlong() throws IOException {
    assertEquals(
        1, runFile("CREATE (:Kept);\nBEGIN\nCREATE (:Lost);\nRETURN 1 / 0;\nCOMMIT\nRETURN 1;"));
    assertEquals(
        """
        error: division by zero: 1 / 0
          4 | RETURN 1 / 0
            |        ^^^^^ test the divisor before, or divide by a float
          at s.cypher:4:8, ArithmeticError.DivisionByZero, GQLSTATUS 22012
          1 statement was committed before the error and stays; the open transaction was rolled \
        back; 1 statement behind it did not run
        """,
        err());
    assertEquals(0, count("Lost"));
    assertEquals(1, count("Kept"));
  }

  @Test
  void keepGoingRunsNothingInALostTransaction() throws IOException {
    assertEquals(
        1,
        runFile(
            """
            BEGIN
            CREATE (:Lost);
            RETURN y;
            CREATE (:Lost);
            COMMIT
            ROLLBACK
            CREATE (:Kept);
            """,
            "--keep-going"));
    assertTrue(err().contains("  the transaction is lost: only ROLLBACK is left\n"), err());
    assertTrue(err().contains("  at s.cypher:4:1, Store.TransactionDoomed, GQLSTATUS"), err());
    assertTrue(err().contains("  at s.cypher:5:1, Store.TransactionDoomed, GQLSTATUS"), err());
    assertFalse(err().contains("statement was committed"), err());
    assertEquals(0, count("Lost"));
    assertEquals(1, count("Kept"));
  }

  @Test
  void beginInsideOfATransactionIsAnError() throws IOException {
    assertEquals(1, runFile("BEGIN\nCREATE (:Lost);\nBEGIN\n"));
    assertTrue(err().startsWith("error: BEGIN inside of a transaction"), err());
    assertTrue(err().contains("  at s.cypher:3:1, Store.NestedWriter, GQLSTATUS 25G01\n"), err());
    assertTrue(err().contains("no statement was committed; the open transaction was"), err());
    assertEquals(0, count("Lost"));
    assertEquals(1, runFile("ROLLBACK"));
    assertTrue(err().startsWith("error: ROLLBACK without a transaction: none is open"), err());
  }

  @Test
  void beginAloneMakesNoStore() throws IOException {
    assertEquals(0, runFile("BEGIN; COMMIT; BEGIN; ROLLBACK;"), this::err);
    assertEquals(3, runFile("BEGIN; MATCH (n) RETURN n; COMMIT;"));
    assertTrue(err().startsWith("error: no store at "), err());
    assertFalse(Files.exists(Path.of(store())));
    assertEquals(0, runFile("BEGIN; CREATE (:A); COMMIT;"), this::err);
    assertEquals(1, count("A"));
  }

  @Test
  void allSyntaxErrorsBehindTheFirstErrorAreTold() throws IOException {
    String script =
        """
        CREATE (:A);
        RETURN 1 / 0; // the first error
        CREATE (:B); RETRUN 1;

        MATCH (n)
          WHERE n.x = 1 /* a
          comment; */ RETURN m;
        RETURN 2 / 0;
        RETURN 'unfinished;
        """;
    assertEquals(1, runFile(script));
    assertEquals(
        """
        error: division by zero: 1 / 0
          2 | RETURN 1 / 0
            |        ^^^^^ test the divisor before, or divide by a float
          at s.cypher:2:8, ArithmeticError.DivisionByZero, GQLSTATUS 22012
        error: expected a clause such as MATCH or RETURN, found `RETRUN`
          3 | RETRUN 1
            | ^^^^^^ did you mean `RETURN`?
          at s.cypher:3:14, SyntaxError.UnexpectedSyntax, GQLSTATUS 42001
        error: variable `m` is not defined
          7 |   comment; */ RETURN m
            |                      ^ did you mean `n`?
          at s.cypher:7:22, SyntaxError.UndefinedVariable, GQLSTATUS 42002
        error: the string that begins here has no closing '
          9 | RETURN 'unfinished;
            |        ^ add the '
          at s.cypher:9:8, SyntaxError.UnexpectedSyntax, GQLSTATUS 42001
          1 statement was committed before the error and stays; 5 statements behind it did not run
        """,
        err());
    assertEquals(1, count("A"));
    assertEquals(0, count("B"));
    assertEquals(1, run("", "query", store(), script));
    assertTrue(err().contains("  at line 9, column 8, SyntaxError.UnexpectedSyntax"), err());
    assertEquals(1, run(script, "query", store(), "-"));
    assertFalse(err().contains("RETRUN"), err());
    assertTrue(err().contains("  at line 2, column 8, ArithmeticError.DivisionByZero"), err());
  }

  @Test
  void inJsonEachErrorIsOneObject() throws IOException {
    assertEquals(
        1, runFile("CREATE (:A) RETURN 1;\nRETURN x;\n  RETURN\n y;\n", "--mode", "jsonl"));
    assertEquals(
        """
        {"code":"SyntaxError.UndefinedVariable","gqlstatus":"42002","message":"variable `x` is not \
        defined","line":2,"column":8,"length":1,"hint":null}
        {"code":"SyntaxError.UndefinedVariable","gqlstatus":"42002","message":"variable `y` is not \
        defined","line":4,"column":2,"length":1,"hint":null}
        """,
        err());
    assertEquals("{\"1\":1}\n", out());
  }

  @Test
  void keepGoingRunsAllAndStillFails() throws IOException {
    assertEquals(
        1, runFile("CREATE (:A);\nRETURN x;\nCREATE (:A);\nRETRN 1;\nCREATE (:A)", "--keep-going"));
    assertTrue(err().contains("  at s.cypher:2:8, "), err());
    assertTrue(err().contains("  at s.cypher:4:1, "), err());
    assertFalse(err().contains("did not run"), err());
    assertEquals(3, count("A"));
  }

  @Test
  void changesAreToldToAPersonOnly() {
    String statement = "CREATE (:A {x: 1, y: 2})-[:R {z: 1}]->(:B)";
    String told = "2 nodes created, 1 relationship created, 3 properties set, 2 labels added\n";
    assertEquals(0, run("", "query", store(), statement));
    assertEquals("", out() + err());
    terminals = "2";
    assertEquals(0, run("", "query", store(), statement));
    assertEquals(told, err());
    assertEquals("", out());
    assertEquals(0, run("", "query", store(), statement + " RETURN 1 AS x", "-q"));
    assertEquals("", err());
    assertEquals("x\n1\n", out());
    assertEquals(0, run("", "query", store(), "BEGIN; " + statement + "; COMMIT"));
    assertTrue(err().matches("transaction open; .*\n" + told + "committed, commit \\d+\n"), err());
  }

  @Test
  void parametersAreLiteralsOrExpressions() {
    assertEquals(
        0,
        run(
            """
            :param name => 'Ada; or so'
            :param born: 1815
            :param low => -7
            :param `a key` => {x: [1, 2.5, null], y: true}
            :param sum => $born + 1
            :param day => date('2024-02-29')
            :param word => Jose
            :params
            RETURN $name AS name, $born AS born, $low AS low, $`a key`.x[1] AS x, $sum AS sum,
              $day.month AS month, $word AS word;
            :param clear name
            :param name => 'again'
            :param clear
            :params
            """,
            "query",
            "-"),
        this::err);
    assertEquals(
        """
        :param name => 'Ada; or so'
        :param born => 1815
        :param low => -7
        :param `a key` => {x: [1, 2.5, null], y: true}
        :param sum => 1816
        :param day => date('2024-02-29')
        :param word => 'Jose'
        name,born,low,x,sum,month,word
        Ada; or so,1815,-7,2.5,1816,2,Jose
        """,
        out());
    assertEquals(0, run(out().lines().limit(7).reduce("", (a, b) -> a + b + "\n"), "query", "-"));
  }

  @Test
  void parametersThatAreWrongPointAtTheirPlace() {
    assertEquals(1, run("\n:param x => 1 + y\n", "query", "-"));
    assertEquals(
        """
        error: variable `y` is not defined
          2 | :param x => 1 + y
            |                 ^
          at line 2, column 17, SyntaxError.UndefinedVariable, GQLSTATUS 42002
          no statement was committed
        """,
        err());
    assertEquals(1, run(":param x => [1, \n", "query", "-"));
    assertTrue(err().startsWith("error: expected "), err());
    assertEquals(1, run(":param x => 1 AS y\n", "query", "-"));
    assertTrue(err().startsWith("error: `1 AS y` is no value"), err());
    assertEquals(1, run(":param x\n", "query", "-"));
    assertTrue(err().contains("`:param` needs a name and a value"), err());
    assertEquals(1, run(":param clear x\n", "query", "-"));
    assertTrue(err().contains("there is no parameter `x`"), err());
  }

  @Test
  void parametersOfTheCommandLineMeetThoseOfTheScript() throws IOException {
    Path file = Files.writeString(folder.resolve("p.json"), "{\"a\": 1, \"b\": \"two\"}");
    String script = ":param c => $a + 1\nRETURN $a AS a, $b AS b, $c AS c";
    assertEquals(
        0, run(script, "query", "-", "--params", file.toString(), "-p", "b=three"), this::err);
    assertEquals("a,b,c\n1,three,2\n", out());
  }

  @Test
  void theSchemaIsCounted() {
    run("", "query", store(), "CREATE (:A {x: 1, y: 2})-[:R {x: 1}]->(:A:B {x: 1})");
    assertEquals(0, run(":schema", "query", store(), "-"), this::err);
    assertEquals(
        """
        labels
          :A  2
          :B  1
        relationship types
          :R  1
        property keys
          .x  2 nodes, 1 relationship
          .y  1 node
        """,
        out());
    assertEquals(0, run(":schema", "query", store(), "-", "--mode", "json"), this::err);
    assertEquals(
        "{\"labels\":{\"A\":2,\"B\":1},\"types\":{\"R\":1},\"keys\":{\"x\":{\"nodes\":2,"
            + "\"relationships\":1},\"y\":{\"nodes\":1,\"relationships\":0}},"
            + "\"indexes\":[],\"constraints\":[]}\n",
        out());
  }

  @Test
  void theSchemaNamesIndexesAndConstraints() {
    run("", "query", store(), "CREATE (:A {x: 1, y: 2})-[:R {x: 1}]->(:A {x: 2})");
    String statements =
        """
        CREATE INDEX by_y FOR (n:A) ON (n.y, n.x);
        CREATE INDEX by_r FOR ()-[r:R]-() ON (r.x);
        CREATE CONSTRAINT one_x FOR (n:A) REQUIRE n.x IS UNIQUE;
        CREATE CONSTRAINT has_x FOR (n:A) REQUIRE n.x IS NOT NULL;
        CREATE CONSTRAINT key_of_b FOR (n:B) REQUIRE n.k IS KEY;
        CREATE CONSTRAINT type_of_x FOR ()-[r:R]-() REQUIRE r.x IS :: INTEGER | STRING;
        """;
    assertEquals(0, run(statements, "query", store(), "-"), this::err);
    assertEquals(0, run(":schema", "query", store(), "-"), this::err);
    String all = out();
    assertEquals(
        """
        indexes
          by_r  [:R] .x  1 entry
          by_y  (:A) .y .x  1 entry
          key_of_b  (:B) .k  0 entries, of the constraint
          one_x  (:A) .x  2 entries, of the constraint
        constraints
          has_x  (:A) .x  exists
          key_of_b  (:B) .k  is a key
          one_x  (:A) .x  is unique
          type_of_x  [:R] .x  is INTEGER | STRING
        """,
        all.substring(all.indexOf("indexes")));
    assertEquals(0, run(":schema", "query", store(), "-", "--mode", "json"), this::err);
    assertTrue(
        out()
            .contains(
                "\"indexes\":[{\"name\":\"by_r\",\"type\":\"RANGE\",\"entityType\":\"RELATIONSHIP\","),
        this::out);
  }

  @Test
  void aScriptEndsWhereItIsToldTo() {
    assertEquals(0, run("RETURN 1 AS x;\n:quit\nRETURN 2 AS x;\n", "query", "-"), this::err);
    assertEquals("x\n1\n", out());
    assertEquals(1, run(":qiut\n", "query", "-"));
    assertTrue(err().contains("did you mean `:quit`?"), err());
  }

  @Test
  void aScriptThatIsNoTextIsOneSentence() throws IOException {
    Path file = folder.resolve("bad.cypher");
    Files.write(file, new byte[] {(byte) 0xC3, 0x28});
    assertEquals(1, run("", "query", "-f", file.toString()));
    assertEquals("error: the text of " + file + " is not UTF-8\n", err());
    assertEquals(2, run("", "query", "-f", folder.resolve("none.cypher").toString()));
  }
}
