package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.graph.LoadPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Java heap in use with a store open and all its pages touched, after two full collections, at two
/// scales: how much of it grows with the graph.
final class HeapBenchmark {
  private HeapBenchmark() {}

  static List<String> run(int small, int large) throws Exception {
    long[] first = heap(small);
    long[] second = heap(large);
    long growth = second[0] - first[0];
    long allowed = (long) (0.002 * (second[1] - first[1])) + (1 << 20);
    List<String> lines = new ArrayList<>();
    lines.add("| scale | file bytes | heap in use |");
    lines.add("|--:|--:|--:|");
    lines.add(String.format(Locale.ROOT, "| %d | %,d | %,d |", small, first[1], first[0]));
    lines.add(String.format(Locale.ROOT, "| %d | %,d | %,d |", large, second[1], second[0]));
    lines.add(
        String.format(
            Locale.ROOT,
            "%ngrowth %,d bytes = %.3f %% of the bytes that the file grew by; allowed 0.2 %% + 1 MiB ="
                + " %,d: %s",
            growth,
            100.0 * growth / (second[1] - first[1]),
            allowed,
            growth <= allowed ? "kept" : "NOT KEPT"));
    return lines;
  }

  /// Heap in use and bytes of the file.
  private static long[] heap(int scale) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("edges.txt");
      Kronecker.write(scale, 1, file);
      Path store = folder.resolve("heap.quarry");
      try (Quarry db = Quarry.open(store, OpenOptions.defaults().withMemory(2L << 30))) {
        db.load(new LoadPlan().edges("E", "V", file));
      }
      try (Quarry db = Quarry.open(store, OpenOptions.defaults().withMemory(2L << 30))) {
        if (!db.admin().check().isSound()) {
          throw new IllegalStateException("the store is damaged");
        }
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return new long[] {runtime.totalMemory() - runtime.freeMemory(), Files.size(store)};
      }
    }
  }
}
