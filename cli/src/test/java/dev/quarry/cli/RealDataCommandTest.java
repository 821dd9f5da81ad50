package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quarry.Quarry;
import dev.quarry.cli.demo.SampleData;
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

/// Public graphs, loaded and asked through the command line. Skipped where the data is missing, the
/// sample data apart.
class RealDataCommandTest extends CommandRuns {
  @TempDir Path folder;

  private static Path data() {
    Path path = Path.of("").toAbsolutePath();
    while (path != null && !Files.isDirectory(path.resolve("shared/data"))) {
      path = path.getParent();
    }
    return path == null ? Path.of("nowhere") : path.resolve("shared/data");
  }

  private String run(List<String> arguments) {
    assertEquals(0, run(arguments.toArray(String[]::new)), this::err);
    return out();
  }

  private void assertCount(long expected, Path store, String query) {
    String answer = run(List.of("query", store.toString(), query, "--mode", "tsv"));
    assertEquals(Long.toString(expected), answer.strip().lines().toList().getLast(), query);
  }

  @Test
  void airRoutesHaveTheirFiveCounts() {
    Path store = folder.resolve("air.quarry");
    try (Quarry db = Quarry.open(store)) {
      db.load(SampleData.plan(folder));
    }
    assertCount(3504, store, "MATCH (n:airport) RETURN count(*)");
    assertCount(237, store, "MATCH (n:country) RETURN count(*)");
    assertCount(7, store, "MATCH (n:continent) RETURN count(*)");
    assertCount(50_637, store, "MATCH ()-[r:route]->() RETURN count(*)");
    assertCount(7008, store, "MATCH ()-[r:contains]->() RETURN count(*)");
  }

  @Test
  void wikiVoteHasItsPublishedCounts() {
    Path file = data().resolve("snap-wiki-Vote/edges.csv.gz");
    assumeTrue(Files.exists(file), "no wiki-Vote beside the project");
    Path store = folder.resolve("wiki.quarry");
    run(List.of("load", store.toString(), "--edges", file.toString(), "--type", "V"));
    assertCount(7115, store, "MATCH (n) RETURN count(n)");
    assertCount(103_689, store, "MATCH ()-[r:V]->() RETURN count(r)");
    assertCount(103_689, store, "MATCH (a)-->(b) WITH DISTINCT a, b RETURN count(*)");
    assertCount(0, store, "MATCH (a)-->(a) RETURN count(*)");
    assertCount(893, store, "MATCH (a)-->() WITH a, count(*) AS d RETURN max(d)");
    assertCount(
        14_545_580,
        store,
        "MATCH (a)--(b) WITH a, count(DISTINCT b) AS d RETURN sum(d * (d - 1) / 2)");
    assertCount(
        608_389,
        store,
        "MATCH (a)--(b) WHERE id(a) < id(b) WITH DISTINCT a, b"
            + " MATCH (b)--(c) WHERE id(b) < id(c) WITH DISTINCT a, b, c"
            + " WHERE (a)--(c) RETURN count(*)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sfexample", "sf0.003"})
  void lsqbIsDescribedByOptionsAndGivesItsAnswers(String scale) throws IOException {
    Path lsqb = data().resolve("lsqb");
    assumeTrue(Files.isDirectory(lsqb), "no LSQB data beside the project");
    Path store = folder.resolve("lsqb.quarry");
    run(load(store, lsqb.resolve(scale)));
    int cases = 0;
    for (String line : Files.readAllLines(lsqb.resolve("cases-" + scale + ".jsonl"))) {
      String query = field(line, "\"query\": \"((?:[^\"\\\\]|\\\\.)*)\"");
      long expected = Long.parseLong(field(line, "\"rows\": \\[\\[(\\d+)\\]\\]"));
      assertCount(expected, store, query.replace("\\n", "\n").replace("\\\"", "\""));
      cases++;
    }
    assertTrue(cases > 0);
  }

  /// Turns `schema.tsv` into options.
  private static List<String> load(Path store, Path scale) throws IOException {
    List<String> nodes = new ArrayList<>();
    List<String> relationships = new ArrayList<>();
    for (String line : Files.readAllLines(scale.resolve("schema.tsv"))) {
      String[] parts = line.split("\t");
      if (parts[0].equals("node")) {
        nodes.add("--nodes");
        nodes.add(parts[2] + "=" + scale.resolve(parts[1]));
        nodes.add("--header");
        nodes.add("id:ID(" + parts[3] + "){integer}");
      } else if (parts[0].equals("rel")) {
        relationships.add("--relationships");
        relationships.add(parts[2] + "=" + scale.resolve(parts[1]));
        relationships.add("--header");
        relationships.add(":START_ID(" + parts[3] + "),:END_ID(" + parts[4] + ")");
      }
    }
    List<String> all = new ArrayList<>(List.of("load", store.toString()));
    all.addAll(List.of("--delimiter", "|", "--skip", "1"));
    all.addAll(nodes);
    all.addAll(relationships);
    return all;
  }

  private static String field(String json, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(json);
    assertTrue(matcher.find(), json);
    return matcher.group(1);
  }
}
