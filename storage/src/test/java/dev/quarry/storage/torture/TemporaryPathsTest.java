package dev.quarry.storage.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is temporary goes when it is deleted, and else with the process.
class TemporaryPathsTest {
  /// Makes a folder and a file, writes to the folder, and waits to be ended.
  static final class Waiting {
    public static void main(String[] words) throws Exception {
      Path folder = TemporaryPaths.folder("left");
      TemporaryPaths.file("left", ".txt");
      Files.writeString(Files.createDirectories(folder.resolve("a/b")).resolve("c"), "text");
      System.out.println("ready");
      Thread.sleep(600_000);
    }
  }

  @Test
  void aProcessThatIsEndedLeavesNothing(@TempDir Path folder) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Waiting.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var lines = process.inputReader()) {
      assertEquals("ready", lines.readLine());
      assertEquals(2, count(folder));
      assumeTrue(process.supportsNormalTermination());
      process.destroy(); // as Ctrl-C does, which Java cannot send
      process.waitFor();
    }
    assertEquals(0, count(folder));
  }

  @Test
  void whatIsDeletedIsGoneAtOnce() throws IOException {
    Path folder = TemporaryPaths.folder("quarry-test");
    Files.writeString(folder.resolve("a"), "text");
    assertTrue(Files.exists(folder));
    TemporaryPaths.delete(folder);
    assertFalse(Files.exists(folder));
  }

  private static long count(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(path -> path.getFileName().toString().startsWith("left")).count();
    }
  }
}
