package dev.quarry.bench.peers.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// The folder with the data that all peers load, and the inputs of workloads, which are the same
/// for each of them. The files have no headers, since each loader has its own idea of one.
///
/// ```text
/// nodes.csv   id,grp,score       one line per node, ids 0, 1, 2, ...
/// edges.csv   source,target      pairs of ids, no loops, no pair twice
/// starts.csv  id                 nodes with relationships, in turn from each tenth by out-degree
/// social      a folder           another graph, of SocialData
/// ```
///
/// @param nodeCount how many nodes there are
public record DataSet(Path folder, int nodeCount) {
  /// Scores lie in 0 until this.
  public static final int SCORES = 1_000_000;

  /// Groups lie in 0 until this.
  public static final int GROUPS = 100;

  /// Opens a folder that was made before.
  public static DataSet open(Path folder) throws IOException {
    try (var lines = Files.lines(folder.resolve("nodes.csv"))) {
      return new DataSet(folder, Math.toIntExact(lines.count()));
    }
  }

  public Path nodes() {
    return folder.resolve("nodes.csv");
  }

  public Path edges() {
    return folder.resolve("edges.csv");
  }

  /// The first so many starts.
  public int[] starts(int count) throws IOException {
    try (var lines = Files.lines(folder.resolve("starts.csv"))) {
      return lines.mapToInt(Integer::parseInt).limit(count).toArray();
    }
  }

  /// Ids drawn for a round; the same round gives the same ids.
  public int[] ids(String purpose, int round, int count) {
    return ids(purpose, round, count, nodeCount);
  }

  /// The same from 0 until a bound.
  int[] ids(String purpose, int round, int count, int bound) {
    return new SplittableRandom(31L * purpose.hashCode() + round).ints(count, 0, bound).toArray();
  }

  /// The social network beside the graph.
  public SocialData social() throws IOException {
    Path of = folder.resolve("social");
    return new SocialData(
        of, lines(of, "Person.csv"), lines(of, "Post.csv") + lines(of, "Comment.csv"));
  }

  private static int lines(Path folder, String file) throws IOException {
    try (var lines = Files.lines(folder.resolve(file))) {
      return (int) lines.count();
    }
  }

  /// Takes the fields of a line, in an array that is used again for the next one.
  public interface Fields {
    void accept(int[] fields) throws Exception;
  }

  /// Reads a CSV file of integers, for peers that have no loader of their own.
  public static void read(Path file, Fields fields) throws Exception {
    try (var lines = Files.newBufferedReader(file)) {
      int[] values = new int[3];
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int field = 0;
        int value = 0;
        for (int i = 0; i < line.length(); i++) {
          char c = line.charAt(i);
          if (c == ',') {
            values[field++] = value;
            value = 0;
          } else {
            value = value * 10 + (c - '0');
          }
        }
        values[field] = value;
        fields.accept(values);
      }
    }
  }
}
