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

  /// Takes the edges one after the other.
  public interface Edges {
    void accept(int source, int target) throws IOException;
  }

  /// How many edges a graph of this scale has, loops and parallels included.
  public static long edges(int scale) {
    return (long) EDGE_FACTOR << scale;
  }

  /// @throws IllegalArgumentException if the scale is not 1 to 28
  public static void write(int scale, long seed, Path file) throws IOException {
    if (scale < 1 || scale > 28) {
      throw new IllegalArgumentException("SCALE is 1 to 28, not " + scale);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      StringBuilder line = new StringBuilder();
      generate(
          scale,
          seed,
          (source, target) -> {
            line.setLength(0);
            line.append(source).append('\t').append(target).append('\n');
            out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
          });
    }
  }

  /// Hands out the edges, loops and parallels included.
  ///
  /// @param scale ids lie in 0 until 2^scale; at most 30
  public static void generate(int scale, long seed, Edges edges) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] shuffled = permutation(1 << scale, random);
    long count = edges(scale);
    for (long i = 0; i < count; i++) {
      int source = 0;
      int target = 0;
      for (int bit = 0; bit < scale; bit++) {
        double r = random.nextDouble();
        source = source << 1 | (r < 0.76 ? 0 : 1);
        target = target << 1 | (r < 0.57 || r >= 0.76 && r < 0.95 ? 0 : 1);
      }
      edges.accept(shuffled[source], shuffled[target]);
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
