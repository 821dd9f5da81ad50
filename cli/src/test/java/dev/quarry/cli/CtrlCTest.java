package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A load that a signal ends leaves no store and no other file where there was none.
class CtrlCTest {
  @TempDir Path folder = Path.of("");

  @Test
  void aLoadThatIsEndedLeavesNothing() throws Exception {
    Path edges = folder.resolve("edges.txt");
    write(edges);
    for (String stage : List.of("edges edges.txt", "lists")) {
      Process load = start(edges);
      boolean reached = false;
      try (BufferedReader progress = load.errorReader()) {
        for (String line = progress.readLine(); line != null; line = progress.readLine()) {
          if (!reached && line.contains("\"stage\":\"" + stage)) {
            reached = true;
            load.toHandle().destroy();
          }
        }
      }
      assertTrue(reached, "the load did not come to " + stage);
      assertNotEquals(0, load.waitFor());
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of("edges.txt"), files.map(file -> "" + file.getFileName()).toList());
      }
    }
  }

  /// As many edges as a load takes a second or more for.
  private static void write(Path file) throws IOException {
    Random random = new Random(1);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 3_000_000; i++) {
        out.write(random.nextInt(300_000) + " " + random.nextInt(300_000) + "\n");
      }
    }
  }

  private Process start(Path edges) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.quarry.cli.Main",
            "load",
            folder.resolve("x.quarry").toString(),
            "--edges",
            edges.toString(),
            "--type",
            "E",
            "--memory",
            "64m",
            "--progress",
            "json")
        .start();
  }
}
