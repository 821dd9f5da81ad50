package dev.quarry.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `quarry load` of a Kronecker edge list as a process of its own, from start to exit, durable,
/// both directions, against `wc -l` of the same file, in turn.
final class LoadBenchmark {
  private LoadBenchmark() {}

  static List<String> run(Path home, int scale, int rounds) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("kronecker.txt");
      Kronecker.write(scale, 1, file);
      Path store = folder.resolve("load.quarry");
      List<String> ours =
          List.of(
              home.resolve("quarry").toString(),
              "load",
              store.toString(),
              "--edges",
              file.toString(),
              "--type",
              "E",
              "--label",
              "V",
              "-q");
      List<String> rival = List.of("wc", "-l", file.toString());
      double[] seconds = new double[rounds];
      double[] ratios = new double[rounds];
      long bytes = 0;
      time(rival);
      for (int round = 0; round < rounds; round++) {
        Files.deleteIfExists(store);
        double lines = time(rival);
        seconds[round] = time(ours);
        ratios[round] = seconds[round] / lines;
        bytes = Files.size(store);
      }
      Arrays.sort(seconds);
      Arrays.sort(ratios);
      double median = seconds[rounds / 2];
      List<String> lines = new ArrayList<>();
      lines.add("| what | median | least – most | rounds |");
      lines.add("|---|--:|--:|--:|");
      lines.add(
          String.format(
              Locale.ROOT,
              "| load scale %d, %,d relationships, process start to exit (s) | %.2f | %.2f – %.2f | %d |",
              scale,
              Kronecker.edges(scale),
              median,
              seconds[0],
              seconds[rounds - 1],
              rounds));
      lines.add(
          String.format(
              Locale.ROOT,
              "| relationships per second | **%,.0f** | %,.0f – %,.0f | %d |",
              Kronecker.edges(scale) / median,
              Kronecker.edges(scale) / seconds[rounds - 1],
              Kronecker.edges(scale) / seconds[0],
              rounds));
      lines.add(
          String.format(
              Locale.ROOT,
              "| ratio to `wc -l` of the same file | %.1f | %.1f – %.1f | %d |",
              ratios[rounds / 2],
              ratios[0],
              ratios[rounds - 1],
              rounds));
      lines.add(
          String.format(
              Locale.ROOT,
              "| bytes of text, of the store | %,d, %,d | | |",
              Files.size(file),
              bytes));
      return lines;
    }
  }

  static double time(List<String> command) throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException(command + " ended with " + exit);
    }
    return (System.nanoTime() - start) / 1e9;
  }
}
