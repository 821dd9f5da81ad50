package dev.quarry.cli.demo;

import dev.quarry.Quarry;
import java.nio.file.Path;
import java.util.Map;

/// The child process of the demo: commits in a loop, and says each number once it is durable.
public final class KilledWriter {
  private KilledWriter() {}

  /// @param arguments the store
  public static void main(String[] arguments) {
    try (Quarry db = Quarry.open(Path.of(arguments[0]))) {
      for (long i = 1; ; i++) {
        db.run("CREATE (:Commit {number: $i})", Map.of("i", i));
        System.out.println(i);
        System.out.flush();
      }
    }
  }
}
