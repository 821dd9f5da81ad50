package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.bench.peers.FakePeer.Manner;
import dev.quarry.bench.peers.Results.Cell;
import dev.quarry.bench.peers.Results.Row;
import dev.quarry.bench.peers.kit.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole run, with peers that lie, crash and hang.
class PeersBenchmarkTest {
  private static final int ROUNDS = 3;
  private static final Row LOOK_UP = Rows.of(Workload.LOOK_UP);
  private static final Row HOP_2 = Rows.of(Workload.HOP_2);
  private static final Row TRIANGLES = Rows.of(Workload.TRIANGLES);

  @TempDir private Path folder;

  private PeersBenchmark benchmark(int limitSeconds, Contestant... rivals) throws Exception {
    List<Contestant> all = new ArrayList<>();
    all.add(FakePeer.contestant(Contestant.QUARRY, Manner.HONEST));
    all.addAll(Arrays.asList(rivals));
    PeersOptions options =
        PeersOptions.parse(
            List.of(
                "--scale",
                "8",
                "--rounds",
                "" + ROUNDS,
                "--loads",
                "1",
                "--limit",
                "" + limitSeconds,
                "--warm-up",
                "0",
                "--repeat",
                "0",
                "--workloads",
                "look-up,hop-2,triangles,commit"));
    return new PeersBenchmark(options, all, folder, line -> {});
  }

  private Results run(Manner manner) throws Exception {
    return benchmark(20, FakePeer.contestant("rival", manner)).run();
  }

  private static void assertMeasured(Results results, Row row, String who) {
    Cell cell = results.cell(row, who);
    assertNull(cell.reason(), cell.reason());
    assertEquals(Set.of(0, 1, 2), cell.figures().keySet());
    cell.figures().values().forEach(figure -> assertTrue(figure > 0));
  }

  private static void assertFailed(Results results, Row row, String reason) {
    Cell cell = results.cell(row, "rival");
    assertTrue(cell.failed());
    assertEquals(Set.of(), cell.figures().keySet());
    assertTrue(String.valueOf(cell.reason()).contains(reason), cell.reason());
  }

  @Test
  void whoAnswersRightHasAFigureForEachRoundOfEachWorkload() throws Exception {
    Results results = run(Manner.HONEST);
    for (String who : List.of(Contestant.QUARRY, "rival")) {
      for (Row row : List.of(Rows.OPEN, LOOK_UP, HOP_2, TRIANGLES, Rows.of(Workload.COMMIT))) {
        assertMeasured(results, row, who);
      }
      assertEquals(Set.of(0), results.cell(Rows.LOAD, who).figures().keySet());
      assertEquals(Set.of(0), results.cell(Rows.RECOVERY, who).figures().keySet());
      assertEquals(List.of(5.0), List.copyOf(results.cell(Rows.BYTES, who).figures().values()));
    }
    assertEquals(List.of(), results.failures());
  }

  @Test
  void aWrongAnswerHasNoTime() throws Exception {
    Results results = run(Manner.LIES);
    assertFailed(results, LOOK_UP, "wrong answer");
    assertMeasured(results, LOOK_UP, Contestant.QUARRY);
    assertMeasured(results, TRIANGLES, "rival");
  }

  @Test
  void aLaterWrongAnswerTakesEarlierTimesAway() throws Exception {
    assertFailed(run(Manner.LIES_LATER), LOOK_UP, "wrong answer");
  }

  @Test
  void aPeerThatCrashesLosesThatRowAndGoesOnInANewProcess() throws Exception {
    Results results = run(Manner.CRASHES);
    assertFailed(results, HOP_2, "ended with 7 at `run hop-2 0 0`: out of luck");
    assertMeasured(results, TRIANGLES, "rival");
    assertMeasured(results, HOP_2, Contestant.QUARRY);
  }

  @Test
  void aPeerThatHangsIsEndedAtTheLimit() throws Exception {
    Results results = benchmark(5, FakePeer.contestant("rival", Manner.HANGS)).run();
    assertFailed(results, HOP_2, "took longer than 5 s");
    assertMeasured(results, TRIANGLES, "rival");
  }

  @Test
  void aPeerThatRaisesSaysWhyAndStays() throws Exception {
    Results results = run(Manner.RAISES);
    assertFailed(results, HOP_2, "no luck today");
    assertMeasured(results, TRIANGLES, "rival");
  }

  @Test
  void whatAPeerHasNoWayToDoIsNoFailure() throws Exception {
    Results results = run(Manner.LACKS);
    Cell cell = results.cell(HOP_2, "rival");
    assertFalse(cell.failed());
    assertEquals("walks are beyond it", cell.reason());
    assertEquals(List.of(), results.failures());
  }

  @Test
  void whatAPeerPrintsBesidesIsPassedOver() throws Exception {
    assertMeasured(run(Manner.CHATTERS), LOOK_UP, "rival");
  }

  @Test
  void aPeerThatSpeaksAnotherLanguageFails() throws Exception {
    Results results = run(Manner.BABBLES);
    assertFailed(results, Rows.LOAD, "another language: @bonjour");
    assertMeasured(results, LOOK_UP, Contestant.QUARRY);
  }

  @Test
  void whatIsNotThereAfterAKillIsAWrongAnswer() throws Exception {
    assertFailed(run(Manner.FORGETS), Rows.RECOVERY, "wrong answer");
  }

  @Test
  void whoLoadsTooLittleIsAskedNothing() throws Exception {
    Results results = run(Manner.LOSES);
    assertFailed(results, Rows.LOAD, "wrong answer: 128:");
    assertEquals(Set.of(), results.cell(Rows.BYTES, "rival").figures().keySet());
    assertNull(results.cell(LOOK_UP, "rival").reason());
    assertEquals(Set.of(), results.cell(LOOK_UP, "rival").figures().keySet());
  }

  @Test
  void whoCannotStartFailsToLoad() throws Exception {
    assertFailed(run(Manner.STILLBORN), Rows.LOAD, "ended with 9 at `load`: no room for me");
    Results none = benchmark(5, new Contestant("rival", List.of("no-such-program-here"))).run();
    assertFailed(none, Rows.LOAD, "cannot be started");
  }

  @Test
  void quarryAnswersEveryWorkloadAsTheOracleDoesAndIsSoundAfterwards() throws Exception {
    PeersOptions options =
        PeersOptions.parse(
            List.of("--scale", "8", "--rounds", "1", "--loads", "1", "--warm-up", "0"));
    PeersBenchmark benchmark =
        new PeersBenchmark(options, List.of(PeerBuild.quarry()), folder, line -> {});
    Results results = benchmark.run();
    assertEquals(List.of(), results.failures());
    for (Workload workload : Workload.values()) {
      Row row = Rows.of(workload);
      Row shown = workload == Workload.MIXED ? Rows.of(row, "read p50") : row;
      assertEquals(Set.of(0), results.cell(shown, Contestant.QUARRY).figures().keySet(), row.key());
    }
    assertEquals(Set.of(0), results.cell(Rows.RECOVERY, Contestant.QUARRY).figures().keySet());
    assertNotNull(benchmark.about().get(Contestant.QUARRY));
    try (Quarry quarry = Quarry.open(folder.resolve("quarry").resolve("peers.quarry"))) {
      assertTrue(quarry.admin().check().isSound());
    }
  }
}
