package dev.quarry;

import dev.quarry.error.QuarryException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Runs statements that are made to overflow something, and says what came of them. A program of
/// its own, so that it can run with a small stack.
///
/// ```text
/// HostileStatements [virtual] [depth …]
/// ```
///
/// Every statement must end with rows or with a typed error, in at most 20 s, and some with a
/// certain answer. Exit 1 if one does not. `virtual` means on a virtual thread.
final class HostileStatements {
  private static final int[] DEPTHS = {10, 100, 400, 490, 600, 5_000, 100_000};
  private static final long LONGEST_MILLIS = 20_000;

  private HostileStatements() {}

  public static void main(String[] arguments) throws Exception {
    boolean isVirtual = arguments.length > 0 && arguments[0].equals("virtual");
    int[] given =
        Stream.of(arguments).skip(isVirtual ? 1 : 0).mapToInt(Integer::parseInt).toArray();
    int[] depths = given.length == 0 ? DEPTHS : given;
    boolean[] failed = {true};
    Runnable work = () -> failed[0] = !runAll(depths);
    if (isVirtual) {
      Thread.ofVirtual().start(work).join();
    } else {
      work.run();
    }
    System.exit(failed[0] ? 1 : 0);
  }

  private static boolean runAll(int[] depths) {
    boolean sound = true;
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:A {k: 1})-[:T]->(:A {k: 2})");
      for (Map.Entry<String, IntFunction<String>> one : constructs().entrySet()) {
        for (int depth : depths) {
          sound &= run(db, one.getKey() + " " + depth, one.getValue().apply(depth));
        }
      }
      sound &= runAnswers(db);
      for (Map.Entry<String, Map<String, Object>> one : parameters().entrySet()) {
        sound &= run(db, one.getKey(), "RETURN $p AS p, [$p] AS l, {k: $p} AS m", one.getValue());
        sound &= run(db, one.getKey() + " in rows", "UNWIND $p AS p RETURN p", one.getValue());
        sound &= run(db, one.getKey() + " stored", "CREATE ({p: $p})", one.getValue());
        sound &= run(db, one.getKey() + " as map", "CREATE (n) SET n += $p", one.getValue());
        db.run("MATCH (n) WHERE NOT n:A DETACH DELETE n");
      }
      sound &= db.run("MATCH (n) RETURN count(n) AS n").rows().getFirst().get("n").equals(2L);
    }
    return sound;
  }

  private static boolean runAnswers(Quarry db) {
    boolean sound = true;
    for (Map.Entry<String, Map.Entry<String, Object>> one : answers().entrySet()) {
      String statement = one.getValue().getKey();
      sound &= run(db, one.getKey(), statement, Map.of());
      Object answer = db.run(statement).rows().getFirst().get(0);
      if (!one.getValue().getValue().equals(answer)) {
        System.out.println(one.getKey() + ": FAILED with another answer");
        sound = false;
      }
    }
    return sound;
  }

  private static boolean run(Quarry db, String name, String statement) {
    return run(db, name, statement, Map.of());
  }

  private static boolean run(
      Quarry db, String name, String statement, Map<String, Object> parameters) {
    long start = System.nanoTime();
    boolean sound = false;
    String result;
    try {
      Answer answer = db.run(statement, parameters);
      result = answer.rows().size() + " rows";
      sound = true;
    } catch (QuarryException e) {
      result = e.code().toString();
      sound = true;
    } catch (Throwable e) {
      String text = e.toString();
      result = "FAILED " + text.substring(0, Math.min(200, text.length()));
    }
    long milliseconds = (System.nanoTime() - start) / 1_000_000;
    if (sound && milliseconds > LONGEST_MILLIS) {
      result += " FAILED, it took too long";
      sound = false;
    }
    System.out.println(name + ": " + result + ", " + milliseconds + " ms");
    return sound;
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
    all.put(
        "shortest paths", n -> "MATCH p = shortestPath((a)" + "-[*]->()".repeat(n) + ") RETURN p");
    all.put(
        "shortest path to a name",
        n -> "MATCH p = shortestPath((a:A)-[*.." + n + "]->(b:A)) RETURN p");
    all.put(
        "shortest path where",
        n ->
            "MATCH (a:A {k: 1}), (b:A {k: 2}) MATCH p = "
                + "shortestPath((a)-[*]->(b)) WHERE "
                + nested("NOT ", "all(x IN nodes(p) WHERE x.k > 0)", "", n)
                + " RETURN p");
    all.put(
        "shortest path in calls",
        n ->
            "MATCH (a:A), (b:A) WITH a, b WHERE a <> b RETURN "
                + nested("coalesce(", "length(shortestPath((a)-[*]-(b)))", ")", n));
    all.put("procedure arguments", n -> "CALL db.labels(" + nested("[", "1", "]", n) + ")");
    all.put(
        "procedures",
        n ->
            "WITH 1 AS a "
                + "CALL db.labels() YIELD label WITH 1 AS a LIMIT 1 ".repeat(n)
                + "RETURN a");
    all.put("name of a procedure", n -> "CALL a" + ".b".repeat(n) + "()");
    all.put("name of a function", n -> "RETURN a" + ".b".repeat(n) + "(1)");
    all.put(
        "projections of projections", n -> "MATCH (n) RETURN " + nested("n {.k, a: ", "n", "}", n));
    all.put("map projection items", n -> "MATCH (n:A) RETURN n {.k" + ", .k".repeat(n) + "} AS m");
    all.put("label and", n -> "MATCH (n:A" + "&A".repeat(n) + ") RETURN n");
    all.put("label mixed", n -> "MATCH (n:" + nested("!(A|B&", "A", ")", n) + ") RETURN n");
    all.put("labels in WHERE", n -> "MATCH (n) WHERE n:" + nested("!(", "A", ")", n) + " RETURN n");
    all.put("types", n -> "MATCH (a)-[r:T" + "|T".repeat(n) + "]->(b) RETURN r");
    all.put("types not", n -> "MATCH (a)-[r:" + nested("!", "T", "", n) + "]->(b) RETURN r");
    all.put("FOREACH clauses", n -> "FOREACH (x IN [] | " + "CREATE (:X) ".repeat(n) + ")");
    all.put("FOREACH in order", n -> "FOREACH (x IN [] | CREATE (:X)) ".repeat(n));
    all.put(
        "FOREACH lists",
        n -> "FOREACH (x IN " + nested("[", "1", "]", n) + " | CREATE (:X)) RETURN 1 / 0");
    all.put(
        "EXISTS in WHERE",
        n ->
            "MATCH (a) WHERE "
                + nested("EXISTS { MATCH (b) WHERE ", "true", " }", n)
                + " RETURN a");
    all.put(
        "EXISTS of patterns",
        n ->
            "MATCH (a) WHERE "
                + nested("EXISTS { (a)-->(b) WHERE ", "true", " }", n)
                + " RETURN a");
    all.put("COLLECT", n -> "RETURN " + nested("COLLECT { RETURN ", "1", " AS x }", n));
    all.put(
        "COUNT in ORDER BY",
        n -> "MATCH (a) RETURN a ORDER BY " + nested("COUNT { MATCH (b) WHERE 0 < ", "1", " }", n));
    all.put(
        "EXISTS in CASE",
        n -> "RETURN " + nested("CASE WHEN EXISTS { RETURN ", "1", " AS x } THEN 1 END", n));
    all.put(
        "subqueries in lists",
        n -> "RETURN [" + chain("COUNT { (:A) }", ", COUNT { (:A) }", n) + "] AS l");
    all.put(
        "subqueries in SET",
        n ->
            "MATCH (a:A) SET a.k = "
                + nested("COUNT { MATCH (b:A) WHERE 0 < ", "1", " }", n)
                + " RETURN 1 / 0");
    all.put(
        "CALL with rows",
        n ->
            "UNWIND [1, 2] AS i "
                + nested("CALL { WITH i ", "RETURN i AS x", " RETURN x AS x }", n)
                + " RETURN x");
    all.put(
        "CALL in CALL",
        n ->
            nested("CALL { ", "RETURN 1 AS x", " }", 1)
                + nested(" WITH x CALL { WITH x ", "RETURN 1 AS y", " } ", n)
                + "RETURN x");
    all.put(
        "UNION in CALL",
        n -> nested("CALL { RETURN 1 AS x UNION ", "RETURN 1 AS x", " }", n) + " RETURN x");
    all.put(
        "pattern comprehensions", n -> "MATCH (a) RETURN " + nested("[(a)-->(b) | ", "1", "]", n));
    all.put(
        "predicates in parentheses",
        n -> "MATCH (a) WHERE " + nested("(", "(a)-->()", ")", n) + " RETURN a");
    all.put("parentheses open", n -> "RETURN " + "(".repeat(n));
    all.put("nodes open", n -> "RETURN " + "(a{".repeat(n));
    all.put("nodes and lists open", n -> "RETURN " + "[(a:B{c:".repeat(n));
    all.put("brackets open", n -> "MATCH (a)" + "-[".repeat(n));
    all.put("half a pair", n -> "RETURN '" + "\uD800".repeat(n) + "'");
    all.put("half a pair escaped", n -> "RETURN '" + "\\uDC00".repeat(n) + "'");
    all.put("half a pair as name", n -> "RETURN 1 AS `" + "\uD800".repeat(n) + "`");
    all.put("half a pair outside", n -> "RETURN " + "\uD800".repeat(n));
    all.put("half a pair as label", n -> "CREATE (:`" + "\uDC00".repeat(n) + "`)");
    all.put("half a pair as parameter", n -> "RETURN $`" + "\uDC00".repeat(n) + "`");
    all.put("half a pair made", n -> "RETURN left('" + "\uD83D\uDE00".repeat(n) + "', 1)");
    all.put("digits", n -> "RETURN " + "9".repeat(n));
    all.put("hexadecimal digits", n -> "RETURN 0x" + "f".repeat(n));
    all.put("float digits", n -> "RETURN " + "9".repeat(n) + ".5");
    all.put("exponent", n -> "RETURN 1e" + "9".repeat(n));
    all.put("exponent below", n -> "RETURN 1e-" + "9".repeat(n));
    all.put("length digits", n -> "MATCH (a:A)-[*" + "9".repeat(n) + "]->(b) RETURN b");
    all.put("name", n -> "CREATE (:" + "N".repeat(n) + ") RETURN 1 / 0");
    all.put("key", n -> "CREATE ({" + "k".repeat(n) + ": 1}) RETURN 1 / 0");
    all.put("type", n -> "CREATE ()-[:" + "T".repeat(n) + "]->() RETURN 1 / 0");
    all.put("unknown variable", n -> "RETURN " + "v".repeat(n));
    all.put("unknown function", n -> "RETURN " + "f".repeat(n) + "()");
    all.put("missing parameter", n -> "RETURN $" + "p".repeat(n));
    all.put("quotes open", n -> "RETURN '" + "\\'".repeat(n));
    all.put("comments", n -> "RETURN 1" + " /* * */".repeat(n));
    all.put("variable length", n -> "MATCH (a:A)-[*.." + n + "]->(b) RETURN b");
    all.put( // from a node that nothing leaves, so that there is one row at each depth
        "variable lengths", n -> "MATCH (a {k: 2})" + "-[*0..1]->()".repeat(n) + " RETURN a");
    all.put("pattern properties and", n -> "MATCH (a {k: 1" + ", k: 1".repeat(n) + "}) RETURN a");
    all.put("WHERE and", n -> "MATCH (a:A) WHERE a.k = 1" + " AND a.k = 1".repeat(n) + " RETURN a");
    all.put("WHERE or", n -> "MATCH (a:A) WHERE a.k = 1" + " OR a.k = 1".repeat(n) + " RETURN a");
    all.put("WHEN", n -> "RETURN CASE 1" + " WHEN 2 THEN 3".repeat(n) + " END");
    all.put("IN a list", n -> "RETURN 1 IN [2" + ", 2".repeat(n) + "]");
    all.put("DISTINCT columns", n -> "RETURN DISTINCT 1 AS a" + columns(n));
    all.put("WITH columns", n -> "WITH 1 AS a" + columns(n) + " RETURN a");
    all.put("ORDER BY", n -> "MATCH (a:A) RETURN a ORDER BY a.k" + ", a.k".repeat(n));
    all.put("aggregates", n -> "MATCH (a) RETURN count(a)" + " + count(a)".repeat(n));
    all.put("aggregate of", n -> "MATCH (a) RETURN " + nested("abs(", "count(a)", ")", n));
    all.put("CREATE pattern", n -> "CREATE (a)" + "-[:T]->()".repeat(n) + " RETURN 1 / 0");
    all.put("CREATE parts", n -> "CREATE (a)" + ", (:X)".repeat(n) + " RETURN 1 / 0");
    all.put("CREATE labels", n -> "CREATE (a:A" + ":A".repeat(n) + ") RETURN 1 / 0");
    all.put("MERGE pattern", n -> "MERGE (a:A)" + "-[:T]->(:A)".repeat(n) + " RETURN 1 / 0");
    all.put("DELETE targets", n -> "MATCH (a:B) DELETE a" + ", a".repeat(n));
    all.put("REMOVE items", n -> "MATCH (a:B) REMOVE a.k" + ", a.k".repeat(n));
    all.put("EXPLAIN", n -> "EXPLAIN RETURN " + nested("[", "1", "]", n));
    all.put("EXPLAIN clauses", n -> "EXPLAIN " + chain("", "MATCH (a {k: 1}) ", n) + "RETURN a");
    all.put("regular expression", n -> "RETURN 'a' =~ '" + nested("(", "a", ")", n) + "'");
    all.put("regular expression or", n -> "RETURN 'a' =~ 'a" + "|a".repeat(n) + "'");
    all.put("dates", n -> "RETURN date('" + "2".repeat(n) + "')");
    all.put("durations", n -> "RETURN duration('P" + "1".repeat(n) + "D')");
    all.put("list of texts", n -> "RETURN split('" + "a,".repeat(n) + "', ',')");
    all.put("pattern predicates", n -> "MATCH (a) RETURN a.k AS k" + exists(n));
    all.put(
        "patterns in expressions",
        n -> "MATCH (a) WHERE (a)-->()" + " OR (a)-->()".repeat(n) + " RETURN a");
    all.put(
        "patterns in AND", n -> "MATCH (a) WHERE (a)--()" + " AND (a)--()".repeat(n) + " RETURN a");
    all.put(
        "ORDER BY subqueries",
        n -> "MATCH (a) RETURN a ORDER BY COUNT { (:A) }" + ", COUNT { (:A) }".repeat(n));
    return all;
  }

  private static String columns(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(", 1 AS c").append(i);
    }
    return text.toString();
  }

  /// Large statements with their answers.
  private static Map<String, Map.Entry<String, Object>> answers() {
    Map<String, Map.Entry<String, Object>> all = new LinkedHashMap<>();
    for (int terms : new int[] {5_000, 50_000}) {
      String or = "MATCH (a:A) WHERE a.k = 0" + " OR a.k = 3".repeat(terms) + " OR a.k = 2 ";
      all.put("OR of " + terms, Map.entry(or + "RETURN count(a)", 1L));
      String and = "MATCH (a:A) WHERE a.k > 0" + " AND a.k > 0".repeat(terms) + " AND a.k < 2 ";
      all.put("AND of " + terms, Map.entry(and + "RETURN count(a)", 1L));
      all.put("sum of " + terms, Map.entry("RETURN 1" + " + 1".repeat(terms), terms + 1L));
    }
    String list = "[0" + ", 1".repeat(100_000) + ", 2]";
    all.put(
        "IN of 100,000", Map.entry("MATCH (a:A) WHERE a.k IN " + list + " RETURN count(a)", 2L));
    all.put("list of 100,000", Map.entry("RETURN size(" + list + ")", 100_002L));
    StringBuilder map = new StringBuilder("{k: 0");
    for (int i = 0; i < 100_000; i++) {
      map.append(", k").append(i).append(": ").append(i);
    }
    all.put("map of 100,000", Map.entry("RETURN size(keys(" + map + "}))", 100_001L));
    all.put("map compared", Map.entry("WITH " + map + "} AS m RETURN m.k99999", 99_999L));
    String text = "x".repeat(10 << 20);
    all.put("text of 10 MB", Map.entry("RETURN size('" + text + "')", 10L << 20));
    all.put(
        "text of 10 MB in quotes",
        Map.entry("RETURN size('" + "\\'".repeat(5 << 20) + "')", 5L << 20));
    String name = "n".repeat(100_000);
    all.put("name", Map.entry("WITH 1 AS " + name + " RETURN " + name, 1L));
    all.put("quoted name", Map.entry("WITH 1 AS `" + "``".repeat(50_000) + "` RETURN 1", 1L));
    all.put("key", Map.entry("RETURN {" + name + ": 1}." + name, 1L));
    all.put("label", Map.entry("MATCH (n:" + name + ") RETURN count(n)", 0L));
    all.put("digits behind the dot", Map.entry("RETURN 1." + "0".repeat(100_000), 1.0));
    all.put("digits as text", Map.entry("RETURN toInteger('1." + "0".repeat(1 << 20) + "')", 1L));
    all.put("comment", Map.entry("RETURN /* " + text + " */ 1", 1L));
    all.put("blanks", Map.entry("RETURN" + " ".repeat(10 << 20) + "1", 1L));
    return all;
  }

  /// Parameters that are large, deep, or no text.
  private static Map<String, Map<String, Object>> parameters() {
    Map<String, Map<String, Object>> all = new LinkedHashMap<>();
    for (int depth : new int[] {10, 60, 63, 64, 128, 500, 100_000}) {
      Object list = 1L;
      Object map = 1L;
      Object array = 1L;
      for (int i = 0; i < depth; i++) {
        list = List.of(list);
        map = Map.of("k", map);
        array = new Object[] {array};
      }
      all.put("lists as parameter " + depth, Map.of("p", list));
      all.put("maps as parameter " + depth, Map.of("p", map));
      all.put("arrays as parameter " + depth, Map.of("p", array));
    }
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    all.put("list in itself", Map.of("p", itself));
    Map<String, Object> mapped = new HashMap<>();
    mapped.put("k", mapped);
    all.put("map in itself", Map.of("p", mapped));
    all.put("half a pair", Map.of("p", "a\uD800b"));
    all.put("other half", Map.of("p", "\uDC00"));
    all.put("half a pair in a list", Map.of("p", List.of("\uD800")));
    all.put("half a pair as key", Map.of("p", Map.of("\uD800", 1L)));
    all.put("half a pair as character", Map.of("p", '\uD800'));
    all.put("text of 10 MB", Map.of("p", "\u20AC".repeat(10 << 20)));
    all.put("long key", Map.of("p", Map.of("k".repeat(100_000), 1L)));
    all.put("object", Map.of("p", new Object()));
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
