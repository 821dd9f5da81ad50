package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Public graphs give the numbers that others found. Skipped where the data is missing.
class RealDataTest {
  private static final Path DATA = data();

  @TempDir Path folder;

  private static Path data() {
    Path path = Path.of("").toAbsolutePath();
    while (path != null && !Files.isDirectory(path.resolve("shared/data"))) {
      path = path.getParent();
    }
    return path == null ? Path.of("nowhere") : path.resolve("shared/data");
  }

  private static long count(Quarry db, String cypher) {
    return (Long) db.run(cypher).rows().getFirst().get(0);
  }

  @Test
  void wikiVoteHasItsPublishedCounts() {
    Path file = DATA.resolve("snap-wiki-Vote/edges.csv.gz");
    assumeTrue(Files.exists(file), "no wiki-Vote beside the project");
    try (Quarry db = Quarry.open(folder.resolve("wiki.quarry"))) {
      LoadReport report = db.load(new LoadPlan().edges("VOTED", "User", file));
      assertEquals(7115, report.nodes());
      assertEquals(List.of(), db.admin().check().problems());
      assertEquals(103_689, report.relationships());
      assertEquals(7115, count(db, "MATCH (n:User) RETURN count(n)"));
      assertEquals(103_689, count(db, "MATCH ()-[r:VOTED]->() RETURN count(r)"));
      assertEquals(103_689, count(db, "MATCH (a)-->(b) WITH DISTINCT a, b RETURN count(*)"));
      assertEquals(0, count(db, "MATCH (a)-->(a) RETURN count(*)"));
      assertEquals(
          100_762,
          count(db, "MATCH (a)--(b) WHERE id(a) < id(b) WITH DISTINCT a, b RETURN count(*)"));
      assertEquals(893, count(db, "MATCH (a)-->(b) WITH a, count(*) AS d RETURN max(d)"));
      assertEquals(
          14_545_580,
          count(db, "MATCH (a)--(b) WITH a, count(DISTINCT b) AS d RETURN sum(d * (d - 1) / 2)"));
      assertEquals(
          608_389,
          count(
              db,
              "MATCH (a)--(b) WHERE id(a) < id(b) WITH DISTINCT a, b"
                  + " MATCH (b)--(c) WHERE id(b) < id(c) WITH DISTINCT a, b, c"
                  + " WHERE (a)--(c) RETURN count(*)"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sfexample", "sf0.003"})
  void lsqbGivesItsOfficialAnswers(String scale) throws IOException {
    Path lsqb = DATA.resolve("lsqb");
    assumeTrue(Files.isDirectory(lsqb), "no LSQB data beside the project");
    try (Quarry db = Quarry.open(folder.resolve("lsqb.quarry"))) {
      db.load(plan(lsqb.resolve(scale)));
      for (String line : Files.readAllLines(lsqb.resolve("cases-" + scale + ".jsonl"))) {
        String query = field(line, "\"query\": \"((?:[^\"\\\\]|\\\\.)*)\"");
        String expected = field(line, "\"rows\": \\[\\[(\\d+)\\]\\]");
        String text = query.replace("\\n", "\n").replace("\\\"", "\"");
        assertEquals(Long.parseLong(expected), count(db, text), text);
      }
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  private static String field(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    assertEquals(true, matcher.find(), json);
    return matcher.group(1);
  }

  /// Turns `schema.tsv` into a plan.
  private static LoadPlan plan(Path scale) throws IOException {
    LoadPlan plan = new LoadPlan();
    List<String> later = new ArrayList<>();
    Path schema = Files.exists(scale.resolve("schema.tsv")) ? scale : scale.getParent();
    char delimiter = '|';
    for (String line : Files.readAllLines(schema.resolve("schema.tsv"))) {
      String[] parts = line.split("\t");
      if (parts[0].equals("node")) {
        FileFormat format = new FileFormat(delimiter, 1, "id:ID(" + parts[3] + "){integer}");
        plan =
            plan.nodes(
                parts[2].replace(',', ':').replace(';', ':'), scale.resolve(parts[1]), format);
      } else if (parts[0].equals("rel")) {
        later.add(line);
      }
    }
    for (String line : later) {
      String[] parts = line.split("\t");
      String header = ":START_ID(" + parts[3] + "),:END_ID(" + parts[4] + ")";
      plan =
          plan.relationships(
              parts[2], scale.resolve(parts[1]), new FileFormat(delimiter, 1, header));
    }
    return plan;
  }
}
