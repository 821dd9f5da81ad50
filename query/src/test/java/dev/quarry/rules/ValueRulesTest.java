package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.PreparedQuery;
import dev.quarry.QueryOptions;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules S13 to S18: what values are, and how they compare.
class ValueRulesTest extends RuleFixture {
  /// S13: what outlives a batch lies in the query's scratch, under its budget.
  @Nested
  class S13 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "RETURN collect(toString(x) + ' and a text that is longer than a cell')",
          "RETURN DISTINCT x * 3",
          "RETURN x, count(*)",
          "WITH collect({x: x}) AS all RETURN size(all)",
          "RETURN count(DISTINCT toString(x))"
        })
    void whatGathersTooMuchEndsWithATypedErrorAndTheStoreGoesOn(String tail) {
      String statement =
          "UNWIND range(0, 999) AS a UNWIND range(0, 299) AS b WITH a * 1000 + b AS x " + tail;
      QueryOptions little = QueryOptions.DEFAULT.withMemory(1 << 20);
      assertThrows(
          MemoryBudgetException.class, () -> db.run(PreparedQuery.of(statement), Map.of(), little));
      assertEquals("2", rows("RETURN 1 + 1"));
    }

    @Test
    void valuesOfAllKindsOutliveTheirBatch() {
      assertEquals(
          "3000,3000,3000",
          rows(
              "UNWIND range(1, 3000) AS i WITH i, 'text number ' + i AS t,"
                  + " [i, toString(i)] AS l, {k: 'value ' + i} AS m"
                  + " WITH collect(t) AS ts, collect(l) AS ls, collect(m) AS ms"
                  + " RETURN size([j IN range(1, 3000) WHERE ts[j - 1] = 'text number ' + j]),"
                  + " size([j IN range(1, 3000) WHERE ls[j - 1] = [j, toString(j)]]),"
                  + " size([j IN range(1, 3000) WHERE ms[j - 1].k = 'value ' + j])"));
      assertEquals(
          "3000,text 1,text 999",
          rows(
              "UNWIND range(1, 3000) AS i WITH DISTINCT 'text ' + i AS t ORDER BY t"
                  + " RETURN count(t), min(t), max(t)"));
    }

    @Test
    void aColumnMayHoldValuesOfManyTypes() {
      assertEquals(
          "1; 1.5; a; true; null; [1]; {k=1}",
          rows("UNWIND [1, 1.5, 'a', true, null, [1], {k: 1}] AS x RETURN x"));
    }
  }

  /// S14: four relations: equality, equivalence, comparability, orderability.
  @Nested
  class S14 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "9007199254740993 = 9007199254740992.0 → false",
          "9007199254740992 = 9007199254740992.0 → true",
          "9007199254740993 > 9007199254740992.0 → true",
          "9007199254740993 IN [9007199254740992.0] → false",
          "[9007199254740993] = [9007199254740992.0] → false",
          "9223372036854775807 = 9223372036854775808.0 → false",
          "9223372036854775807 < 9223372036854775808.0 → true",
          "-9223372036854775808 = -9223372036854775808.0 → true",
          "1 = 1.0 → true",
          "[1, 2] = [1.0, 2.0] → true",
          "{a: 1} = {a: 1.0} → true",
          "0.0 = -0.0 → true",
          "0.0/0.0 = 0.0/0.0 → false",
          "0.0/0.0 <> 0.0/0.0 → true",
          "[0.0/0.0] = [0.0/0.0] → false",
          "0.0/0.0 > 1 → false",
          "0.0/0.0 <= 1 → false",
          "1 = 'a' → false",
          "1 < 'a' → null",
          "true < 1 → null",
          "[1] = 1 → false",
          "null = null → null",
          "null <> null → null",
          "[1, null] = [1, null] → null",
          "[1, null] = [2, null] → false",
          "[1, null] = [1] → false",
          "{a: null} = {a: null} → null",
          "{a: null} = {b: null} → false",
          "[1, 2] < [1, 3] → true",
          "[1] < [1, 0] → true",
          "[1, 'a'] < [1, 2] → null",
          "{a: 1} < {a: 2} → null",
          "false < true → true",
          "1 < 2.5 → true",
          "1.0/0 > 9223372036854775807 → true",
        })
    void equalityAndComparability(String expression, String expected) {
      assertEquals(expected, rows("RETURN " + expression));
      assertEquals(
          expected, rows("UNWIND [1, 2] AS i WITH i WHERE i = 1 RETURN " + expression), "in a row");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "[1, 1.0, 2, 2.0] → 2",
          "[0.0, -0.0, 0] → 1",
          "[0.0/0.0, 0.0/0.0, null, null] → 2",
          "[9007199254740993, 9007199254740992.0, 9007199254740992] → 2",
          "[9223372036854775807, 9223372036854775808.0] → 2",
          "[[1], [1.0], [null], [null], [0.0/0.0], [0.0/0.0]] → 3",
          "[{a: 1}, {a: 1.0}, {a: null}, {a: null}] → 2",
          "['a', 'A', 'a', ['a']] → 3",
          "[1, true, '1', [1]] → 4",
        })
    void distinctGroupingAndUnionAgree(String list, long expected) {
      String unwind = "UNWIND " + list + " AS x ";
      assertEquals(expected, db.run(unwind + "RETURN DISTINCT x").rows().size());
      assertEquals(expected, db.run(unwind + "RETURN x, count(*)").rows().size());
      assertEquals(
          expected, db.run(unwind + "RETURN x UNION " + unwind + "RETURN x").rows().size());
      assertEquals(
          expected, value(unwind + "WITH DISTINCT x WITH collect({x: x}) AS all RETURN size(all)"));
    }

    @Test
    void allValuesHaveOneOrder() {
      db.run("CREATE (:N)-[:T]->(:N)");
      String values =
          "MATCH p = (n)-[r]->() WITH p, n, r UNWIND [null, 0.0/0.0, 1.5, 1, true, false, 'b', 'a',"
              + " duration('P1D'), localtime('12:00'), time('12:00Z'), date('2024-01-01'),"
              + " localdatetime('2024-01-01T00:00'), datetime('2024-01-01T00:00Z'),"
              + " point({x: 1, y: 2}), p, [1], r, n, {a: 1}] AS x ";
      String kinds =
          " WITH n, r, p, collect({x: x}) AS all"
              + " RETURN [e IN all | CASE WHEN e.x = n THEN 'node' WHEN e.x = r THEN 'rel'"
              + " WHEN e.x = p THEN 'path' WHEN e.x = {a: 1} THEN 'map' WHEN e.x = [1] THEN 'list'"
              + " WHEN e.x = point({x: 1, y: 2}) THEN 'point' ELSE toString(e.x) END] AS kinds";
      List<String> ascending =
          Arrays.asList(
              "map",
              "node",
              "rel",
              "list",
              "path",
              "point",
              "2024-01-01T00:00Z",
              "2024-01-01T00:00",
              "2024-01-01",
              "12:00Z",
              "12:00",
              "P1D",
              "a",
              "b",
              "false",
              "true",
              "1",
              "1.5",
              "NaN",
              null);
      assertEquals(ascending, value(values + "WITH p, n, r, x ORDER BY x" + kinds));
      assertEquals(ascending.reversed(), value(values + "WITH p, n, r, x ORDER BY x DESC" + kinds));
    }

    @Test
    void largeNumbersAreOrderedExactly() {
      assertEquals(
          "9007199254740992; 9007199254740993; 9.007199254740994E15",
          rows(
              "UNWIND [9007199254740993, 9007199254740994.0, 9007199254740992] AS x"
                  + " RETURN x ORDER BY x"));
      assertEquals(
          "9007199254740993,-9223372036854775808",
          rows(
              "UNWIND [9007199254740992.0, 9007199254740993, -9223372036854775808, -9.2e18] AS x"
                  + " RETURN max(x), min(x)"));
    }

    @Test
    void whatIsStoredIsFoundByTheSameRelation() {
      db.run("UNWIND [9007199254740993, 9007199254740992.0, 1, 0.0/0.0] AS x CREATE (:N {x: x})");
      assertEquals("1", rows("MATCH (n:N {x: 9007199254740993}) RETURN count(n)"));
      assertEquals("1", rows("MATCH (n:N) WHERE n.x = 9007199254740992 RETURN count(n)"));
      assertEquals("1", rows("MATCH (n:N {x: 1.0}) RETURN count(n)"));
      assertEquals("0", rows("MATCH (n:N) WHERE n.x = 0.0 / 0.0 RETURN count(n)"));
      assertEquals("0", rows("MATCH (a:N), (b:N) WHERE a <> b AND a.x = b.x RETURN count(*)"));
    }
  }

  /// S15: strings are UTF-8, ordered by code point, and not normalised.
  @Nested
  class S15 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        quoteCharacter = '"',
        value = {
          "'ﬁ' < '😀' → true",
          "'😀' > '\uFFFD' → true",
          "size('a😀ﬁ') → 3",
          "reverse('a😀ﬁ') → ﬁ😀a",
          "substring('a😀ﬁb', 1, 2) → 😀ﬁ",
          "left('😀ab', 1) → 😀",
          "right('ab😀', 1) → 😀",
          "size(split('😀-😀', '-')[1]) → 1",
          "'e\u0301' = 'é' → false",
          "size('e\u0301') → 2",
          "'' < 'a' → true",
          "'a' < 'aa' → true",
          "'Z' < 'a' → true",
          "'a😀' STARTS WITH 'a' → true",
        })
    void codePointsAreCountedAndCompared(String expression, String expected) {
      assertEquals(expected, rows("RETURN " + expression));
    }

    @Test
    void sortingIsByCodePointToo() {
      assertEquals(
          "[A, a, é, ﬁ, 😀],😀,A",
          rows(
              "UNWIND ['😀', 'ﬁ', 'é', 'a', 'A'] AS s WITH s ORDER BY s"
                  + " RETURN collect(s), max(s), min(s)"));
    }

    @Test
    void aLoneSurrogateIsRefusedOnWrite() {
      String half = String.valueOf((char) 0xD83D);
      refuses(ErrorCode.INVALID_UNICODE_CHARACTER, "CREATE (:N {x: $x})", Map.of("x", half));
      refuses(
          ErrorCode.INVALID_UNICODE_CHARACTER, "CREATE (:N {x: $x})", Map.of("x", List.of(half)));
      db.run("CREATE (:N {x: 'a😀'})");
      refuses(ErrorCode.INVALID_UNICODE_CHARACTER, "MATCH (n) SET n.x = $x", Map.of("x", half));
      assertEquals("a😀", rows("MATCH (n) RETURN n.x"));
    }
  }

  /// S16: temporal values.
  @Nested
  class S16 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "duration('P1M') = duration('P30D') → false",
          "duration('P1M') < duration('P30D') → null",
          "duration('PT70S') = duration('PT1M10S') → true",
          "duration('P1D') = duration('PT24H') → false",
          "duration('PT24H') = duration('PT86400S') → true",
          "duration('P1Y') = duration('P12M') → true",
          "date('-999999999-01-01') < date('+999999999-12-31') → true",
          "datetime('2024-01-01T12:00+01:00') = datetime('2024-01-01T11:00Z') → false",
          "datetime('2024-01-01T12:00+01:00') > datetime('2024-01-01T11:00Z') → true",
          "datetime('2024-01-01T12:00+01:00') < datetime('2024-01-01T11:00:01Z') → true",
          "date('2024-01-01') < datetime('2025-01-01T00:00Z') → null",
          "datetime() = datetime() → true",
          "time() = time() → true",
          "date('2024-01-01') = localdatetime('2024-01-01T00:00') → false",
        })
    void temporalValuesCompare(String expression, String expected) {
      assertEquals(expected, rows("RETURN " + expression));
    }

    @Test
    void durationsAreOrderedByTheirAverageLength() {
      assertEquals(
          "P30D; P1M; P31D",
          rows("UNWIND ['P31D', 'P1M', 'P30D'] AS d RETURN duration(d) AS d ORDER BY d"));
      assertEquals(
          "2", rows("UNWIND ['PT70S', 'PT1M10S', 'P1M'] AS d RETURN count(DISTINCT duration(d))"));
    }

    @Test
    void zonedValuesAreOrderedByInstantThenLocalTime() {
      assertEquals(
          "2024-01-01T10:00Z; 2024-01-01T11:00Z; 2024-01-01T12:00+01:00; 2024-01-01T11:30Z",
          rows(
              "UNWIND ['2024-01-01T12:00+01:00', '2024-01-01T11:30Z', '2024-01-01T10:00Z',"
                  + " '2024-01-01T11:00Z'] AS t RETURN datetime(t) AS t ORDER BY t"));
    }

    @Test
    void oneReadingOfTheClockServesAStatement() {
      assertEquals("1", rows("UNWIND range(1, 5000) AS i RETURN count(DISTINCT datetime())"));
      assertEquals(
          "true",
          rows(
              "WITH datetime() AS a UNWIND range(1, 5000) AS i WITH a, count(*) AS c"
                  + " RETURN a = datetime()"));
    }

    @Test
    void randomNumbersAreNeverFoldedOrShared() {
      assertEquals(
          "3000", rows("UNWIND range(1, 3000) AS i WITH rand() AS r RETURN count(DISTINCT r)"));
      assertEquals("false", rows("RETURN rand() = rand()"));
      String text = "RETURN rand() AS r";
      assertNotEquals(rows(text), rows(text), "a cached plan");
      assertEquals("1", rows("UNWIND [1] AS i WITH rand() AS r WHERE r = r RETURN count(r)"));
      db.run("UNWIND range(1, 100) AS i CREATE (:N {r: rand()})");
      assertEquals("100", rows("MATCH (n:N) RETURN count(DISTINCT n.r)"));
    }

    @Test
    void zonesAndYearsAreKeptAsWritten() {
      List<Object> values =
          List.of(
              ZonedDateTime.parse("2024-06-01T12:00+02:00[Europe/Paris]"),
              ZonedDateTime.parse("2024-06-01T12:00+02:00"),
              ZonedDateTime.parse("+999999999-12-31T23:59:59.999999999Z"),
              LocalDate.MIN,
              LocalDate.MAX,
              LocalDateTime.MIN,
              LocalDateTime.MAX,
              LocalTime.MAX,
              OffsetTime.parse("12:00:00.000000001-18:00"),
              new CypherDuration(Long.MAX_VALUE / 12, -5, Long.MIN_VALUE / 2, 999_999_999));
      for (Object value : values) {
        db.run("CREATE (:V {x: $x})", Map.of("x", value));
        assertEquals(value, value("MATCH (v:V) RETURN v.x"));
        assertEquals("1", rows("MATCH (v:V) WHERE v.x = $x RETURN count(v)", Map.of("x", value)));
        db.run("MATCH (v:V) DELETE v");
      }
    }
  }

  /// S17: what can be stored.
  @Nested
  class S17 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "true",
          "-9223372036854775808",
          "1.0 / 0",
          "''",
          "'a😀'",
          "date('2024-02-29')",
          "localtime('23:59')",
          "time('12:00+14:00')",
          "localdatetime('2024-02-29T12:00')",
          "datetime('2024-02-29T12:00[Europe/Paris]')",
          "duration('P1Y2M3DT4H5M6.000000007S')",
          "point({x: 1.5, y: -2})",
          "point({x: 1.5, y: -2, z: 3})",
          "point({longitude: 8.5, latitude: 47.4})",
          "point({longitude: 8.5, latitude: 47.4, height: 400})",
          "[]",
          "[true, false]",
          "[1, 2, 3]",
          "[1.5, 2.0]",
          "['a', '']",
          "range(1, 5000)",
          "[x IN range(1, 500) | 'text number ' + x]",
          "[date('2024-02-29'), date('2024-03-01')]",
          "[duration('P1D')]",
          "[point({x: 1, y: 2}), point({x: 3, y: 4})]",
        })
    void theseAreStoredAndComeBackEqual(String value) {
      db.run("CREATE (:N {x: " + value + "})-[:T {x: " + value + "}]->(:M)");
      db.run("MATCH (m:M) SET m.x = " + value);
      db.run("MERGE (:O {x: " + value + "})");
      db.run("MERGE (:O {x: " + value + "})");
      assertEquals(
          "1",
          rows(
              "MATCH (n:N)-[r]->(m), (o:O) WHERE n.x = "
                  + value
                  + " AND r.x = n.x AND m.x = r.x AND o.x = m.x RETURN count(*)"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{a: 1}",
          "{}",
          "[1, 'a']",
          "[1, 1.5]",
          "[1, null]",
          "[null]",
          "[[1]]",
          "[[]]",
          "[{a: 1}]",
          "n",
          "[n]",
          "r",
          "p",
          "[date('2024-01-01'), localtime('12:00')]",
        })
    void theseAreRefusedWhereverTheyAreWritten(String value) {
      db.run("CREATE (:N {x: 1})-[:T]->(:M)");
      String match = "MATCH p = (n:N)-[r]->() ";
      for (String write :
          List.of(
              "SET n.x = $",
              "SET n += {x: $}",
              "SET n = {x: $}",
              "SET r.x = $",
              "CREATE (:O {x: $})",
              "CREATE (n)-[:U {x: $}]->(n)",
              "MERGE (:O {x: $})")) {
        refuses(ErrorCode.INVALID_PROPERTY_TYPE, match + write.replace("$", value));
      }
      assertEquals("1", rows("MATCH (n:N) RETURN n.x"));
    }

    @Test
    void parametersAreHeldToTheSameRule() {
      refuses(ErrorCode.INVALID_PROPERTY_TYPE, "CREATE (:N {x: $x})", Map.of("x", List.of(1, "a")));
      refuses(
          ErrorCode.INVALID_PROPERTY_TYPE, "CREATE (:N $x)", Map.of("x", Map.of("k", Map.of())));
      db.run("CREATE (:N {x: $x})", Map.of("x", List.of(new Point(Point.WGS_84, 1, 2))));
      assertEquals(1, nodes());
    }
  }

  /// S18: numbers.
  @Nested
  class S18 {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "9223372036854775807 + 1",
          "-9223372036854775808 - 1",
          "9223372036854775807 * 2",
          "-9223372036854775808 * -1",
          "-9223372036854775808 / -1",
          "-(-9223372036854775808)",
          "abs(-9223372036854775808)",
        })
    void anIntegerThatOverflowsIsATypedError(String expression) {
      refuses(ErrorCode.ARITHMETIC_OVERFLOW, "RETURN " + expression);
      refuses(
          ErrorCode.ARITHMETIC_OVERFLOW, "UNWIND [1, 2] AS i CREATE (:N {x: " + expression + "})");
      assertEquals("", rows("UNWIND [] AS i RETURN " + expression), "no row, no error");
    }

    @Test
    void aSumThatOverflowsOnItsWayOnlyIsFine() {
      refuses(ErrorCode.ARITHMETIC_OVERFLOW, "UNWIND [9223372036854775807, 1] AS x RETURN sum(x)");
      assertEquals(
          "9223372036854775807", rows("UNWIND [9223372036854775807, 1, -1] AS x RETURN sum(x)"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "1.0 / 0 → Infinity",
          "-1 / 0.0 → -Infinity",
          "0.0 / 0 → NaN",
          "1 % 0.0 → NaN",
          "2.0 ^ 2000 → Infinity",
          "9223372036854775807 + 1.0 → 9.223372036854776E18",
          "-9223372036854775808 → -9223372036854775808",
          "-9223372036854775808 % -1 → 0",
          "7 / 2 → 3",
          "-7 / 2 → -3",
          "-7 % 2 → -1",
          "size(range(9223372036854775806, 9223372036854775807)) → 2",
        })
    void floatsNeverFail(String expression, String expected) {
      assertEquals(expected, rows("RETURN " + expression));
    }

    @Test
    void anIntegerDividedByZeroIsATypedError() {
      refuses(ErrorCode.DIVISION_BY_ZERO, "RETURN 1 / 0");
      refuses(ErrorCode.DIVISION_BY_ZERO, "RETURN 1 % 0");
      refuses(ErrorCode.DIVISION_BY_ZERO, "UNWIND [1, 0] AS i RETURN 1 / i");
      assertEquals("", rows("UNWIND [] AS i RETURN 1 / 0"));
      assertEquals("1", rows("RETURN CASE WHEN true THEN 1 ELSE 1 / 0 END"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "9223372036854775808",
          "-9223372036854775809",
          "0x8000000000000000",
          "99999999999999999999"
        })
    void aLiteralThatIsTooLargeIsAnErrorBeforeAnythingRuns(String literal) {
      refuses(ErrorCode.INTEGER_OVERFLOW, "CREATE (:N) WITH 1 AS x RETURN " + literal);
      refuses(ErrorCode.INTEGER_OVERFLOW, "UNWIND [] AS x RETURN " + literal);
    }
  }
}
