package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Plans are made once and used again while they are good (rule S23); names are looked up when they
/// run (rule S9).
class PlanCacheTest {
  private final Quarry db = Quarry.inMemory();

  @AfterEach
  void close() {
    db.close();
  }

  private long plansMadeBy(Runnable work) {
    long before = db.plansMade();
    work.run();
    return db.plansMade() - before;
  }

  @Test
  void oneTextWithOtherParametersOfTheirTypeIsPlannedOnce() {
    String text = "MATCH (n:Row {id: $id}) RETURN n.id";
    long made =
        plansMadeBy(
            () -> {
              db.run(text, Map.of("id", 7));
              db.run(text, Map.of("id", 8));
              db.run(text, Map.of("id", 8L));
            });
    assertEquals(1, made);
  }

  @Test
  void eachTypeOfAParameterHasAPlanOfItsOwn() {
    String text = "MATCH (n:Row {id: $id}) RETURN n.id";
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("id", null);
    Runnable all =
        () -> {
          db.run(text, Map.of("id", 7));
          db.run(text, Map.of("id", "seven"));
          db.run(text, Map.of("id", 7.0));
          db.run(text, nothing);
        };
    assertEquals(4, plansMadeBy(all));
    assertEquals(0, plansMadeBy(all));
  }

  @Test
  void aPlanIsMadeAgainWhenACountThatItUsedMovedTenfold() {
    String text = "MATCH (a:Row)-->(b:Row) RETURN count(*)";
    String create = "UNWIND range(1, $n) AS i CREATE (:Row {id: i})";
    db.run(create, Map.of("n", 5));
    assertEquals(1, plansMadeBy(() -> db.run(text)));
    db.run(create, Map.of("n", 10));
    assertEquals(0, plansMadeBy(() -> db.run(text)));
    db.run(create, Map.of("n", 500));
    assertEquals(1, plansMadeBy(() -> db.run(text)));
  }

  @Test
  void aLabelThatAppearsLaterIsFoundByAPlanMadeBefore() {
    String text = "CREATE (:New) WITH 1 AS x MATCH (n:New) RETURN count(n) AS n";
    assertEquals(1L, db.run(text).rows().getFirst().get("n"));
    assertEquals(2L, db.run(text).rows().getFirst().get("n"));
    String later = "MATCH (n:Later) RETURN count(n) AS n";
    assertEquals(0L, db.run(later).rows().getFirst().get("n"));
    db.run("CREATE (:Later)");
    assertEquals(1L, db.run(later).rows().getFirst().get("n"));
  }

  @Test
  void manyTextsPushOldPlansOut() {
    String first = "RETURN 'first'";
    db.run(first);
    for (int i = 0; i < PlanCache.MOST; i++) {
      db.run("RETURN " + i);
    }
    assertEquals(1, plansMadeBy(() -> db.run(first)));
    assertEquals(0, plansMadeBy(() -> db.run(first)));
  }
}
