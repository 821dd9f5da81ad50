package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A CSV file to which every run adds its ratios, so that one that gets worse can be seen.
///
/// ```text
/// date,data,workload,peer,version,ratio,least,greatest,rounds
/// 2026-01-02,kronecker-14,hop-2,kuzu,Kuzu 0.11.2,3.25,2.9,3.5,9        theirs / ours
/// ```
final class History {
  static final String HEADER = "date,data,workload,peer,version,ratio,least,greatest,rounds";

  private History() {}

  /// @param data a short name of the data set, such as `kronecker-14`
  static void append(Path file, RunFacts facts, String data, Results results) throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.exists(file)) {
      lines.add(HEADER);
    }
    for (Row row : results.rows()) {
      for (String name : results.contestants()) {
        Spread ratio = name.equals(Contestant.QUARRY) ? null : Ranking.ratio(results, row, name);
        if (ratio != null) {
          lines.add(line(facts, data, row, name, ratio));
        }
      }
    }
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String line(RunFacts facts, String data, Row row, String name, Spread ratio) {
    var about = facts.about().get(name);
    return String.format(
        Locale.ROOT,
        "%s,%s,%s,%s,%s,%.4g,%.4g,%.4g,%d",
        facts.date(),
        data,
        row.key(),
        name,
        about == null ? "" : about.version().replaceAll("[,\"\\s]+", " "),
        ratio.median(),
        ratio.least(),
        ratio.greatest(),
        ratio.count());
  }
}
