package dev.quarry;

import dev.quarry.error.QuarryException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs statements that ask for far more memory than there is, and says what came of them. A
/// program of its own, so that it can run with a small heap.
///
/// Each must end with rows or with a typed error; the process lives, and the store answers, is
/// sound and holds no more memory than before. Exit 1 if not.
final class MemoryBombs {
  private static final long BUDGET = 64 << 20;

  /// Few, so that a sort of too much ends soon.
  private static final long SPILL_BYTES = 64 << 20;

  /// What a statement may leave behind: its plan, and that of the one which looks after it.
  private static final long PLAN_BYTES = 32 << 10;

  /// Free memory that a store keeps for what comes next.
  private static final long RESERVE_BYTES = 4 << 20;

  private static final Map<String, Object> PARAMETERS =
      Map.of(
          "huge", Collections.nCopies(20_000_000, 1L),
          "shared", shared(60),
          "text", "x".repeat(8 << 20),
          "maps", Collections.nCopies(1_000_000, Map.of("a", List.of(1L, 2L, 3L), "b", "text")));

  private MemoryBombs() {}

  public static void main(String[] arguments) {
    boolean sound = true;
    try (Quarry db =
        Quarry.inMemory(OpenOptions.defaults().withMemory(BUDGET).withSpillBytes(SPILL_BYTES))) {
      db.run("UNWIND range(1, 60) AS i CREATE (:N {i: i})");
      db.run("MATCH (a:N), (b:N) CREATE (a)-[:T]->(b)");
      run(db, "first", product() + "RETURN x ORDER BY z");
      long most = used(db) + RESERVE_BYTES;
      for (Map.Entry<String, String> bomb : bombs().entrySet()) {
        most += PLAN_BYTES;
        sound &= run(db, bomb.getKey(), bomb.getValue());
        sound &= isAsBefore(db, bomb.getKey(), most);
      }
      List<String> problems = db.admin().check().problems();
      if (!problems.isEmpty()) {
        System.out.println("FAILED: " + problems);
        sound = false;
      }
      db.run("CREATE (:After)");
    }
    System.exit(sound ? 0 : 1);
  }

  private static boolean run(Quarry db, String name, String statement) {
    long start = System.nanoTime();
    String result;
    boolean typed = true;
    try {
      result = db.run(statement, PARAMETERS).rows().size() + " rows";
    } catch (QuarryException e) {
      result = e.code() + " " + e.getMessage();
    } catch (Throwable e) {
      result = "FAILED " + e;
      typed = false;
    }
    long milliseconds = (System.nanoTime() - start) / 1_000_000;
    String shown = result.length() > 150 ? result.substring(0, 150) : result;
    System.out.println(name + ": " + milliseconds + " ms, " + shown);
    return typed;
  }

  private static boolean isAsBefore(Quarry db, String name, long most) {
    boolean answers =
        db.run("MATCH (n:N) RETURN count(n) AS n").rows().getFirst().get("n").equals(60L);
    long now = used(db);
    if (!answers || now > most) {
      System.out.println(
          name + ": FAILED, answers: " + answers + ", bytes: " + now + " of " + most);
      return false;
    }
    return true;
  }

  private static long used(Quarry db) {
    return db.admin().stats().memoryUsedBytes();
  }

  /// A list that holds the same list twice, and so on.
  private static Object shared(int depth) {
    Object list = List.of(1L);
    for (int i = 0; i < depth; i++) {
      list = List.of(list, list);
    }
    return list;
  }

  /// Statements by their names.
  static Map<String, String> bombs() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("range", "RETURN size(range(1, 500000000)) AS n");
    all.put("range too long", "RETURN range(1, 9223372036854775807) AS l");
    all.put("order by", product() + "RETURN x, y, z ORDER BY z DESC");
    all.put("distinct", product() + "RETURN DISTINCT x * 1000000 + y * 1000 + z AS v");
    all.put("distinct rows", product() + "WITH DISTINCT x, y, z RETURN count(*) AS n");
    all.put("groups", product() + "RETURN x, y, z, count(*) AS n");
    all.put("collect", product() + "RETURN size(collect(x + y + z)) AS n");
    all.put("collect texts", product() + "RETURN size(collect('value ' + x + y + z)) AS n");
    all.put(
        "collect of collect",
        product()
            + "WITH x, collect(y) AS l WITH collect(l) AS a "
            + "UNWIND range(1, 1000) AS i RETURN collect(a) AS b");
    all.put("count distinct", product() + "RETURN count(DISTINCT x * 1000000 + y * 1000 + z) AS n");
    all.put("percentile", product() + "RETURN percentileCont(x + y + z, 0.5) AS n");
    all.put(
        "union",
        product() + "RETURN x + y * 300 + z * 90000 AS v UNION " + product() + "RETURN x AS v");
    all.put("rows", product() + "RETURN x, y, z");
    all.put("rows of texts", product() + "RETURN 'a text that takes some room ' + x + y + z AS v");
    all.put("text doubling", "RETURN size(reduce(t = 'x', i IN range(1, 60) | t + t)) AS n");
    all.put("text of 16 MB", "RETURN reduce(t = 'x', i IN range(1, 24) | t + t) AS t");
    all.put(
        "text growing", "RETURN size(reduce(t = 'x', i IN range(1, 1000000) | t + 'abc')) AS n");
    all.put("replace", "RETURN size(replace($text, 'x', $text)) AS n");
    all.put("replace nothing", "RETURN size(replace($text, '', 'abcdefgh')) AS n");
    all.put("split", "RETURN size(split($text, '')) AS n");
    all.put("split small", "RETURN size(split(left($text, 100000), '')) AS n");
    all.put("upper", "RETURN size(toUpper($text + $text)) AS n");
    all.put("reverse", "RETURN size(reverse($text)) AS n");
    all.put("conversion", "RETURN toInteger($text) AS a, toFloat($text) AS b");
    all.put("list doubling", "RETURN size(reduce(l = [1], i IN range(1, 60) | l + l)) AS n");
    all.put("shared lists", "RETURN reduce(l = [1], i IN range(1, 60) | [l, l]) AS l");
    all.put("shared lists hashed", withShared(24) + "RETURN count(DISTINCT l) AS n");
    all.put(
        "shared lists compared", withShared(18) + "RETURN l = l AS e, l < l AS f, l IN [l] AS g");
    all.put("shared lists sorted", withShared(24) + "UNWIND [1, 2] AS i RETURN i ORDER BY l");
    all.put("shared lists kept", withShared(24) + "UNWIND [1, 2] AS i RETURN collect(l) AS c");
    all.put("shared lists returned", withShared(24) + "RETURN l");
    all.put("shared lists typed", withShared(18) + "RETURN valueType(l) AS t");
    all.put("shared maps", "RETURN reduce(m = {a: 1}, i IN range(1, 60) | {a: m, b: m}) AS m");
    all.put("nesting", "RETURN reduce(l = [], i IN range(1, 100000) | [l]) AS l");
    all.put("shared parameter", "RETURN $shared AS l");
    all.put("huge parameter", "RETURN $huge AS l");
    all.put("huge parameter in a list", "UNWIND $huge AS x RETURN count(x) AS n");
    all.put("maps of a parameter", "UNWIND $maps AS m RETURN m");
    all.put("maps of a parameter, at once", "WITH $maps AS l RETURN size(l) AS n");
    all.put("comprehension", "RETURN size([x IN range(1, 3000) | range(1, 3000)]) AS n");
    all.put("paths", "MATCH p = (:N {i: 1})-[*]->(:N) RETURN p");
    all.put("paths collected", "MATCH p = (:N {i: 1})-[*1..4]->(:N) RETURN size(collect(p)) AS n");
    all.put("paths without end", "MATCH p = (:N {i: 1})-[*1500]->() RETURN length(p) AS n LIMIT 1");
    all.put(
        "shortest paths",
        "MATCH p = allShortestPaths((a:N)-[*]-(b:N)) WHERE a <> b RETURN collect(p) AS l");
    all.put("graph in rows", "MATCH (a)-[r]->(b), (c)-[s]->(d) RETURN a, r, b, c, s, d");
    all.put("property", "CREATE (:Big {l: range(1, 1000000)}) RETURN 1 / 0");
    all.put("property of a parameter", "CREATE (:Big {l: $huge})");
    all.put("property text", "CREATE (:Big {t: $text + $text + $text})");
    all.put(
        "many nodes", "UNWIND range(1, 1000000) AS i CREATE (:Big {t: 'node ' + i}) RETURN 1 / 0");
    all.put("merge", "UNWIND range(1, 1000000) AS i MERGE (:Big {i: i}) RETURN 1 / 0");
    all.put("foreach", "FOREACH (i IN range(1, 100000000) | CREATE (:Big {t: 'node ' + i}))");
    all.put("foreach of a list", "WITH range(1, 100000000) AS l FOREACH (i IN l | CREATE (:Big))");
    all.put("calls", "RETURN 1 AS x" + " UNION ALL RETURN 1 AS x".repeat(1_500));
    all.put(
        "nested calls",
        "CALL { ".repeat(300)
            + "RETURN range(1, 100000) AS x"
            + " RETURN x }".repeat(300)
            + " RETURN x");
    all.put("tokens", "RETURN [" + "1,".repeat(490_000) + "1] AS l");
    all.put(
        "nested subqueries",
        "UNWIND range(1, 1000) AS i CALL { WITH i UNWIND range(1, 100000) "
            + "AS j RETURN collect(j) AS l } RETURN collect(l) AS m");
    all.put(
        "collect subquery",
        "UNWIND range(1, 1000) AS i RETURN COLLECT { UNWIND range(1, 100000) AS j RETURN j } AS l");
    all.put(
        "cross product in a map",
        product() + "WITH {x: x, y: [y, z]} AS m RETURN count(DISTINCT m) AS n");
    return all;
  }

  private static String product() {
    return "UNWIND range(1, 300) AS x UNWIND range(1, 300) AS y UNWIND range(1, 300) AS z ";
  }

  private static String withShared(int depth) {
    return "WITH reduce(l = [1], i IN range(1, " + depth + ") | [l, l]) AS l ";
  }
}
