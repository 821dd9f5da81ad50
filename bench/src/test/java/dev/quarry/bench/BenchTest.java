package dev.quarry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.bench.peers.PeersCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The words of `quarry bench`.
class BenchTest {
  @TempDir Path folder = Path.of("");

  private static String refused(String... words) {
    return String.valueOf(
        assertThrows(Bench.WrongWords.class, () -> Bench.run(words)).getMessage());
  }

  @Test
  void helpIsNoError() throws Exception {
    assertEquals(0, Bench.run(new String[] {"--help"}));
    assertEquals(0, PeersCommand.run(folder, List.of("--help")));
  }

  @Test
  void wordsThatMeanNothingAreRefusedInOneSentence() {
    assertEquals("say what to measure", refused());
    assertEquals("there is no benchmark `nonsense`", refused("nonsense"));
    assertEquals("`x` is no number", refused("kernels", "x"));
    assertEquals("`y` is no number", refused("kernels", "9", "y"));
    assertEquals("it is called as kronecker SCALE FILE [SEED]", refused("kronecker", "4"));
    assertEquals("it is called as load-within MEMORY [SCALE]", refused("load-within"));
    String file = folder.resolve("e.txt").toString();
    assertEquals("SCALE is 1 to 28, not 99", refused("kronecker", "99", file));
    assertTrue(refused("generate", "foo", "4", file).startsWith("KIND is one of"));
    String none = folder.resolve("none/e.txt").toString();
    assertEquals("cannot write " + none, refused("kronecker", "4", none));
  }

  @Test
  void aPeerThatDoesNotExistIsRefusedBeforeAnythingRuns() throws Exception {
    Path peer = Files.createDirectories(folder.resolve("bench/peers/some"));
    Files.createFile(peer.resolve("peer.properties"));
    assertEquals(2, PeersCommand.run(folder, List.of("--peers", "other")));
    assertTrue(Files.notExists(folder.resolve("bench/target")));
  }

  @Test
  void aSeedMayBeAnyLong() throws Exception {
    Path file = folder.resolve("e.txt");
    Bench.run(new String[] {"kronecker", "4", file.toString(), "9223372036854775807"});
    assertEquals(256, Files.readAllLines(file).size());
  }
}
