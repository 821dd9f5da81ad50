package dev.quarry.cli.demo;

import dev.quarry.Answer;
import dev.quarry.CheckReport;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.AnswerRows;
import dev.quarry.cli.render.Mode;
import dev.quarry.cli.render.Renderer;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.LoadReport;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The five claims of the demo, one method each. Every figure is measured while it runs.
public final class Demo {
  private static final long AIRPORTS = 3504;
  private static final long COUNTRIES = 237;
  private static final long CONTINENTS = 7;
  private static final long ROUTES = 50_637;
  private static final long CONTAINS = 7008;

  private final PrintStream out;
  private final int width;
  private final boolean fast;
  private final List<String> failed = new ArrayList<>();

  /// @param width of the terminal, 0 if there is none
  /// @param fast whether pauses for the reader are left out
  public Demo(PrintStream out, int width, boolean fast) {
    this.out = out;
    this.width = width;
    this.fast = fast;
  }

  /// Runs the demo; false if a claim failed.
  public boolean run() {
    try {
      Path folder = emptyFolder();
      Path store = folder.resolve("air-routes.quarry");
      try (Quarry db = Quarry.open(store)) {
        load(db, folder, store);
        queries(db);
        typo(db);
      }
      killed(folder.resolve("killed.quarry"));
      try (Quarry db = Quarry.open(store)) {
        memory(db);
      }
      farewell(store);
    } catch (QuarryException e) {
      out.print(ErrorPrinter.text(e, null));
      failed.add(e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    failed.forEach(claim -> out.println("FAILED: " + claim));
    out.flush();
    return failed.isEmpty();
  }

  private static Path emptyFolder() throws IOException {
    String user = System.getProperty("user.name", "user");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "quarry-demo-" + user);
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return Files.createDirectories(folder);
  }

  private void title(int number, String title) {
    out.println();
    out.println(number + ". " + title);
    out.println();
    out.flush();
  }

  private void claim(boolean holds, String what) {
    out.println((holds ? "   ok: " : "   NOT OK: ") + what);
    out.flush();
    if (!holds) {
      failed.add(what);
    }
  }

  private void pause() {
    out.flush();
    if (!fast) {
      try {
        TimeUnit.MILLISECONDS.sleep(1500);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long count(Quarry db, String statement) {
    Object value = db.run(statement).rows().getFirst().get(0);
    return value instanceof Long number ? number : -1;
  }

  private void load(Quarry db, Path folder, Path store) {
    title(1, "Load the air routes of the world from CSV, in one durable transaction.");
    LoadReport report = db.load(SampleData.plan(folder));
    double seconds = report.time().toNanos() / 1e9;
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    out.printf(
        "   %s and %s in %s: %s relationships/s%n",
        Units.count(report.nodes(), "node"),
        Units.count(report.relationships(), "relationship"),
        Units.time(report.time()),
        Units.number((long) (report.relationships() / seconds)));
    out.printf(
        "   file %s, native memory of the load %s, Java heap in use %s%n",
        Units.size(store.toFile().length()),
        Units.size(report.peakBytes()),
        Units.size(runtime.totalMemory() - runtime.freeMemory()));
    claim(
        count(db, "MATCH (n:airport) RETURN count(n)") == AIRPORTS
            && count(db, "MATCH (n:country) RETURN count(n)") == COUNTRIES
            && count(db, "MATCH (n:continent) RETURN count(n)") == CONTINENTS
            && count(db, "MATCH ()-[r:route]->() RETURN count(r)") == ROUTES
            && count(db, "MATCH ()-[r:contains]->() RETURN count(r)") == CONTAINS,
        "all five counts are those of the source");
    pause();
  }

  private void queries(Quarry db) {
    title(2, "Ask it in openCypher.");
    Answer continents =
        ask(
            db,
            "How many airports has each continent?",
            "MATCH (c:continent)-[:contains]->(a:airport)\n"
                + "RETURN c.desc AS continent, count(*) AS airports ORDER BY airports DESC");
    long sum = continents.rows().stream().mapToLong(row -> (Long) row.get("airports")).sum();
    claim(sum == AIRPORTS, "together they are " + Units.number(sum));
    ask(
        db,
        "Which airports have the most routes?",
        "MATCH (a:airport)-[:route]->()\n"
            + "RETURN a.code AS code, a.city AS city, count(*) AS routes\n"
            + "ORDER BY routes DESC, code LIMIT 5");
    ask(
        db,
        "Which flights are the longest?",
        "MATCH (a:airport)-[r:route]->(b:airport) WHERE a.code < b.code\n"
            + "RETURN a.code AS from, b.code AS to, r.dist AS miles ORDER BY miles DESC, from LIMIT 3");
    ask(
        db,
        "From Edinburgh, how far does one get with one, two and three flights?",
        "MATCH (:airport {code: 'EDI'})-[:route]->(a)\n"
            + "WITH collect(DISTINCT a) AS one\n"
            + "UNWIND one AS a MATCH (a)-[:route]->(b)\n"
            + "WITH one, collect(DISTINCT b) AS two\n"
            + "UNWIND two AS b MATCH (b)-[:route]->(c)\n"
            + "RETURN size(one) AS one, size(two) AS two, count(DISTINCT c) AS three");
    Answer lonely =
        ask(
            db,
            "How many airports have no route at all?",
            "MATCH (a:airport) WHERE NOT (a)-[:route]-() RETURN count(*) AS airports");
    long joined = count(db, "MATCH (a:airport)-[:route]-() RETURN count(DISTINCT a)");
    claim(
        (Long) lonely.rows().getFirst().get(0) + joined == AIRPORTS,
        "with those that have one, " + Units.number(joined) + ", they are all");
    pause();
  }

  private Answer ask(Quarry db, String question, String statement) {
    out.println("   " + question);
    statement.lines().forEach(line -> out.println("     " + line));
    Answer answer = db.run(statement);
    try {
      StringBuilder box = new StringBuilder();
      Renderer.of(Mode.BOX, box, Math.max(0, width - 3)).render(new AnswerRows(answer));
      out.print(box.toString().indent(3));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println("   " + Units.time(answer.summary().time()));
    out.println();
    pause();
    return answer;
  }

  private void typo(Quarry db) {
    title(3, "Make a mistake.");
    String statement = "MATCH (a:airport {code: 'EDI'})\nRETURN aa.city";
    statement.lines().forEach(line -> out.println("     " + line));
    try {
      db.run(statement);
      claim(false, "the mistake was noticed");
    } catch (QuarryException e) {
      out.print(ErrorPrinter.text(e, statement).indent(3));
      claim(
          e.code() == ErrorCode.UNDEFINED_VARIABLE && String.valueOf(e.hint()).contains("`a`"),
          "the error shows the place and what was meant");
    }
    pause();
  }

  private void killed(Path store) throws IOException {
    title(4, "Kill a process while it commits.");
    Path said = store.resolveSibling("acknowledged.txt");
    ProcessBuilder builder = new ProcessBuilder(child(store));
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.redirectOutput(said.toFile());
    Process process = builder.start();
    while (process.isAlive() && Files.size(said) == 0) {
      waitFor(process, 20);
    }
    waitFor(process, fast ? 300 : 2000);
    process.destroyForcibly();
    waitFor(process, 10_000);
    long acknowledged = lastWholeLine(said);
    out.printf(
        "   killed with SIGKILL after %s acknowledged commits%n", Units.number(acknowledged));
    try (Quarry db = Quarry.open(store)) {
      long found = count(db, "MATCH (c:Commit) RETURN count(c)");
      long last = count(db, "MATCH (c:Commit) RETURN max(c.number)");
      CheckReport check = db.admin().check();
      out.printf(
          "   opened again: %s commits are there, the last is number %s%n",
          Units.number(found), Units.number(last));
      claim(
          acknowledged > 0 && found >= acknowledged && last == found && check.isSound(),
          "no acknowledged commit is lost, and the check of the store is clean");
    }
    pause();
  }

  private static void waitFor(Process process, long milliseconds) {
    try {
      process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The last number that the child had said before it was killed.
  private static long lastWholeLine(Path file) throws IOException {
    String text = Files.readString(file);
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    return whole.lines().mapToLong(Long::parseLong).max().orElse(0);
  }

  private static List<String> child(Path store) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx64m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(KilledWriter.class.getName());
    command.add(store.toString());
    return command;
  }

  private void memory(Quarry db) {
    title(5, "Ask for more memory than there is.");
    String statement =
        "MATCH (a:airport), (b:airport)\nRETURN collect(a.desc + ' to ' + b.desc) AS texts";
    long limit = 32L << 20;
    statement.lines().forEach(line -> out.println("     " + line));
    out.println("   with a budget of " + Units.size(limit) + ":");
    try {
      QueryOptions options = QueryOptions.DEFAULT.withMemory(limit);
      db.run(PreparedQuery.of(statement), Map.of(), options);
      claim(false, "the query ended at its budget");
    } catch (MemoryBudgetException e) {
      out.print(ErrorPrinter.text(e, null).indent(3));
      claim(
          count(db, "MATCH (a:airport) RETURN count(a)") == AIRPORTS,
          "the query ended with a typed error, and the next one runs");
    }
  }

  private void farewell(Path store) {
    out.println();
    out.println("The store is one file: " + store);
    out.println("Go on with:");
    out.println("  ./quarry " + store);
    out.println(
        "  ./quarry query " + store + " \"MATCH (a:airport {code: 'EDI'}) RETURN a\" --mode json");
    out.println("  ./quarry check " + store);
  }
}
