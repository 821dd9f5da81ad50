package dev.quarry;

import dev.quarry.error.QuarryException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/// Runs statements that are made to overflow something, and says what came of them. A program of
/// its own, so that it can run with a small stack.
///
/// Every statement must end with rows or with a typed error. Exit 1 if one does not.
final class HostileStatements {
  private static final int[] DEPTHS = {10, 100, 400, 490, 600, 5_000, 100_000};

  private HostileStatements() {}

  public static void main(String[] arguments) throws Exception {
    boolean isVirtual = arguments.length > 0 && arguments[0].equals("virtual");
    boolean[] failed = new boolean[1];
    Runnable work = () -> failed[0] = !runAll();
    if (isVirtual) {
      Thread.ofVirtual().start(work).join();
    } else {
      work.run();
    }
    System.exit(failed[0] ? 1 : 0);
  }

  private static boolean runAll() {
    boolean sound = true;
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:A {k: 1})-[:T]->(:A {k: 2})");
      for (Map.Entry<String, IntFunction<String>> one : constructs().entrySet()) {
        for (int depth : DEPTHS) {
          sound &= run(db, one.getKey() + " " + depth, one.getValue().apply(depth));
        }
      }
      sound &= db.run("MATCH (n) RETURN count(n) AS n").rows().getFirst().get("n").equals(2L);
    }
    return sound;
  }

  private static boolean run(Quarry db, String name, String statement) {
    try {
      Answer answer = db.run(statement);
      System.out.println(name + ": " + answer.rows().size() + " rows");
      return true;
    } catch (QuarryException e) {
      System.out.println(name + ": " + e.code());
      return true;
    } catch (Throwable e) {
      String text = e.toString();
      System.out.println(name + ": FAILED " + text.substring(0, Math.min(200, text.length())));
      return false;
    }
  }

  private static String nested(String open, String inside, String close, int depth) {
    return open.repeat(depth) + inside + close.repeat(depth);
  }

  private static String chain(String first, String more, int count) {
    return first + more.repeat(count);
  }

  /// Statements by their depth.
  static Map<String, IntFunction<String>> constructs() {
    Map<String, IntFunction<String>> all = new LinkedHashMap<>();
    all.put("parentheses", n -> "RETURN " + nested("(", "1", ")", n));
    all.put("lists", n -> "RETURN " + nested("[", "1", "]", n));
    all.put("maps", n -> "RETURN " + nested("{a: ", "1", "}", n));
    all.put("NOT", n -> "RETURN " + nested("NOT ", "true", "", n));
    all.put("minus", n -> "RETURN " + nested("- ", "1.5", "", n));
    all.put("CASE", n -> "RETURN " + nested("CASE WHEN true THEN ", "1", " END", n));
    all.put("CASE of", n -> "RETURN " + nested("CASE ", "1", " WHEN 1 THEN 1 END", n));
    all.put("calls", n -> "RETURN " + nested("abs(", "1", ")", n));
    all.put("comprehensions", n -> "RETURN " + nested("[x IN ", "[1]", " | x]", n));
    all.put("projections", n -> "RETURN " + nested("[x IN [1] | ", "1", "]", n));
    all.put("quantifiers", n -> "RETURN " + nested("all(x IN [1] WHERE ", "true", ")", n));
    all.put("reduce", n -> "RETURN " + nested("reduce(a = 0, x IN [1] | ", "1", ")", n));
    all.put("subscripts in", n -> "RETURN " + nested("[1][", "0", "]", n));
    all.put("subscripts", n -> chain("WITH [1] AS a RETURN a", "[0]", n));
    all.put("slices", n -> chain("WITH [1] AS a RETURN a", "[0..]", n));
    all.put("properties", n -> chain("WITH {a: 1} AS a RETURN a", ".a", n));
    all.put("labels", n -> chain("MATCH (n) RETURN n", ":A", n));
    all.put("map projections", n -> "MATCH (n) RETURN " + nested("n {a: ", "1", "}", n));
    all.put("IS NULL", n -> chain("RETURN 1", " IS NULL", n));
    all.put("IN", n -> chain("RETURN 1", " IN [1]", n));
    all.put("power", n -> chain("RETURN 1", " ^ 1", n));
    all.put("plus", n -> chain("RETURN 1", " + 1", n));
    all.put("plus in parentheses", n -> "RETURN " + nested("(1 + ", "1", ")", n));
    all.put("OR", n -> chain("RETURN false", " OR false", n));
    all.put("AND in parentheses", n -> "RETURN " + nested("(true AND ", "true", ")", n));
    all.put("XOR", n -> chain("RETURN false", " XOR true", n));
    all.put("comparisons", n -> chain("RETURN 1", " <= 1", n));
    all.put("EXISTS", n -> "RETURN " + nested("EXISTS { RETURN ", "1", " AS x }", n));
    all.put("COUNT", n -> "RETURN " + nested("COUNT { RETURN ", "1", " AS x }", n));
    all.put("CALL", n -> nested("CALL { ", "RETURN 1 AS x", " RETURN x }", n) + " RETURN x");
    all.put(
        "CALL once each", n -> chain("", "CALL { RETURN 1 AS x } WITH 1 AS y ", n) + "RETURN y");
    all.put("FOREACH", n -> nested("FOREACH (x IN [] | ", "CREATE (:X)", ")", n));
    all.put("label not", n -> "MATCH (n:" + nested("!", "A", "", n) + ") RETURN n");
    all.put("label parentheses", n -> "MATCH (n:" + nested("(", "A", ")", n) + ") RETURN n");
    all.put("label or", n -> "MATCH (n:A" + "|B".repeat(n) + ") RETURN n");
    all.put("pattern", n -> "MATCH (a)" + "-->()".repeat(n) + " RETURN a");
    all.put("pattern parts", n -> "MATCH (a)" + ", (a)".repeat(n) + " RETURN a");
    all.put("pattern properties", n -> "MATCH (a {k: " + nested("[", "1", "]", n) + "}) RETURN a");
    all.put("clauses", n -> chain("", "WITH 1 AS a ", n) + "RETURN a");
    all.put("MATCH clauses", n -> chain("", "MATCH (a {k: 1}) ", n) + "RETURN a");
    all.put("UNWIND clauses", n -> "WITH 1 AS a0 " + unwinds(n) + "RETURN a0");
    all.put("OPTIONAL clauses", n -> chain("", "OPTIONAL MATCH (a {k: 1}) ", n) + "RETURN a");
    all.put("UNION", n -> chain("RETURN 1 AS a", " UNION ALL RETURN 1 AS a", n));
    all.put("CREATE clauses", n -> chain("", "CREATE () ", n) + " RETURN 1 / 0");
    all.put("SET items", n -> "MATCH (a) SET a.k = a.k" + ", a.k = a.k".repeat(n));
    all.put("columns", n -> chain("RETURN 1 AS a", ", 1", Math.min(n, 1)));
    all.put("pattern predicates", n -> "MATCH (a) RETURN a.k AS k" + exists(n));
    return all;
  }

  private static String unwinds(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      text.append("UNWIND [1] AS a").append(i).append(' ');
    }
    return text.toString();
  }

  private static String exists(int count) {
    return ", CASE WHEN NOT (a)-->() THEN 1 END AS x" + ", 1 AS y".repeat(Math.min(count, 1));
  }
}
