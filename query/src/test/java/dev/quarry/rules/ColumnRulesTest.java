package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Conditions and aggregates of properties, where they are computed column by column: rules S6, S9,
/// S14, S18 and S23 hold as they do for rows.
class ColumnRulesTest extends RuleFixture {
  private static final String SUM = "MATCH (n:N) WHERE n.x >= 2 RETURN sum(n.x), count(*)";

  @Test
  void explainShowsConditionsAtTheScanAndAggregatesOfColumns() {
    String plan = rows("EXPLAIN " + SUM);
    assertTrue(plan.contains("AggregateColumns sum(n.x), count(*)"), plan);
    assertTrue(plan.contains("ScanNodes :N where x >= 2"), plan);
    assertFalse(plan.contains("Filter"), plan);
    String other = rows("EXPLAIN MATCH (n) WHERE 1 < n.x <= $a AND n.y IS NULL RETURN n");
    assertTrue(other.contains("ScanNodes all where x > 1 and x <= $a and y IS NULL"), other);
  }

  @Test
  void whatIsNoConstantIsTestedRowByRowBehindTheScan() {
    String plan = rows("EXPLAIN MATCH (n:N) WHERE n.x > 1 AND n.x < n.y RETURN sum(n.x)");
    assertTrue(plan.contains("ScanNodes :N where x > 1"), plan);
    assertTrue(plan.contains("Filter n.x < n.y"), plan);
    db.run("UNWIND range(1, 9) AS i CREATE (:N {x: i, y: 10 - i})");
    assertEquals("9", rows("MATCH (n:N) WHERE n.x > 1 AND n.x < n.y RETURN sum(n.x)"));
  }

  @Test
  void aConditionThatMayFailIsNotTestedAfterALaterOne() {
    db.run("UNWIND range(0, 9) AS i CREATE (:N {x: i})");
    refuses(
        ErrorCode.DIVISION_BY_ZERO, "MATCH (n:N) WHERE 1 / n.x >= 0 AND n.x > 0 RETURN count(*)");
    assertEquals("9", rows("MATCH (n:N) WHERE n.x > 0 AND 1 / n.x >= 0 RETURN count(*)"));
    refuses(
        ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
        "MATCH (n:N) WHERE n.x IN $list AND n.x > 99 RETURN count(*)",
        Map.of("list", 1));
    assertEquals(
        "0",
        rows("MATCH (n:N) WHERE n.x > 99 AND n.x IN $list RETURN count(*)", Map.of("list", 1)));
  }

  @Test
  void aSumThatDoesNotFitIsAnErrorThatNamesIt() {
    db.run("CREATE (:N {x: 9223372036854775807}), (:N {x: 9223372036854775807}), (:N {x: 2})");
    refuses(ErrorCode.ARITHMETIC_OVERFLOW, SUM);
    db.run("CREATE (:N {x: -9223372036854775807}), (:N {x: -9})");
    assertEquals(
        "9223372036854775800,5", rows("MATCH (n:N) WHERE n.x <> 0 RETURN sum(n.x), count(*)"));
  }

  @Test
  void integersAndFloatsAreComparedExactly() {
    db.run("UNWIND [9007199254740992, 9007199254740993, 9007199254740994] AS x CREATE (:N {x: x})");
    db.run("UNWIND [9007199254740992.0, 9007199254740994.0] AS x CREATE (:F {x: x})");
    assertEquals(
        "1",
        rows(
            "MATCH (n:N) WHERE n.x > 9007199254740992.5e0 AND n.x < 9007199254740994.0"
                + " RETURN count(*)"));
    assertEquals("1", rows("MATCH (n:F) WHERE n.x > 9007199254740993 RETURN count(*)"));
    assertEquals("1", rows("MATCH (n:F) WHERE n.x < 9007199254740993 RETURN count(*)"));
    assertEquals("0", rows("MATCH (n:F) WHERE n.x = 9007199254740993 RETURN count(*)"));
    assertEquals("2", rows("MATCH (n:F) WHERE n.x <> 9007199254740993 RETURN count(*)"));
    assertEquals("3", rows("MATCH (n:N) WHERE n.x < 1e19 RETURN count(*)"));
    assertEquals("0", rows("MATCH (n:N) WHERE n.x >= 1e19 RETURN count(*)"));
    assertEquals("3", rows("MATCH (n:N) WHERE n.x > -1e19 RETURN count(*)"));
  }

  @Test
  void nothingIsEqualToNaNAndNothingIsAboveIt() {
    db.run("UNWIND [0.0 / 0, 1.0, -1.0, -0.0, 0.0] AS x CREATE (:F {x: x})");
    assertEquals("5", rows("MATCH (n:F) WHERE n.x <> $nan RETURN count(*)", nan()));
    assertEquals("0", rows("MATCH (n:F) WHERE n.x = $nan RETURN count(*)", nan()));
    assertEquals("0", rows("MATCH (n:F) WHERE n.x <= $nan RETURN count(*)", nan()));
    assertEquals("4", rows("MATCH (n:F) WHERE n.x > -2 RETURN count(*)"));
    assertEquals("4", rows("MATCH (n:F) WHERE n.x <> 1 RETURN count(*)"));
    assertEquals("2", rows("MATCH (n:F) WHERE n.x = 0 RETURN count(*)"));
    assertEquals("3", rows("MATCH (n:F) WHERE n.x <= 0 RETURN count(*)"));
    assertEquals("1", rows("MATCH (n:F) WHERE n.x < -0.0 RETURN count(*)"));
    assertEquals("NaN,-1.0", rows("MATCH (n:F) WHERE n.x <> 2 RETURN max(n.x), min(n.x)"));
  }

  private static Map<String, Object> nan() {
    return Map.of("nan", Double.NaN);
  }

  @Test
  void aValueOfAnotherKindIsNeitherLostNorTakenForANumber() {
    db.run("UNWIND range(1, 5) AS i CREATE (:N {x: i})");
    db.run("CREATE (:N {x: 'a'}), (:N {x: 2.5}), (:N {y: 1})");
    assertEquals("5", rows("MATCH (n:N) WHERE n.x >= 2 RETURN count(*)"));
    assertEquals("7", rows("MATCH (n:N) WHERE n.x IS NOT NULL RETURN count(n.x)"));
    assertEquals("6", rows("MATCH (n:N) WHERE n.x <> 3 RETURN count(*)"));
    assertEquals("2.5,1", rows("MATCH (n:N) WHERE n.x IN [2.5, 99] RETURN sum(n.x), count(*)"));
    assertEquals("a,5", rows("MATCH (n:N) RETURN min(n.x), max(n.x)"));
    refuses(ErrorCode.TYPE_INVALID_ARGUMENT_TYPE, "MATCH (n:N) WHERE n.x <> 3 RETURN sum(n.x)");
    assertEquals("1", rows("MATCH (n:N) WHERE n.x IS NULL RETURN sum(n.y)"));
  }

  @Test
  void noRowsGiveZerosAndNulls() {
    String text = "MATCH (n:N) WHERE n.x > 1 RETURN sum(n.x), count(n.x), avg(n.x), min(n.x)";
    assertEquals("0,0,null,null", rows(text));
    db.run("CREATE (:N {y: 1})");
    assertEquals("0,0,null,null", rows(text));
    db.run("CREATE (:N {x: 0.5})");
    assertEquals("0,0,null,null", rows(text));
  }

  @Test
  void aLabelThatCameOrWentLaterCounts() {
    db.run("UNWIND range(1, 100) AS i CREATE (:N {x: i})");
    db.run("UNWIND range(1, 100) AS i CREATE (:M {x: 1000})");
    db.run("MATCH (n:N) WHERE n.x <= 10 REMOVE n:N");
    db.run("MATCH (m:M) WITH m LIMIT 3 SET m:N");
    assertEquals("7995,93", rows(SUM));
  }

  @Test
  void aStatementSeesWhatItsTransactionDidAndAnOldSnapshotDoesNot() {
    db.run("UNWIND range(1, 100) AS i CREATE (:N {x: i})");
    try (var old = db.beginRead();
        var transaction = db.beginWrite()) {
      transaction.query("MATCH (n:N) WHERE n.x <= 50 DELETE n").toList();
      transaction.query("MATCH (n:N) WHERE n.x = 100 SET n.x = 'gone'").toList();
      transaction.query("CREATE (:N {x: 1000})").toList();
      assertEquals("4675,50", text(transaction.query(SUM).toList()));
      transaction.commit();
      assertEquals("5049,99", text(old.query(SUM).toList()));
    }
    assertEquals("4675,50", rows(SUM));
  }

  @Test
  void aListOfManyElementsOrOfOtherKindsIsSearchedAsAny() {
    db.run("UNWIND range(1, 100) AS i CREATE (:N {x: i})");
    String text = "MATCH (n:N) WHERE n.x IN $list RETURN count(*)";
    List<Long> many = java.util.stream.LongStream.range(50, 90).boxed().toList();
    assertEquals("40", rows(text, Map.of("list", many)));
    assertEquals("2", rows(text, Map.of("list", List.of(1, "a", 2.0, 2.5, true))));
    assertEquals("0", rows(text, Map.of("list", List.of())));
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("list", null);
    assertEquals("0", rows(text, nothing));
  }
}
