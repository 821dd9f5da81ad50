package dev.quarry;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The LDBC SNB data that lies beside the project: its files, cases and updates.
final class LdbcData {
  private static final String SEPARATOR = "\\|";

  private final Path data;

  private LdbcData(Path data) {
    this.data = data;
  }

  /// Finds the data, or skips the test that asks for it.
  static LdbcData find() {
    Path path = Path.of("").toAbsolutePath();
    while (path != null && !Files.isDirectory(path.resolve("shared/data/ldbc-snb-tiny"))) {
      path = path.getParent();
    }
    assumeTrue(path != null, "no LDBC SNB data beside the project");
    return new LdbcData(
        java.util.Objects.requireNonNull(path).resolve("shared/data/ldbc-snb-tiny"));
  }

  /// Turns `schema.tsv` into a plan.
  ///
  /// @param folder for files that must be changed to be loaded
  LoadPlan plan(Path folder) throws IOException {
    LoadPlan plan = new LoadPlan();
    for (String line : Files.readAllLines(data.resolve("schema.tsv"))) {
      String[] parts = line.split("\t", -1);
      if (parts[0].equals("node")) {
        String rest = parts[4].substring(parts[4].indexOf(',') + 1);
        String header = "id:ID(" + parts[3] + "){integer}," + columns(rest);
        Path file =
            header.contains(":LABEL") ? withLabels(parts[1], header, folder) : file(parts[1]);
        plan = plan.nodes(parts[2], file, new FileFormat('|', 1, header));
      } else if (parts[0].equals("rel")) {
        String ends = ":START_ID(" + parts[3] + "),:END_ID(" + parts[4] + ")";
        String header = parts[5].isEmpty() ? ends : ends + "," + columns(parts[5]);
        plan = plan.relationships(parts[2], file(parts[1]), new FileFormat('|', 1, header));
      }
    }
    return plan;
  }

  private static String columns(String columns) {
    return Arrays.stream(columns.split(","))
        .map(column -> column.endsWith(":LABEL") ? ":LABEL" : column)
        .collect(Collectors.joining(","));
  }

  private Path file(String name) {
    Path plain = data.resolve(name);
    return Files.exists(plain) ? plain : data.resolve(name + ".gz");
  }

  /// A copy of a file in which labels begin with an upper-case letter.
  private Path withLabels(String name, String header, Path folder) throws IOException {
    int label = Arrays.asList(header.split(",")).indexOf(":LABEL");
    List<String> changed = new ArrayList<>();
    for (String line : lines(name)) {
      String[] fields = line.split(SEPARATOR, -1);
      String word = fields[label];
      fields[label] = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
      changed.add(String.join("|", fields));
    }
    return Files.write(folder.resolve(name), changed);
  }

  private List<String> lines(String name) throws IOException {
    Path file = file(name);
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /// The cases: query, parameters, expected rows.
  List<Map<String, @Nullable Object>> cases() throws IOException {
    return lines("cases.jsonl").stream().map(Json::object).toList();
  }

  /// The text of update 1 to 8.
  String update(int kind) throws IOException {
    return Files.readString(data.resolve("queries/interactive-update-" + kind + ".cypher"));
  }

  /// All updates, in the order of their time: time, time of what it needs, kind, its fields.
  List<String[]> updates() throws IOException {
    List<String[]> updates = new ArrayList<>();
    for (String part : List.of("person", "forum")) {
      for (String line : lines("update_streams/updateStream_0_0_" + part + ".csv")) {
        updates.add(line.split(SEPARATOR, -1));
      }
    }
    updates.sort(Comparator.comparingLong(update -> Long.parseLong(update[0])));
    return updates;
  }
}
