package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Trial;
import dev.quarry.bench.peers.kit.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Asks all contestants for the same, one after the other, round by round.
///
/// ```text
/// load       each in turn, in a new process, some rounds; the last store stays
/// workload   each alone until it is warm, then each in turn, round by round; reads, then writes
/// ```
///
/// A contestant is warm after two rounds of what writes, and for what reads also not before a
/// second of them. Who comes first changes with the round. Of whoever takes longer than [#SLOW] for
/// a round, or [#SLOW_LOAD] for a load, only the first [#FEW] count. An answer is compared with the
/// oracle's before its time is kept; after a wrong one a contestant is not asked for that workload
/// again. At the end those who commit durably are killed ([Survival]).
final class PeersBenchmark {
  private static final Duration SLOW = Duration.ofSeconds(3);
  private static final Duration SLOW_LOAD = Duration.ofSeconds(20);
  private static final int FEW = 3;
  private static final int LEAST_WARM_UP = 2;
  private static final int MOST_WARM_UP = 200;

  /// What a contestant said of itself.
  ///
  /// @param durable whether a load is
  /// @param database whether it is one, and no library for graphs that do not change
  record About(String version, String configuration, boolean durable, boolean database) {}

  private final PeersOptions options;
  private final DataSet data;
  private final Oracle oracle;
  private final long relationships;
  private final List<Entrant> entrants;
  private final Results results;
  private final Judge judge;
  private final Map<String, About> about = new LinkedHashMap<>();
  private final Consumer<String> progress;

  /// @param folder for data and stores
  PeersBenchmark(
      PeersOptions options, List<Contestant> contestants, Path folder, Consumer<String> progress)
      throws Exception {
    this.options = options;
    this.progress = progress;
    progress.accept("data of scale " + options.scale());
    data = Generator.write(options.scale(), 1, folder.resolve("data"));
    oracle = new Oracle(data);
    relationships = oracle.relationships();
    entrants = new ArrayList<>();
    for (Contestant contestant : contestants) {
      Path store = folder.resolve(contestant.name());
      entrants.add(new Entrant(contestant, data.folder(), store, options.limit()));
    }
    results = new Results(contestants.stream().map(Contestant::name).toList());
    judge = new Judge(results);
  }

  Map<String, About> about() {
    return about;
  }

  /// How many relationships the data has.
  long relationships() {
    return relationships;
  }

  Results run() throws IOException {
    try {
      introduce();
      load();
      open();
      for (Workload workload : options.workloads()) {
        ask(workload);
      }
      memory();
      progress.accept("kills");
      new Survival(results, judge).run(entrants);
      return results;
    } finally {
      entrants.forEach(Entrant::close);
    }
  }

  private void introduce() throws IOException {
    for (Entrant entrant : entrants) {
      try {
        if (entrant.describe() instanceof Reply.Done done) {
          about.put(
              entrant.name(),
              new About(
                  done.answer(),
                  done.texts().getOrDefault("about", ""),
                  done.measures().getOrDefault("durable", 1.0) == 1,
                  done.measures().getOrDefault("database", 1.0) == 1));
        }
      } catch (PeerFailure e) {
        about.put(entrant.name(), new About("unknown", e.reason(), true, true));
      }
    }
  }

  private void load() throws IOException {
    String expected = oracle.nodes() + ":" + oracle.relationships();
    Set<Entrant> slow = new HashSet<>();
    for (int round = 0; round < options.loads(); round++) {
      for (Entrant entrant : inTurn(round)) {
        if (!hasStore(entrant) || slow.contains(entrant) && round >= FEW) {
          continue;
        }
        progress.accept("load, round " + (round + 1) + ", " + entrant.name());
        long start = System.nanoTime();
        load(entrant, round, expected);
        if (System.nanoTime() - start > SLOW_LOAD.toNanos()) {
          slow.add(entrant);
        }
      }
    }
  }

  private void load(Entrant entrant, int round, String expected) throws IOException {
    Row row = loadRow(isDurable(entrant));
    try {
      Reply reply = entrant.load();
      if (judge.keep(row, entrant.name(), round, expected, reply) instanceof Reply.Done done) {
        results.figure(Rows.BYTES, entrant.name(), round, entrant.bytes());
        judge.measure(Rows.LOAD_PEAK, entrant.name(), round, done, "peak");
        boolean compared = !entrants.stream().allMatch(this::isDurable);
        if (compared && entrant.name().equals(Contestant.QUARRY)) {
          judge.measure(Rows.LOAD_VOLATILE, entrant.name(), round, done, Trial.TIME);
        }
        return;
      }
    } catch (PeerFailure e) {
      results.failed(row, entrant.name(), e.reason());
    }
    results.forget(Rows.BYTES, entrant.name());
    results.forget(Rows.LOAD_PEAK, entrant.name());
  }

  private boolean isDurable(Entrant entrant) {
    About known = about.get(entrant.name());
    return known == null || known.durable();
  }

  private static Row loadRow(boolean durable) {
    return durable ? Rows.LOAD : Rows.LOAD_VOLATILE;
  }

  /// Whether no load of it failed.
  private boolean hasStore(Entrant entrant) {
    return results.cell(loadRow(isDurable(entrant)), entrant.name()).reason() == null;
  }

  private void open() {
    String expected = "" + oracle.lookUp(data.ids("open", 0, 1));
    ask(
        new Question(
            Rows.OPEN,
            "open",
            options.warmUp(),
            number -> "open",
            number -> expected,
            String::equals));
  }

  private void ask(Workload workload) {
    Map<Integer, String> expected = new HashMap<>();
    ask(
        new Question(
            Rows.of(workload),
            workload.key(),
            workload.writes()
                ? Duration.ZERO
                : options.warmUp(), // or the fastest had the largest graph
            number -> "run %s %d %d".formatted(workload.key(), number, options.repeat().toMillis()),
            number ->
                expected.computeIfAbsent(
                    workload.drawsInputs() ? number : 0, key -> answer(workload, key)),
            workload::agrees));
  }

  private String answer(Workload workload, int number) {
    try {
      return workload.answer(oracle, data, number);
    } catch (Exception e) {
      throw new IllegalStateException("the oracle failed at " + workload, e);
    }
  }

  private interface ByNumber {
    String at(int number);
  }

  /// What all are asked, by the number of the time, and whether an answer is the expected one.
  private record Question(
      Row row,
      String name,
      Duration warmUp,
      ByNumber request,
      ByNumber expected,
      BiPredicate<String, String> agrees) {}

  private void ask(Question question) {
    Set<Entrant> slow = new HashSet<>();
    for (Entrant entrant : entrants) {
      progress.accept(question.name() + ", warm-up, " + entrant.name());
      long spent = 0;
      for (int number = 0;
          number < LEAST_WARM_UP || spent < question.warmUp().toNanos();
          number++) {
        if (number == MOST_WARM_UP || isOut(question.row(), entrant) || slow.contains(entrant)) {
          break;
        }
        long nanos = ask(question, entrant, -1, number);
        spent += nanos;
        if (nanos > SLOW.toNanos()) {
          slow.add(entrant);
        }
      }
    }
    for (int round = 0; round < options.rounds(); round++) {
      progress.accept(question.name() + ", round " + (round + 1));
      for (Entrant entrant : inTurn(round)) {
        if (isOut(question.row(), entrant) || slow.contains(entrant) && round >= FEW) {
          continue;
        }
        if (ask(question, entrant, round, MOST_WARM_UP + round) > SLOW.toNanos()) {
          slow.add(entrant);
        }
      }
    }
  }

  /// Whether it has no store, or no way to do this, or failed at it.
  private boolean isOut(Row row, Entrant entrant) {
    return !hasStore(entrant) || results.cell(row, entrant.name()).reason() != null;
  }

  /// Asks once.
  ///
  /// @param round -1 if it does not count
  /// @return nanoseconds until the reply
  private long ask(Question question, Entrant entrant, int round, int number) {
    String expected = question.expected().at(number);
    long start = System.nanoTime();
    try {
      Reply reply = entrant.ask(question.request().at(number));
      judge.keep(question.row(), entrant.name(), round, expected, reply, question.agrees());
    } catch (PeerFailure e) {
      results.failed(question.row(), entrant.name(), e.reason());
    }
    return System.nanoTime() - start;
  }

  private void memory() {
    for (Entrant entrant : entrants) {
      if (!hasStore(entrant)) {
        continue;
      }
      try {
        if (entrant.ask("memory") instanceof Reply.Done done) {
          judge.measure(Rows.ANONYMOUS, entrant.name(), 0, done, "anon");
        }
      } catch (PeerFailure e) {
        results.failed(Rows.ANONYMOUS, entrant.name(), e.reason());
      }
    }
  }

  private List<Entrant> inTurn(int round) {
    List<Entrant> turned = new ArrayList<>(entrants);
    Collections.rotate(turned, round);
    return turned;
  }
}
