package dev.quarry.storage.torture;

import dev.quarry.error.ErrorCode;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// R12: of two processes that open a store for writing at the same moment exactly one succeeds, and
/// the other is told that it is held. A holder that is killed does not stand in the way.
///
/// A case: `seed:race`; it runs all races up to that one.
public final class Races implements Suite {
  private static final int MOST_SKEW_NANOS = 200_000;
  private static final int LEAD_NANOS = 400_000;
  private static final int KILLED_EVERY = 25;

  @Override
  public String name() {
    return "R12";
  }

  @Override
  public String promise() {
    return "of two processes that open a store for writing exactly one succeeds";
  }

  @Override
  public void run(Run run) {
    try (TemporaryFolder folder = TemporaryFolder.make()) {
      Race race = new Race(folder.path().resolve("r.quarry"));
      try {
        for (int number = 0; run.more(); number++) {
          Random random = new Random(Memory.mix(run.seed() * 1_000_003 + number));
          boolean kills = number % KILLED_EVERY == KILLED_EVERY - 1;
          String name = run.seed() + ":" + number;
          run.check(name, name, () -> race.run(run, random, kills));
        }
      } finally {
        race.close();
      }
      run.check(run.seed() + ":end", null, race::ensureAllCommitsAreThere);
    }
  }

  /// Two processes at one store.
  private static final class Race {
    private final Path path;
    private final Child[] racers = {start(), start()};
    private long wins;

    Race(Path path) {
      this.path = path;
    }

    private static Child start() {
      return Child.start(List.of(), RacingChild.class);
    }

    void run(Run run, Random random, boolean kills) {
      long at = System.nanoTime() + LEAD_NANOS;
      for (Child racer : racers) {
        racer.order("open\t" + path + "\t" + (at + random.nextInt(MOST_SKEW_NANOS)));
      }
      int winner = -1;
      for (int i = 0; i < 2; i++) {
        String answer = String.valueOf(racers[i].answer());
        if (answer.equals("won")) {
          if (winner >= 0) {
            throw new Violation("both have opened the store");
          }
          winner = i;
        } else if (!answer.equals("lost " + ErrorCode.STORE_LOCKED)) {
          throw new Violation("a process that does not get the store says: " + answer);
        }
      }
      if (winner < 0) {
        throw new Violation("nobody has opened the store");
      }
      wins++;
      run.count("won by process " + winner, 1);
      end(run, winner, kills);
    }

    private void end(Run run, int winner, boolean kills) {
      if (kills) {
        racers[winner].close();
        racers[winner] = start();
        run.count("holders killed", 1);
        return;
      }
      racers[winner].order("close");
      String answer = String.valueOf(racers[winner].answer());
      if (!answer.equals("closed")) {
        throw new Violation("the winner cannot close: " + answer);
      }
    }

    void close() {
      for (Child racer : racers) {
        racer.close();
      }
    }

    /// Each winner commits once.
    void ensureAllCommitsAreThere() {
      try (Store store = CountedPages.open(path)) {
        long found = CountedPages.verify(store);
        if (found != wins) {
          throw new Violation(wins + " races were won, " + found + " commits are there");
        }
      }
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 2);
    long seed = text.part(0, Long::parseLong);
    long races = text.part(1, last -> last.equals("end") ? 1000 : Long.parseLong(last) + 1);
    Run run = new Run(this, seed, races, Long.MAX_VALUE, all -> {}).go();
    run.ensureNone();
  }
}
