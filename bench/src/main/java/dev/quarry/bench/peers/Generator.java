package dev.quarry.bench.peers;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.bench.peers.kit.DataSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Writes the data set that all contestants load: a Kronecker graph without its loops and
/// parallels, in random order, with two integers on every node.
///
/// Without them no rule about repeated relationships makes a difference, and a library that holds
/// sets can take part. Beside it lies a social network of an eighth as many persons
/// ([SocialGenerator]).
final class Generator {
  private static final int TENTHS = 10;
  private static final int STARTS = 100;

  private Generator() {}

  static DataSet write(int scale, long seed, Path folder) throws IOException {
    int nodes = 1 << scale;
    long[] pairs = pairs(scale, seed);
    SplittableRandom random = new SplittableRandom(seed + 1);
    shuffle(pairs, random);
    Files.createDirectories(folder);
    DataSet data = new DataSet(folder, nodes);
    int[] degrees = new int[nodes];
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(data.edges()))) {
      for (long pair : pairs) {
        degrees[source(pair)]++;
        out.println(source(pair) + "," + (int) pair);
      }
    }
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(data.nodes()))) {
      for (int id = 0; id < nodes; id++) {
        out.println(
            id + "," + random.nextInt(DataSet.GROUPS) + "," + random.nextInt(DataSet.SCORES));
      }
    }
    Files.writeString(folder.resolve("starts.csv"), starts(degrees, random));
    SocialGenerator.write(Math.max(64, nodes / 8), seed + 2, folder.resolve("social"));
    return data;
  }

  private static long[] pairs(int scale, long seed) throws IOException {
    long[] all = new long[Math.toIntExact(Kronecker.edges(scale))];
    int[] count = {0};
    Kronecker.generate(
        scale,
        seed,
        (source, target) -> {
          if (source != target) {
            all[count[0]++] = (long) source << 32 | target;
          }
        });
    Arrays.sort(all, 0, count[0]);
    int kept = 0;
    for (int i = 0; i < count[0]; i++) {
      if (i == 0 || all[i] != all[i - 1]) {
        all[kept++] = all[i];
      }
    }
    return Arrays.copyOf(all, kept);
  }

  private static void shuffle(long[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long value = values[i];
      values[i] = values[j];
      values[j] = value;
    }
  }

  /// Nodes that have relationships, drawn in turn from each tenth by out-degree, least first.
  private static String starts(int[] degrees, SplittableRandom random) {
    long[] byDegree = new long[degrees.length];
    int count = 0;
    for (int id = 0; id < degrees.length; id++) {
      if (degrees[id] > 0) {
        byDegree[count++] = (long) degrees[id] << 32 | id;
      }
    }
    Arrays.sort(byDegree, 0, count);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < STARTS; i++) {
      int tenth = i % TENTHS;
      int from = (int) ((long) count * tenth / TENTHS);
      int to = (int) ((long) count * (tenth + 1) / TENTHS);
      lines.append((int) byDegree[random.nextInt(from, to)]).append('\n');
    }
    return lines.toString();
  }

  private static int source(long pair) {
    return (int) (pair >>> 32);
  }
}
