package dev.quarry.bench.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `quarry bench generate KIND SCALE FOLDER [SEED]`: writes a graph into a folder.
public final class Generate {
  /// The kinds there are.
  public static final List<String> KINDS =
      List.of("kronecker", "uniform", "grid", "clustered", "social");

  private Generate() {}

  /// Writes a graph: `edges.txt`, or the CSV files of a social network.
  ///
  /// @param scale 2^scale nodes, or persons
  /// @return how to load it
  /// @throws IllegalArgumentException if there is no such kind
  public static String write(String kind, int scale, Path folder, long seed) throws IOException {
    if (!KINDS.contains(kind) || scale < 1 || scale > 28) {
      throw new IllegalArgumentException(
          "KIND is one of " + String.join(", ", KINDS) + ", and SCALE is 1 to 28");
    }
    Files.createDirectories(folder);
    Path edges = folder.resolve("edges.txt");
    switch (kind) {
      case "kronecker" -> Kronecker.write(scale, seed, edges);
      case "uniform" -> EdgeGraphs.uniform(scale, seed, edges);
      case "grid" -> EdgeGraphs.grid(scale, edges);
      case "clustered" -> EdgeGraphs.clustered(scale, seed, edges);
      default -> SocialGraph.write(scale, seed, folder);
    }
    return kind.equals("social") ? loadSocial(folder) : loadEdges(edges);
  }

  private static String loadEdges(Path edges) {
    return "quarry load STORE --edges " + edges + " --type E --label V";
  }

  private static String loadSocial(Path folder) {
    StringBuilder command = new StringBuilder("quarry load STORE");
    for (String label : List.of("Person", "Forum", "Message")) {
      String file = label.toLowerCase(Locale.ROOT) + "s.csv";
      command.append(" --nodes ").append(label).append('=').append(folder.resolve(file));
    }
    for (String type :
        List.of("KNOWS", "HAS_MEMBER", "CONTAINS", "CREATED_BY", "REPLY_OF", "LIKES")) {
      String file = type.toLowerCase(Locale.ROOT) + ".csv";
      command.append(" --relationships ").append(type).append('=').append(folder.resolve(file));
    }
    return command.toString();
  }
}
