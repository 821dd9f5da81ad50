package dev.quarry.storage.torture;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run of a suite: how much of it, and what came of it.
public final class Run {
  /// A case that broke its promise.
  public record Failure(String caseName, String message, Throwable cause) {}

  private static final int MOST_FAILURES = 20;
  private static final long TELL_NANOS = 500_000_000;

  private final Suite suite;
  private final long seed;
  private final long mostStates;
  private final long deadline;
  private final long half; // of the time until then
  private final Consumer<Run> progress;
  private final long start = System.nanoTime();
  private final List<Failure> failures = new ArrayList<>();
  private final Set<String> points = new HashSet<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private long mostViolations = 1000;
  private long mostRounds = Long.MAX_VALUE;
  private long lastTold = start;
  private long states;
  private long violations;
  private long end;
  private long busy;

  /// @param mostStates how many cases at most
  /// @param mostNanos how long at most, a last case and what has to be prepared for one apart
  /// @param progress called now and then
  public Run(Suite suite, long seed, long mostStates, long mostNanos, Consumer<Run> progress) {
    this.suite = suite;
    this.seed = seed;
    this.mostStates = mostStates;
    this.deadline = mostNanos == Long.MAX_VALUE ? Long.MAX_VALUE : start + mostNanos;
    this.half = mostNanos == Long.MAX_VALUE ? Long.MAX_VALUE : start + mostNanos / 2;
    this.progress = progress;
  }

  /// Ends with the first violation.
  public Run untilViolation() {
    mostViolations = 1;
    return this;
  }

  /// Ends after some rounds, if the suite has rounds.
  public Run rounds(long most) {
    mostRounds = most;
    return this;
  }

  /// Runs the suite.
  public Run go() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    suite.run(this);
    busy = threads.getCurrentThreadCpuTime() - before;
    end = System.nanoTime();
    return this;
  }

  public Suite suite() {
    return suite;
  }

  public long seed() {
    return seed;
  }

  /// How many cases there may be at most.
  public long mostStates() {
    return mostStates;
  }

  /// Whether another case fits; one always does, however little time there is.
  public boolean more() {
    return states < mostStates
        && (states == 0 || isBefore(deadline))
        && violations < mostViolations;
  }

  /// What a suite prepares cases of in a round, in turn: all of it, unless half of the time is
  /// over, which is for running them; then at least one.
  ///
  /// @param all begun at another one in each round, so that rounds that end early meet each
  /// @param preparation makes cases of one
  <T> void prepare(List<T> all, long round, Consumer<T> preparation) {
    int first = deadline == Long.MAX_VALUE ? 0 : Math.floorMod(seed + round, all.size());
    for (int i = 0; i < all.size() && (i == 0 || isBefore(half)); i++) {
      preparation.accept(all.get((first + i) % all.size()));
    }
  }

  private static boolean isBefore(long moment) {
    return moment == Long.MAX_VALUE || System.nanoTime() < moment;
  }

  /// Whether another case fits in this round: a round has all cases of a suite that can be counted,
  /// for one seed.
  boolean more(long round) {
    return round < mostRounds && more();
  }

  /// Runs a case, and notes what becomes of it.
  ///
  /// @param point what it is a variant of, to be counted once
  public void check(String caseName, @Nullable String point, Runnable body) {
    states++;
    if (point != null) {
      points.add(point);
    }
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      violations++;
      if (failures.size() < MOST_FAILURES) {
        failures.add(new Failure(caseName, String.valueOf(e), e));
      }
    }
    if (System.nanoTime() - lastTold > TELL_NANOS) {
      lastTold = System.nanoTime();
      progress.accept(this);
    }
  }

  /// Counts cases that another process ran, and found nothing wrong with.
  void passed(long more) {
    states += more;
    progress.accept(this);
  }

  /// Counts something that is worth printing beside the number of cases.
  public void count(String what, long more) {
    counts.merge(what, more, Long::sum);
  }

  public long states() {
    return states;
  }

  public long violations() {
    return violations;
  }

  /// How many different points the cases are variants of.
  public long points() {
    return points.size();
  }

  public Map<String, Long> counts() {
    return counts;
  }

  /// The first failures.
  public List<Failure> failures() {
    return failures;
  }

  public double seconds() {
    return ((end == 0 ? System.nanoTime() : end) - start) / 1e9;
  }

  /// How long a core worked for it; on a busy machine less than [#seconds()].
  public double coreSeconds() {
    return busy / 1e9;
  }

  /// The command that runs a case again.
  public String replayCommand(String caseName) {
    return "./quarry torture --suite %s --case '%s'".formatted(suite.name(), caseName);
  }

  /// Raises an error that names all failures and how to see them again.
  public void ensureNone() {
    if (!failures.isEmpty()) {
      StringBuilder text = new StringBuilder();
      text.append("%s: %d violations in %d states%n".formatted(suite.name(), violations, states));
      for (Failure failure : failures) {
        text.append("  ").append(failure.message).append("\n    ");
        text.append(replayCommand(failure.caseName)).append('\n');
      }
      throw new AssertionError(text.toString(), failures.getFirst().cause);
    }
  }
}
