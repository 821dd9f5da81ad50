package dev.quarry.bench.torture;

import dev.quarry.storage.torture.Run;
import dev.quarry.storage.torture.Suite;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a suite in a JVM of its own, until the first violation or for some time.
///
/// The JVM has classes with a bug before all others on its class path. It runs without assertions,
/// as an application does: what catches the bug is the suite. In check mode, though, so that native
/// memory that was given back is told from memory in use.
final class PlantedRun {
  /// What came of it.
  ///
  /// @param caught whether the suite saw a violation, or the JVM died of the bug
  /// @param states how many cases it took
  /// @param message the violation
  record Outcome(boolean caught, long states, double seconds, String message) {
    private static final String MARK = "OUTCOME\t";

    String line() {
      String text = message.lines().findFirst().orElse("").replace('\t', ' ');
      return MARK + caught + "\t" + states + "\t" + seconds + "\t" + text;
    }

    /// What came of both runs, of which this one caught nothing.
    Outcome then(Outcome second) {
      return new Outcome(
          second.caught, states + second.states, seconds + second.seconds, second.message);
    }

    static Outcome parse(String line) {
      String[] parts = line.substring(MARK.length()).split("\t", -1);
      return new Outcome(
          Boolean.parseBoolean(parts[0]),
          Long.parseLong(parts[1]),
          Double.parseDouble(parts[2]),
          parts[3]);
    }
  }

  private static final int GRACE_SECONDS = 60;
  private static final String ERRORS = "hs_err.log";

  private PlantedRun() {}

  /// Starts the JVM and waits for its end.
  ///
  /// @param classes a folder with compiled classes, which come first; may be empty
  /// @param workloads names; empty for all
  /// @throws IllegalStateException if the run broke down, or did not end
  static Outcome start(Path classes, String suite, List<String> workloads, long seed, int seconds) {
    try {
      Path output = classes.resolve("output.txt");
      Process child =
          new ProcessBuilder(command(classes, suite, workloads, seed, seconds))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = child.waitFor(seconds + GRACE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        child.destroyForcibly().waitFor();
        throw new IllegalStateException("the run did not end within " + seconds + " s");
      }
      return outcome(Files.exists(classes.resolve(ERRORS)), Files.readString(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a suite ran", e);
    }
  }

  private static List<String> command(
      Path classes, String suite, List<String> workloads, long seed, int seconds) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dquarry.check=true",
            "-XX:+UseSerialGC",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + classes.resolve(ERRORS),
            "-Xmx1g",
            "-cp",
            classes + File.pathSeparator + System.getProperty("java.class.path"),
            PlantedRun.class.getName()));
    command.addAll(
        List.of(
            suite, String.join(",", workloads), Long.toString(seed), Integer.toString(seconds)));
    return command;
  }

  private static Outcome outcome(boolean died, String output) {
    for (String line : output.lines().toList()) {
      if (line.startsWith(Outcome.MARK)) {
        return Outcome.parse(line);
      }
    }
    if (died) {
      return new Outcome(true, 0, 0, "the JVM died: " + signal(output));
    }
    throw new IllegalStateException("the run broke down: " + output);
  }

  private static String signal(String output) {
    return output.lines().filter(line -> line.contains("SIG")).findFirst().orElse("");
  }

  /// The other JVM.
  public static void main(String[] words) {
    Torture.prepare(List.of(words));
    List<String> workloads = words[1].isEmpty() ? List.of() : List.of(words[1].split(","));
    Suite suite =
        Torture.suites(name -> workloads.isEmpty() || workloads.contains(name)).stream()
            .filter(candidate -> candidate.name().equals(words[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no suite " + List.of(words)));
    long nanos = Long.parseLong(words[3]) * 1_000_000_000;
    Run run = new Run(suite, Long.parseLong(words[2]), Long.MAX_VALUE, nanos, all -> {});
    System.out.println(judge(run.untilViolation()).line());
  }

  /// A bug may also break a run without faults, with which a suite begins.
  private static Outcome judge(Run run) {
    try {
      run.go();
    } catch (RuntimeException | Error e) {
      return new Outcome(true, run.states(), run.seconds(), "in a run without faults: " + e);
    }
    String message = run.failures().isEmpty() ? "" : run.failures().getFirst().message();
    return new Outcome(run.violations() > 0, run.states(), run.seconds(), message);
  }
}
