package dev.quarry.bench.peers;

import dev.quarry.storage.torture.TemporaryPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// `quarry bench peers`: builds the peers, runs, writes the reports.
public final class PeersCommand {
  private PeersCommand() {}

  /// @param home the root of the repository
  /// @param words after `peers`
  /// @return the exit code
  public static int run(Path home, List<String> words) throws Exception {
    if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
      System.out.println(PeersOptions.USAGE);
      return 0;
    }
    PeersOptions options;
    try {
      options = PeersOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.err.println("  `quarry bench peers --help` tells how it is called");
      return 2;
    }
    List<Contestant> contestants = new ArrayList<>();
    contestants.add(PeerBuild.quarry());
    List<String> absent = new ArrayList<>();
    PeerBuild build = new PeerBuild(home);
    for (String name : options.peers()) {
      if (!build.names().contains(name)) {
        System.err.println("error: there is no peer `" + name + "`; there are " + build.names());
        return 2;
      }
    }
    for (String name : options.peers().isEmpty() ? build.names() : options.peers()) {
      try {
        contestants.add(build.build(name));
      } catch (PeerFailure e) {
        absent.add(name + ": " + e.reason());
      }
    }
    // on the disk of the repository: the temporary folder may be memory, where barriers cost
    // nothing
    Path parent = Files.createDirectories(home.toAbsolutePath().resolve("bench/target/peers"));
    Path folder = TemporaryPaths.untilExit(Files.createTempDirectory(parent, "run"));
    long start = System.nanoTime();
    Consumer<String> progress =
        line -> System.err.printf("%4d s  %s%n", since(start).toSeconds(), line);
    try {
      String jvms =
          options.aot() ? trained(options, contestants, folder, progress) : "no AOT caches";
      PeersBenchmark benchmark = new PeersBenchmark(options, contestants, folder, progress);
      Results results = benchmark.run();
      RunFacts facts =
          RunFacts.of(
              options,
              commit(home),
              benchmark.relationships(),
              benchmark.about(),
              contestants,
              absent,
              jvms,
              since(start));
      write(options, facts, results);
    } finally {
      TemporaryPaths.delete(folder);
    }
    return 0;
  }

  /// Gives contestants their AOT caches; returns what the report says of them.
  private static String trained(
      PeersOptions options, List<Contestant> contestants, Path folder, Consumer<String> progress)
      throws IOException {
    AotCaches caches = new AotCaches(folder.resolve("training"), options.workloads());
    for (int i = 0; i < contestants.size(); i++) {
      progress.accept("AOT cache, " + contestants.get(i).name());
      contestants.set(i, caches.trained(contestants.get(i)));
    }
    return caches.told();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /// The commit that is checked out, or nothing.
  private static String commit(Path home) throws IOException, InterruptedException {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(home.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String name = git.inputReader().lines().findFirst().orElse("");
      return git.waitFor() == 0 ? name : "";
    } catch (IOException e) {
      return ""; // no git: the report says nothing of it
    }
  }

  private static void write(PeersOptions options, RunFacts facts, Results results)
      throws IOException {
    String report = MarkdownReport.of(facts, results);
    if (options.report() == null) {
      System.out.print(report);
    } else {
      Files.writeString(options.report(), report);
    }
    if (options.page() != null) {
      Files.writeString(options.page(), HtmlReport.of(facts, results));
    }
    if (options.history() != null) {
      History.append(options.history(), facts, "kronecker-" + options.scale(), results);
    }
  }
}
