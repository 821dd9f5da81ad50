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
import java.util.function.Consumer;

/// Asks all contestants for the same, one after the other, round by round.
///
/// ```text
/// load       each in turn, in a new process, some rounds; the last store stays
/// workload   each in turn, two rounds that do not count, then those that do; reads, then writes
/// ```
///
/// Who comes first changes with the round. Of whoever takes longer than [#SLOW] for a round only
/// the first [#FEW] count, after one that does not. An answer is compared with the oracle's before
/// its time is kept; after a wrong one a contestant is not asked for that workload again.
final class PeersBenchmark {
  private static final Duration SLOW = Duration.ofSeconds(3);
  private static final Duration SLOW_LOAD = Duration.ofSeconds(20);
  private static final int FEW = 3;
  private static final int WARM_UP = 2;

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
      if (keep(row, entrant, round, expected, reply) instanceof Reply.Done done) {
        results.figure(Rows.BYTES, entrant.name(), round, entrant.bytes());
        measure(Rows.LOAD_PEAK, entrant, round, done, "peak");
        if (entrant
            .name()
            .equals(Contestant.QUARRY)) { // to compare those with that are not durable
          measure(Rows.LOAD_VOLATILE, entrant, round, done, Trial.TIME);
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
    rounds(Rows.OPEN, "open", round -> "open", round -> expected);
  }

  private void ask(Workload workload) {
    Map<Integer, String> expected = new HashMap<>();
    Row row = Rows.of(workload);
    rounds(
        row,
        workload.key(),
        round -> "run " + workload.key() + " " + round,
        round ->
            expected.computeIfAbsent(
                round,
                key -> {
                  try {
                    return workload.answer(oracle, data, key);
                  } catch (Exception e) {
                    throw new IllegalStateException("the oracle failed at " + workload, e);
                  }
                }));
  }

  private interface ByRound {
    String at(int round);
  }

  private void rounds(Row row, String what, ByRound request, ByRound expected) {
    Set<Entrant> slow = new HashSet<>();
    for (int round = -WARM_UP; round < options.rounds(); round++) {
      for (Entrant entrant : inTurn(round + WARM_UP)) {
        boolean enough = slow.contains(entrant) && (round == -1 || round >= FEW);
        boolean out = results.cell(row, entrant.name()).reason() != null;
        if (!hasStore(entrant) || out || enough) {
          continue;
        }
        progress.accept(what + ", round " + (round + 1) + ", " + entrant.name());
        long start = System.nanoTime();
        try {
          int number = round + WARM_UP;
          keep(row, entrant, round, expected.at(number), entrant.ask(request.at(number)));
        } catch (PeerFailure e) {
          results.failed(row, entrant.name(), e.reason());
        }
        if (System.nanoTime() - start > SLOW.toNanos()) {
          slow.add(entrant);
        }
      }
    }
  }

  /// Compares the answer, then keeps the figures.
  private Reply keep(Row row, Entrant entrant, int round, String expected, Reply reply) {
    switch (reply) {
      case Reply.Failed(String message) -> results.failed(row, entrant.name(), message);
      case Reply.Absent(String reason) -> results.absent(row, entrant.name(), reason);
      case Reply.Done done -> {
        if (!done.answer().equals(expected)) {
          String wrong = "wrong answer: " + done.answer() + ", expected " + expected;
          results.failed(row, entrant.name(), wrong);
          return new Reply.Failed(wrong);
        }
        if (round >= 0) {
          done.measures()
              .forEach(
                  (name, value) -> {
                    if (!Rows.isMemory(name)) {
                      results.figure(Rows.of(row, name), entrant.name(), round, value);
                    }
                  });
        }
      }
    }
    return reply;
  }

  private void memory() {
    for (Entrant entrant : entrants) {
      if (!hasStore(entrant)) {
        continue;
      }
      try {
        if (entrant.ask("memory") instanceof Reply.Done done) {
          measure(Rows.ANONYMOUS, entrant, 0, done, "anon");
        }
      } catch (PeerFailure e) {
        results.failed(Rows.ANONYMOUS, entrant.name(), e.reason());
      }
    }
  }

  private void measure(Row row, Entrant entrant, int round, Reply.Done done, String name) {
    Double figure = done.measures().get(name);
    if (figure != null) {
      results.figure(row, entrant.name(), round, figure);
    }
  }

  private List<Entrant> inTurn(int round) {
    List<Entrant> turned = new ArrayList<>(entrants);
    Collections.rotate(turned, round);
    return turned;
  }
}
