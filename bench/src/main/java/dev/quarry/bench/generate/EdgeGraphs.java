package dev.quarry.bench.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Graphs without properties, as edge lists. The same scale and seed give the same file.
///
/// ```text
/// uniform     2^scale ids, 16 edges for each, both ends at random
/// grid        2^(scale / 2) columns and 2^(scale - scale / 2) rows, edges to the right and down:
///             long paths, no hubs
/// clustered   2^scale ids in clusters of 64, 16 edges for each, nine in ten within its cluster:
///             many triangles
/// ```
final class EdgeGraphs {
  private static final int EDGES = 16;
  private static final int CLUSTER = 64;

  private EdgeGraphs() {}

  static void uniform(int scale, long seed, Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long nodes = 1L << scale;
    try (EdgeWriter out = new EdgeWriter(file)) {
      for (long i = 0; i < nodes * EDGES; i++) {
        out.write(random.nextLong(nodes), random.nextLong(nodes));
      }
    }
  }

  static void grid(int scale, Path file) throws IOException {
    long columns = 1L << scale / 2;
    long rows = 1L << scale - scale / 2;
    try (EdgeWriter out = new EdgeWriter(file)) {
      for (long row = 0; row < rows; row++) {
        for (long column = 0; column < columns; column++) {
          long id = row * columns + column;
          if (column + 1 < columns) {
            out.write(id, id + 1);
          }
          if (row + 1 < rows) {
            out.write(id, id + columns);
          }
        }
      }
    }
  }

  static void clustered(int scale, long seed, Path file) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long nodes = 1L << scale;
    try (EdgeWriter out = new EdgeWriter(file)) {
      for (long node = 0; node < nodes; node++) {
        long first = node / CLUSTER * CLUSTER;
        long size = Math.min(CLUSTER, nodes - first);
        for (int i = 0; i < EDGES; i++) {
          boolean within = random.nextInt(10) < 9;
          out.write(node, within ? first + random.nextLong(size) : random.nextLong(nodes));
        }
      }
    }
  }
}
