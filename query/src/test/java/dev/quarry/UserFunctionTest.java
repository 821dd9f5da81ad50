package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.ProcedureException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.NodeValue;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Functions of an application in expressions. Also run with batches of one and of two rows.
class UserFunctionTest {
  private final Quarry db = Quarry.inMemory();
  private final AtomicLong calls = new AtomicLong();

  @AfterEach
  void close() {
    db.close();
  }

  private void register(String signature, UserFunction.Body body) {
    db.register(UserFunction.of(FunctionSignature.parse(signature), body));
  }

  /// A function that gives how often it was called.
  private void registerTick() {
    db.register(
        UserFunction.of(
            FunctionSignature.parse("app.tick() :: INTEGER").withDeterministic(false),
            arguments -> calls.incrementAndGet()));
  }

  private String rows(String cypher) {
    return String.join(
        "; ",
        db.run(cypher).rows().stream()
            .map(
                row ->
                    String.join(",", row.asMap().values().stream().map(String::valueOf).toList()))
            .toList());
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws IOException {
    db.run("CREATE (:Person {name: 'Ada Byron'}), (:Person {name: 'Cy'})");
    // begin example
    db.register(
        UserFunction.of(
            FunctionSignature.parse("app.initials(name :: STRING) :: STRING"),
            arguments -> ((String) arguments.get(0)).replaceAll("(\\w)\\w*\\W*", "$1")));
    db.run("MATCH (p:Person) RETURN app.initials(p.name)");
    // end example
    assertEquals("AB; C", rows("MATCH (p:Person) RETURN app.initials(p.name) AS i ORDER BY i"));
    ProcedureTest.requireSameExample("UserFunction.java", "UserFunctionTest.java");
  }

  @Test
  void aFunctionStandsWhereverAnExpressionDoes() {
    register(
        "app.twice(n :: NUMBER?) :: NUMBER?",
        arguments ->
            arguments.get(0) instanceof Long n
                ? (Object) (2 * n)
                : arguments.get(0) instanceof Double d ? 2 * d : null);
    register("app.half(n :: FLOAT) :: FLOAT", arguments -> (Double) arguments.get(0) / 2);
    register("app.round(n :: FLOAT) :: FLOAT", arguments -> Math.round((Double) arguments.get(0)));
    assertEquals("4,5.0,null", rows("RETURN app.twice(2), APP.Twice(2.5), app.twice(null)"));
    assertEquals("1.5,2.0", rows("RETURN app.half(3), app.round(1.7)"));
    assertEquals("[2, 4]", rows("RETURN [x IN [1, 2, 3] WHERE app.twice(x) < 6 | app.twice(x)]"));
    assertEquals(
        "3; 2",
        rows(
            "UNWIND [1, 2, 3] AS x WITH x WHERE app.twice(x) > 2 RETURN x ORDER BY app.twice(x) DESC"));
    assertEquals("6,1; 4,2", rows("UNWIND [3, 2, 2] AS x RETURN app.twice(x), count(*)"));
    assertEquals("12", rows("UNWIND [1, 2, 3] AS x RETURN sum(app.twice(x))"));
    assertEquals("1; 2", rows("UNWIND [1, 2, 3] AS x RETURN x LIMIT app.twice(1)"));
    db.run("CREATE (:A {x: app.twice(4)})");
    assertEquals("8", rows("MATCH (n:A {x: app.twice(4)}) RETURN n.x"));
    db.run("MATCH (n:A) SET n.x = app.twice(n.x) MERGE (:A {x: app.twice(8)})");
    assertEquals("16", rows("MATCH (n:A) RETURN n.x"));
  }

  @Test
  void aNodeComesAsACopy() {
    db.run("CREATE (:A:B {x: 1})");
    register(
        "app.labels(n :: NODE) :: LIST OF STRING",
        arguments -> List.copyOf(((NodeValue) arguments.get(0)).labels()));
    assertEquals("[A, B]", rows("MATCH (n) RETURN app.labels(n)"));
  }

  @Test
  void oneThatIsNotDeterministicIsAskedAnewForEachPlaceAndRow() {
    registerTick();
    assertEquals("1,2", rows("RETURN app.tick() AS a, app.tick() AS b"));
    assertEquals("false", rows("RETURN sum(app.tick()) = sum(app.tick())"));
    calls.set(0);
    db.run("CREATE (:A), (:A), (:A)");
    rows("MATCH (a:A), (b:A) WHERE app.tick() > 0 RETURN a");
    assertEquals(9, calls.get());
    calls.set(0);
    rows("MATCH (a:A) RETURN app.tick() AS t ORDER BY app.tick()");
    assertEquals(6, calls.get());
    calls.set(0);
    rows("MATCH (a:A) RETURN DISTINCT app.tick() AS t ORDER BY app.tick()");
    assertEquals(6, calls.get());
    calls.set(0);
    assertEquals("1; 2", rows("UNWIND [1, 2] AS i MERGE (n:M {x: app.tick()}) RETURN n.x"));
    assertEquals(2, calls.get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "RETURN app.typd('a') → SyntaxError.UnknownFunction → app.typed",
        "RETURN app.typed() → SyntaxError.InvalidNumberOfArguments → s :: STRING",
        "RETURN app.typed(1) → SyntaxError.InvalidArgumentType → s :: STRING",
        "UNWIND ['a', 1] AS x RETURN app.typed(x) → TypeError.InvalidArgumentType → ''",
        "RETURN app.typed(null) → SyntaxError.InvalidArgumentType → ''",
        "RETURN app.typed(DISTINCT 'a') → SyntaxError.UnexpectedSyntax → ''",
        "RETURN app.typed(y) → SyntaxError.UndefinedVariable → ''",
        "RETURN app.typed('wrong') → ProcedureError.ProcedureFailed → border",
        "RETURN app.typed('fail') → ProcedureError.ProcedureFailed → cause",
      })
  void isRefused(String statement, String code, String hint) {
    register(
        "app.typed(s :: STRING) :: INTEGER",
        arguments -> {
          if (arguments.get(0).equals("fail")) {
            throw new IOException("fail");
          }
          return arguments.get(0).equals("wrong") ? "text" : 1;
        });
    QuarryException error = assertThrows(QuarryException.class, () -> db.run(statement));
    assertEquals(code, error.code().text(), error.getMessage());
    assertTrue(String.valueOf(error.hint()).contains(hint), error.hint());
  }

  @Test
  void aNameOfTheLanguageIsTaken() {
    registerTick();
    for (String name : List.of("app.tick", "APP.TICK", "toUpper", "TOUPPER", "date.truncate")) {
      assertEquals(
          ErrorCode.PROCEDURE_EXISTS,
          assertThrows(ProcedureException.class, () -> register(name + "() :: ANY", arguments -> 1))
              .code());
    }
  }
}
