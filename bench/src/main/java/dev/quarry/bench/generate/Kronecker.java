package dev.quarry.bench.generate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Graph500's Kronecker graphs as text edge lists: 2^scale ids, 16 edges for each, quadrants 0.57,
/// 0.19, 0.19, 0.05, ids shuffled. The same scale and seed give the same file.
public final class Kronecker {
  private static final int EDGE_FACTOR = 16;

  private Kronecker() {}

  public static long edges(int scale) {
    return (long) EDGE_FACTOR << scale;
  }

  public static void write(int scale, long seed, Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] shuffled = permutation(1 << scale, random);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      long edges = edges(scale);
      StringBuilder line = new StringBuilder();
      for (long i = 0; i < edges; i++) {
        int source = 0;
        int target = 0;
        for (int bit = 0; bit < scale; bit++) {
          double r = random.nextDouble();
          source = source << 1 | (r < 0.76 ? 0 : 1);
          target = target << 1 | (r < 0.57 || r >= 0.76 && r < 0.95 ? 0 : 1);
        }
        line.setLength(0);
        line.append(shuffled[source]).append('\t').append(shuffled[target]).append('\n');
        out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] ids = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      ids[i] = ids[j];
      ids[j] = i;
    }
    return ids;
  }
}
