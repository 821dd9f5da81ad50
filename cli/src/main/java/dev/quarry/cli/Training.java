package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.graph.LoadPlan;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// What the launcher has the JVM look at once for each build, to make its AOT cache of it: a small
/// load and a statement. The cache holds the classes that they need and where their time went, so
/// that later processes compile the loops of a load at once.
public final class Training {
  private static final int EDGES = 100_000;

  private Training() {}

  public static void main(String[] ignored) throws IOException {
    Path folder = Files.createTempDirectory("quarry-training");
    Path edges = folder.resolve("edges.txt");
    Path store = folder.resolve("training.quarry");
    try {
      write(edges);
      try (Quarry db = Quarry.open(store, OpenOptions.defaults())) {
        db.load(new LoadPlan().edges("E", "V", edges));
      }
    } finally {
      Files.deleteIfExists(store);
      Files.deleteIfExists(edges);
      Files.deleteIfExists(folder);
    }
    Main.main(new String[] {"query", "UNWIND [1, 'a'] AS x RETURN x"});
  }

  private static void write(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < EDGES; i++) {
        out.write(random.nextInt(EDGES / 8) + "\t" + random.nextInt(EDGES / 8) + "\n");
      }
    }
  }
}
