package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.bench.peers.PeersBenchmark.About;
import dev.quarry.bench.peers.Results.Row;
import dev.quarry.bench.peers.kit.Workload;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Row HOP_1 = Rows.of(Workload.HOP_1);
  private static final Row HOP_2 = Rows.of(Workload.HOP_2);
  private static final Row COMMIT = Rows.of(Workload.COMMIT);
  private static final Row COMMIT_ASYNC = Rows.of(Workload.COMMIT_ASYNC);

  @TempDir private Path folder;

  private static RunFacts facts() {
    return new RunFacts(
        LocalDate.of(2026, 1, 2),
        List.of("2 processors"),
        "a graph",
        "some rounds",
        "./quarry bench peers",
        Map.of("quarry", new About("Quarry 1", "as it is", true, true)),
        Map.of("quarry", "java Q", "rival", "java R"),
        List.of("lost: its jars do not resolve"));
  }

  /// Quarry is twice as fast in one hop, and half as fast in two.
  private static Results results() {
    Results results = new Results(List.of("quarry", "rival", "other"));
    double[] ours = {1_000, 2_000, 4_000};
    for (int round = 0; round < ours.length; round++) {
      results.figure(HOP_1, "quarry", round, ours[round]);
      results.figure(HOP_1, "rival", round, 2 * ours[round]);
      results.figure(HOP_2, "quarry", round, ours[round]);
      results.figure(HOP_2, "rival", round, ours[round] / 2);
      results.figure(HOP_2, "other", round, ours[round] / (round == 1 ? 1.25 : 0.8));
    }
    return results;
  }

  @Test
  void ratiosAreOfTheSameRound() {
    Spread ratio = Spread.ratios(Map.of(0, 2.0, 1, 30.0, 7, 1.0), Map.of(0, 1.0, 1, 10.0, 2, 5.0));
    assertEquals(new Spread(2, 2.5, 3, 2), ratio);
    assertNull(Spread.ratios(Map.of(0, 1.0), Map.of(1, 1.0)));
  }

  @Test
  void oneMinuteIsNotMany() {
    assertEquals("1 minute", RunFacts.minutes(Duration.ofSeconds(89)));
    assertEquals("2 minutes", RunFacts.minutes(Duration.ofSeconds(90)));
    assertEquals("0 minutes", RunFacts.minutes(Duration.ofSeconds(29)));
  }

  @Test
  void lossesNameTheFurthestAheadAndComeWorstFirst() {
    Results results = results();
    results.figure(COMMIT, "quarry", 0, 100);
    results.figure(COMMIT, "rival", 0, 10);
    List<Ranking> losses = Ranking.losses(results, results.contestants());
    assertEquals(List.of(COMMIT, HOP_2), losses.stream().map(Ranking::row).toList());
    assertEquals("rival", losses.get(1).contestant());
    assertEquals(0.5, losses.get(1).ratio().median());
    assertTrue(losses.get(1).certain());
  }

  @Test
  void aLeadThatIsNotInEveryRoundIsSaidToBeSo() {
    Results results = new Results(List.of("quarry", "rival"));
    double[] theirs = {0.5, 0.9, 1.5};
    for (int round = 0; round < 3; round++) {
      results.figure(HOP_1, "quarry", round, 1);
      results.figure(HOP_1, "rival", round, theirs[round]);
    }
    assertFalse(Ranking.losses(results, results.contestants()).getFirst().certain());
  }

  @Test
  void whatIsNotDurableIsNeverComparedWithWhatIs() {
    Results results = new Results(List.of("quarry", "rival"));
    results.figure(COMMIT, "quarry", 0, 100);
    results.figure(COMMIT_ASYNC, "rival", 0, 1);
    assertEquals(List.of(), Ranking.losses(results, results.contestants()));
    assertNull(Ranking.ratio(results, COMMIT, "rival"));
    assertEquals(List.of(COMMIT_ASYNC), Ranking.missing(results));
  }

  @Test
  void aFailureTakesTheFiguresOfAllMeasuresOfItsWorkload() {
    Results results = new Results(List.of("quarry", "rival"));
    Row mixed = Rows.of(Workload.MIXED);
    Row median = Rows.of(mixed, "read p50");
    results.figure(median, "rival", 0, 1);
    results.failed(mixed, "rival", "wrong answer");
    assertEquals(Map.of(), results.cell(median, "rival").figures());
    results.figure(mixed, "rival", 1, 1);
    assertEquals(Map.of(), results.cell(mixed, "rival").figures());
  }

  @Test
  void theReportBeginsWithLossesAndFailuresAndEndsWithTheMachine() {
    Results results = results();
    results.failed(HOP_1, "other", "wrong answer: 1, expected 2");
    String report = MarkdownReport.of(facts(), results);
    List<String> headings = report.lines().filter(line -> line.startsWith("#")).toList();
    assertEquals(
        List.of(
            "# Quarry and its peers, 2026-01-02",
            "## Where Quarry loses",
            "## Against the fastest other database",
            "## What failed, and who could not take part",
            "## Theirs / ours",
            "## Figures",
            "## Machine, data, who took part"),
        headings);
    assertTrue(
        report.contains(
            "| 2-hop, distinct ends, by a statement | rival | **0.50 ×** | 0.50 × – 0.50 × | yes | not looked into yet |"),
        report);
    assertTrue(
        report.contains(
            "- other, 1-hop, distinct ends, by a statement: wrong answer: 1, expected 2"));
    assertTrue(report.contains("- lost: its jars do not resolve"));
    assertTrue(
        report.contains("| 1-hop, distinct ends, by a statement | 2.00 µs | 2.00 × | failed |"),
        report);
    assertTrue(
        report.contains(
            "| 1-hop, distinct ends, by a statement | start | quarry | 2.00 µs | 1.00 µs – 4.00 µs |  |  | 3 |"),
        report);
  }

  @Test
  void gatesLookAtTheFastestDatabaseOfEachWalkAndWorkOnTheWholeGraph() {
    Results results = new Results(List.of("quarry", "rival", "other"));
    for (Row row : List.of(HOP_1, HOP_2, COMMIT)) {
      results.figure(row, "quarry", 0, 10);
      results.figure(row, "rival", 0, 49);
      results.figure(row, "other", 0, 60);
    }
    results.failed(HOP_2, "rival", "no luck");
    List<Gates> gates = Gates.of(results, results.contestants());
    assertEquals(List.of(HOP_1, HOP_2), gates.stream().map(Gates::row).toList());
    assertEquals(List.of("rival", "other"), gates.stream().map(Gates::fastest).toList());
    assertEquals(List.of(false, true), gates.stream().map(Gates::holds).toList());
    assertEquals(List.of(true, true), holding(results, List.of("quarry", "other")));
    String report = MarkdownReport.of(facts(), results);
    assertTrue(report.contains("1 of 2 walks"), report);
    assertTrue(
        report.contains(
            "| 1-hop, distinct ends, by a statement | rival | **4.90 ×** | 4.90 × – 4.90 × | no |"),
        report);
  }

  private static List<Boolean> holding(Results results, List<String> databases) {
    return Gates.of(results, databases).stream().map(Gates::holds).toList();
  }

  @Test
  void aLossHasTheReasonThatIsKnownForThePeerThatIsAhead() {
    Row batch = Rows.of(Workload.BATCH);
    assertTrue(Reasons.of(batch, "duckdb").startsWith("appends rows"));
    assertEquals(Reasons.UNKNOWN, Reasons.of(batch, "kuzu"));
    assertTrue(Reasons.of(Rows.LOAD_PEAK, "kuzu").contains("Java heap"));
    assertEquals(Reasons.UNKNOWN, Reasons.of(Rows.OPEN, "duckdb"));
  }

  @Test
  void noLossIsSaidInWords() {
    Results results = new Results(List.of("quarry", "rival"));
    results.figure(HOP_1, "quarry", 0, 1);
    results.figure(HOP_1, "rival", 0, 2);
    assertTrue(MarkdownReport.of(facts(), results).contains("Nowhere in this run."));
  }

  @Test
  void textOfPeersCannotLeaveItsPlace() {
    Results results = results();
    results.failed(HOP_1, "other", "a | b\n# heading\n<script>alert(1)</script>" + "x".repeat(999));
    String report = MarkdownReport.of(facts(), results);
    assertTrue(report.contains("a \\| b # heading &lt;script>"), report);
    assertFalse(report.contains("<script"));
    assertTrue(report.lines().allMatch(line -> line.length() < 600));
  }

  @Test
  void thePageNeedsNothingElseAndHasAPlotForEachMeasure() throws Exception {
    Results results = results();
    results.failed(HOP_1, "other", "<script>alert(1)</script> & more");
    String page = HtmlReport.of(facts(), results);
    for (String outside : List.of("http:", "https:", "src=", "href=", "@import", "url(")) {
      assertFalse(page.contains(outside), outside);
    }
    assertFalse(page.contains("<script"), page);
    assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"), page);
    assertTrue(page.indexOf("Where Quarry loses") < page.indexOf("What failed"));
    assertTrue(page.indexOf("What failed") < page.indexOf("<svg"));
    Matcher plots = Pattern.compile("<svg.*?</svg>").matcher(page);
    int count = 0;
    for (; plots.find(); count++) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(plots.group())));
    }
    assertEquals(2, count);
  }

  @Test
  void barsOfAPlotEndWhereTheirFiguresAreOnTheScale() {
    BarPlot plot = new BarPlot(Results.Unit.NANOSECONDS);
    plot.bar("quarry", new Spread(10_000, 10_000, 10_000, 3), null);
    plot.bar("rival", new Spread(100_000, 1_000_000, 1_000_000, 3), new Spread(10, 100, 100, 3));
    plot.gap("other", "failed");
    String svg = plot.svg(); // from 1 µs to 1 ms, which is 460 wide
    assertTrue(svg.contains("width=\"153.3\" height=\"14\""), svg);
    assertTrue(svg.contains("width=\"460.0\" height=\"14\""), svg);
    assertTrue(svg.contains(">1.00 ms<") && svg.contains(">100 ×<"), svg);
    assertTrue(svg.contains(">failed<"), svg);
  }

  @Test
  void everyRunAddsItsRatiosToTheHistory() throws Exception {
    Path file = folder.resolve("history.csv");
    History.append(file, facts(), "kronecker-9", results());
    History.append(file, facts(), "kronecker-9", results());
    List<String> lines = Files.readAllLines(file);
    assertEquals(History.HEADER, lines.getFirst());
    assertEquals(7, lines.size());
    assertTrue(
        lines.contains("2026-01-02,kronecker-9,hop-2,rival,,0.5000,0.5000,0.5000,3"),
        lines.toString());
    assertEquals(lines.subList(1, 4), lines.subList(4, 7));
  }

  @Test
  void librariesAreNoLosses() {
    Results results = results();
    RunFacts facts =
        new RunFacts(
            LocalDate.EPOCH,
            List.of(),
            "",
            "",
            "",
            Map.of("rival", new About("", "", false, false)),
            Map.of(),
            List.of());
    String report = MarkdownReport.of(facts, results);
    int apart = report.indexOf("Ahead as well, but no databases");
    assertTrue(apart > 0, report);
    assertTrue(report.indexOf("| 2-hop, distinct ends, by a statement | rival") > apart, report);
  }

  @Test
  void foldersAndHostsOfAMachineAreLeftOut() {
    assertEquals(
        "Could not save …/peers.kryo: 1/2 of it, see (address)",
        Plain.text("Could not save\n/home/me/run-1/peers.kryo: 1/2 of it, see https://repo.x/y"));
  }

  @Test
  void optionsAreReadAndRefusedInWords() {
    PeersOptions options =
        PeersOptions.parse(
            List.of("--scale", "12", "--workloads", "batch,look-up", "--peers", "a,b"));
    assertEquals(12, options.scale());
    assertEquals(9, options.rounds());
    assertEquals(List.of("a", "b"), options.peers());
    assertEquals(List.of(Workload.LOOK_UP, Workload.BATCH), options.workloads());
    for (List<String> wrong :
        List.of(
            List.of("--scale"),
            List.of("--scale", "x"),
            List.of("--scale", "99"),
            List.of("--rounds", "0"),
            List.of("--speed", "1"),
            List.of("--workloads", "sleep"))) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> PeersOptions.parse(wrong))
              .getMessage();
      assertNotNull(message);
      assertTrue(message.contains(wrong.getFirst()) || message.contains("sleep"), message);
    }
  }
}
