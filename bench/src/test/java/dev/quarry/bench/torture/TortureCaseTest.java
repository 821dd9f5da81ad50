package dev.quarry.bench.torture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.storage.torture.NoSuchCase;
import dev.quarry.storage.torture.Suite;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `quarry torture --case`: a text that is no case of its suite is wrong usage, not a violation.
class TortureCaseTest {
  private static final List<String> WRONG =
      List.of(
          "",
          ":",
          "::::",
          "x",
          "small",
          "small:1",
          "small:1:x",
          "x:1:2:3:4",
          "small:x:1:2:3",
          "small:1:CLOSED",
          "small:1:CLOSED:x",
          "small:1:CLOSED:-1",
          "small:1:LOG:999999999999",
          "region:1:ZERO:99999:0",
          "region:1:SWAP:-1:2",
          "region:1:0:9999999:-",
          "1:x",
          "small:1:0:0:a-b",
          "small:1:both",
          "small:1:neither:1",
          "none:R99",
          "1:2:3",
          "graph-small:1:EIO",
          "graph-small:1:@+");

  @Test
  void aTextThatIsNoCaseIsToldAsSuch() {
    List<Suite> suites = Torture.suites(workload -> true);
    suites.add(new PlantedBugs(List.of(), true));
    for (Suite suite : suites) {
      for (String text : WRONG) {
        assertThrows(
            NoSuchCase.class, () -> suite.replay(text), () -> suite.name() + " `" + text + "`");
      }
    }
  }

  @Test
  void aCaseRunsAgain() {
    List<Suite> suites = Torture.suites(workload -> true);
    suites.removeIf(suite -> !suite.name().equals("R4"));
    assertDoesNotThrow(() -> suites.getFirst().replay("small:1:CLOSED:100000"));
  }

  @Test
  void aWrongCaseIsOneSentenceAndExitTwo() {
    assertEquals(2, new Torture().run(new String[] {"--suite", "R4", "--case", "small:1"}));
    assertEquals(2, new Torture().run(new String[] {"--case", "small:1"}));
    assertEquals(
        0, new Torture().run(new String[] {"--suite", "R4", "--case", "small:1:UNCLOSED:77"}));
  }
}
