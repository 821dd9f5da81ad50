package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// What the launcher has the JVM look at once for each build, to make its AOT cache of it: small
/// loads and a statement. The cache holds the classes that they need and where their time went, so
/// that later processes compile the loops of a load at once.
public final class Training {
  private static final int EDGES = 100_000;
  private static final int NODES = EDGES / 8;

  private Training() {}

  public static void main(String[] ignored) throws IOException {
    Path folder = Files.createTempDirectory("quarry-training");
    Path edges = folder.resolve("edges.txt");
    Path nodes = folder.resolve("nodes.csv");
    try {
      writeEdges(edges);
      writeNodes(nodes);
      load(folder, new LoadPlan().edges("E", "V", edges));
      FileFormat ends = new FileFormat('\t', 0, ":START_ID,:END_ID");
      load(folder, new LoadPlan().nodes("V", nodes).relationships("E", edges, ends));
    } finally {
      Files.deleteIfExists(nodes);
      Files.deleteIfExists(edges);
      Files.deleteIfExists(folder);
    }
    Main.main(new String[] {"query", "UNWIND [1, 'a'] AS x RETURN x"});
  }

  private static void load(Path folder, LoadPlan plan) throws IOException {
    Path store = folder.resolve("training.quarry");
    try (Quarry db = Quarry.open(store, OpenOptions.defaults())) {
      db.load(plan);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static void writeNodes(Path file) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write("id:ID,x:double,name\n");
      for (int i = 0; i < NODES; i++) {
        out.write(i + "," + i / 8.0 + ",\"node, " + i + "\"\n");
      }
    }
  }

  private static void writeEdges(Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < EDGES; i++) {
        out.write(random.nextInt(NODES) + "\t" + random.nextInt(NODES) + "\n");
      }
    }
  }
}
