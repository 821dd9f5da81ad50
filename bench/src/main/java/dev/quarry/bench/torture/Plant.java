package dev.quarry.bench.torture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/// A planted bug: one edit of one source file, and the suite that should catch it.
///
/// ```text
/// plant  acknowledged-before-the-barrier
/// kind   durability
/// suite  R2 group,creation                   the workloads may be left out: then it is all of them
/// met    rarely                              mostly left out: only by chance, after tens of seconds
/// file   storage/…/wal/Wal.java
/// what   a commit is acknowledged before its barrier
/// <<<<
///       current.file.force();                what stands there, exactly once
/// ====
///       // current.file.force();             what stands there instead; may be nothing
/// >>>>
/// ```
///
/// No code of Quarry knows of it: the edited class is compiled into a folder of its own. Since a
/// constant is copied into the classes that use it, a plant never changes one.
///
/// @param workloads names of workloads to which the suite is held; empty for all of them
/// @param isRare whether the suite meets it only by chance, after tens of seconds: `mvn verify`,
///   which runs a few plants, leaves it to the command
/// @param file below the folder of the repository
record Plant(
    String name,
    String kind,
    String suite,
    List<String> workloads,
    boolean isRare,
    String file,
    String what,
    String original,
    String replacement) {
  private static final String SOURCES = "/src/main/java/dev/quarry/";

  /// All plants, as they stand in `plants.txt`.
  static List<Plant> all() {
    try (InputStream in = Plant.class.getResourceAsStream("plants.txt")) {
      byte[] text = Objects.requireNonNull(in, "plants.txt").readAllBytes();
      return parse(new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Plant> parse(String text) {
    List<Plant> plants = new ArrayList<>();
    Iterator<String> lines = text.lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next();
      if (!line.isBlank() && !line.startsWith("#")) {
        plants.add(one(line, lines));
      }
    }
    return plants;
  }

  private static Plant one(String first, Iterator<String> lines) {
    String name = field("plant", first);
    String kind = field("kind", lines.next());
    String[] suite = field("suite", lines.next()).split(" ");
    List<String> workloads = suite.length > 1 ? List.of(suite[1].split(",")) : List.of();
    String line = lines.next();
    boolean isRare = line.startsWith("met ");
    if (isRare) {
      field("met    rarely", line);
      line = lines.next();
    }
    String file = field("file", line).replaceFirst("/…/", SOURCES);
    String what = field("what", lines.next());
    field("<<<<", lines.next());
    String original = until("====", lines);
    String replacement = until(">>>>", lines);
    return new Plant(name, kind, suite[0], workloads, isRare, file, what, original, replacement);
  }

  private static String field(String key, String line) {
    if (!line.startsWith(key)) {
      throw new IllegalArgumentException("plants.txt: `" + key + "` expected, found: " + line);
    }
    return line.substring(key.length()).strip();
  }

  private static String until(String mark, Iterator<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line = lines.next(); !line.equals(mark); line = lines.next()) {
      text.append(line).append('\n');
    }
    return text.toString();
  }

  /// The source with the bug in it.
  ///
  /// @throws IllegalStateException if the place is not there, or not the only one: then the plant
  ///   is stale, and shows nothing
  String applyTo(String source) {
    int at = source.indexOf(original);
    if (at < 0 || source.indexOf(original, at + 1) >= 0) {
      throw new IllegalStateException(
          "the plant %s is stale: its original text stands %s in %s; mend it in plants.txt"
              .formatted(name, at < 0 ? "nowhere" : "more than once", file));
    }
    return source.substring(0, at) + replacement + source.substring(at + original.length());
  }
}
