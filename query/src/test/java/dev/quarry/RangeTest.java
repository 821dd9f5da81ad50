package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whoever takes the elements of `range()` one by one needs no memory for their list, and meets the
/// elements and the errors of that list.
class RangeTest {
  /// What 65,536 cells would take.
  private static final QueryOptions SMALL = QueryOptions.DEFAULT.withMemory(1 << 20);

  private Quarry db;

  @BeforeEach
  void open() {
    db = Quarry.inMemory();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private Object inLittleMemory(String cypher) {
    return db.run(db.prepare(cypher), Map.of(), SMALL).rows().getFirst().get(0);
  }

  private Object single(String cypher) {
    return db.run(cypher).rows().getFirst().get(0);
  }

  @Test
  void tenMillionNumbersAreCountedInOneMegabyte() {
    assertEquals(
        10_000_000L, inLittleMemory("UNWIND range(1, 10000000) AS x RETURN count(x) AS n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "UNWIND range(1, 1000000) AS x WITH x WHERE x % 3 = 0 RETURN sum(x) → 166666833333",
        "MATCH (n:N) UNWIND range(n.i, 1000000) AS x RETURN sum(x) → 500000500000",
        "UNWIND range(1, 2) AS k CALL { WITH k UNWIND range(k, 1000000) AS x RETURN max(x) AS m } RETURN sum(m) → 2000000",
        "UNWIND range(1, 1000000) AS x WITH x ORDER BY x DESC LIMIT 1 RETURN x → 1000000",
        "RETURN reduce(s = 0, x IN range(1, 1000000) | s + x) → 500000500000",
        "RETURN any(x IN range(1, 1000000) WHERE x = 1000000) → true",
        "RETURN all(x IN range(1, 1000000) WHERE x > 0) → true",
        "RETURN none(x IN range(1, 1000000) WHERE x > 1000000) → true",
        "RETURN single(x IN range(1, 1000000) WHERE x = 7) → true",
        "RETURN [x IN range(1, 1000000) WHERE x % 250000 = 0] → [250000, 500000, 750000, 1000000]",
        "RETURN size([x IN range(1, 1000000) WHERE x % 1000 = 0]) → 1000",
        "RETURN 999999.0 IN range(1, 1000000) → true",
        "RETURN 0 IN range(1, 1000000) → false",
      })
  void elementsThatAreTakenOneByOneNeedNoMemory(String statement, String expected) {
    db.run("CREATE (:N {i: 1})");
    assertEquals(expected, String.valueOf(inLittleMemory(statement)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "all(x IN range(1, 200000) WHERE toString(x) <> 'a') → true",
        "[x IN range(1, 200000) WHERE [toString(x)] = ['777']] → [777]",
        "reduce(s = 0, x IN range(1, 200000) | s + size(toString(x))) → 1088895",
        "reduce(s = '', x IN range(1, 5) | CASE WHEN any(y IN [s] WHERE y + 'b' = 'ab') THEN s ELSE s + 'a' END) → a",
      })
  void whatIsMadeForOneElementIsGoneBeforeTheNext(String expression, String expected) {
    assertEquals(expected, String.valueOf(inLittleMemory("RETURN " + expression)));
  }

  @Test
  void forEachOfManyNumbersNeedsNoMemory() {
    db.run("CREATE (:N)");
    String statement = "MATCH (n:N) FOREACH (x IN range(1, 100000) | SET n.last = x)";
    db.run(db.prepare(statement), Map.of(), SMALL);
    assertEquals(100_000L, single("MATCH (n:N) RETURN n.last"));
  }

  /// What makes the list has to have room for it: the others would prove nothing otherwise.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH range(1, 1000000) AS l UNWIND l AS x RETURN count(x)",
        "RETURN size([x IN range(1, 1000000)])",
        "RETURN size([x IN range(1, 1000000) WHERE x > 0])"
      })
  void aListThatIsKeptCounts(String statement) {
    assertThrows(MemoryBudgetException.class, () -> inLittleMemory(statement));
  }

  /// Ranges at the bounds of 64 bits, descending ones, empty ones.
  static Stream<String> ranges() {
    return Stream.of(
        "1, 3",
        "3, 1",
        "3, 1, -1",
        "1, 3, -1",
        "1, 10, 4",
        "10, 1, -4",
        "5, 5",
        "5, 5, -7",
        "-2, 300",
        "9223372036854775806, 9223372036854775807",
        "9223372036854775800, 9223372036854775807, 3",
        "-9223372036854775807, -9223372036854775808",
        "-9223372036854775807, -9223372036854775808, -1",
        "-9223372036854775808, 9223372036854775807, 9223372036854775807",
        "9223372036854775807, -9223372036854775808, -9223372036854775808",
        "9223372036854775807, -9223372036854775808, -9223372036854775807");
  }

  @ParameterizedTest
  @MethodSource("ranges")
  void elementsThatAreTakenOneByOneAreThoseOfTheList(String range) {
    Object list = single("RETURN range(" + range + ")");
    assertEquals(list, single("UNWIND range(" + range + ") AS x RETURN collect(x)"), "UNWIND");
    assertEquals(list, single("RETURN [x IN range(" + range + ")]"), "comprehension");
    assertEquals(
        list, single("RETURN [x IN range(" + range + ") WHERE x IS NOT NULL]"), "with a condition");
    assertEquals(
        list, single("RETURN reduce(l = [], x IN range(" + range + ") | l + x)"), "reduce");
    assertEquals(
        true,
        single(
            "WITH range(%1$s) AS l RETURN all(x IN l WHERE x IN range(%1$s))".formatted(range)
                + " AND all(x IN range(%1$s) WHERE x IN l)".formatted(range)
                + " AND none(x IN range(%1$s) WHERE NOT x IN l)".formatted(range)
                + " AND any(x IN range(%1$s) WHERE x IN l) = (size(l) > 0)".formatted(range)),
        "IN and quantifiers");
    db.run(
        "CREATE (:L {l: []}) WITH 1 AS one MATCH (n:L) FOREACH (x IN range("
            + range
            + ")"
            + " | SET n.l = n.l + x)");
    assertEquals(list, single("MATCH (n:L) RETURN n.l"), "FOREACH");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "1, 2, $zero → ArgumentError.NumberOutOfRange",
        "1, 1.5 * $one → ArgumentError.InvalidArgumentType",
        "1, $null → ArgumentError.InvalidArgumentType",
        "1, 600000000 → TypeError.InvalidArgumentValue",
        "-9223372036854775808, 9223372036854775807 → TypeError.InvalidArgumentValue",
        "9223372036854775807, -9223372036854775808, -1 → TypeError.InvalidArgumentValue",
      })
  void whoTakesElementsOneByOneMeetsTheErrorsOfTheList(String range, String code) {
    QuarryException expected = failure("RETURN range(" + range + ")");
    assertEquals(code, expected.code().toString());
    for (String statement :
        List.of(
            "UNWIND range(%s) AS x RETURN x",
            "RETURN [x IN range(%s)]",
            "RETURN reduce(s = 0, x IN range(%s) | s)",
            "RETURN any(x IN range(%s) WHERE true)",
            "RETURN 1 IN range(%s)",
            "FOREACH (x IN range(%s) | CREATE ())")) {
      QuarryException failure = failure(statement.formatted(range));
      assertEquals(expected.code(), failure.code(), statement);
      assertEquals(firstWords(expected), firstWords(failure), statement);
      assertEquals(expected.hint(), failure.hint(), statement);
    }
  }

  private QuarryException failure(String statement) {
    Map<String, Object> parameters = new java.util.HashMap<>(Map.of("zero", 0L, "one", 1L));
    parameters.put("null", null);
    return assertThrows(QuarryException.class, () -> db.run(statement, parameters), statement);
  }

  /// A message without where in the statement it is.
  private static String firstWords(QuarryException failure) {
    return failure.getMessage().lines().findFirst().orElseThrow().replaceAll("^line.*?: ", "");
  }
}
