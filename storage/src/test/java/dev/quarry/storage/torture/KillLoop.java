package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// R1: a process that commits is killed at any moment; every commit that it acknowledged is there,
/// nothing that it never began, and the store goes on from there. Some are killed while they open
/// and recover the store, checkpoint it, or write large transactions.
///
/// A case: `seed:cycle`; it runs all cycles of a store up to that one.
public final class KillLoop implements Suite {
  private static final int MOST_DELAY_MILLIS = 60;
  private static final int CYCLES_OF_A_STORE = 50;

  // The next child starts while this one is judged.
  private @Nullable Child spare;

  @Override
  public String name() {
    return "R1";
  }

  @Override
  public String promise() {
    return "what was acknowledged survives the death of the process, wherever it dies";
  }

  @Override
  public void run(Run run) {
    for (long store = 0; run.more(); store++) {
      chain(run, run.seed() + store, CYCLES_OF_A_STORE);
    }
    if (spare != null) {
      spare.close();
      spare = null;
    }
  }

  /// Kills of one store after the other.
  private void chain(Run run, long seed, int cycles) {
    try (TemporaryFolder folder = TemporaryFolder.make()) {
      Killed killed = new Killed(folder.path().resolve("k.quarry"));
      for (int cycle = 0; cycle < cycles && run.more(); cycle++) {
        Random random = new Random(Memory.mix(seed * 1_000_003 + cycle));
        String name = seed + ":" + cycle;
        run.check(name, name, () -> cycle(run, killed, random));
      }
    }
  }

  /// What is known of a store.
  private static final class Killed {
    final Path path;
    long acknowledged;
    long begun;

    Killed(Path path) {
      this.path = path;
    }
  }

  private void cycle(Run run, Killed killed, Random random) {
    kill(run, killed, random, "commit checkpoint large threads".split(" ")[random.nextInt(4)]);
    for (int again = random.nextInt(3); again > 0; again--) {
      kill(run, killed, random, "open");
    }
    try (Store store = CountedPages.open(killed.path)) {
      long found = CountedPages.verify(store);
      if (found < killed.acknowledged) {
        throw new Violation(
            "%d commits were acknowledged, %d are there".formatted(killed.acknowledged, found));
      }
      if (found > killed.begun) {
        throw new Violation("%d commits were begun, %d are there".formatted(killed.begun, found));
      }
      run.count("commits there that were not acknowledged", found - killed.acknowledged);
      killed.acknowledged = found;
      killed.begun = found;
      store.commit(CountedPages.begin(store, false).tx());
      killed.acknowledged++;
      killed.begun++;
    }
  }

  /// One child: it is killed some time after its first acknowledgement, or after its start.
  private void kill(Run run, Killed killed, Random random, String work) {
    boolean opening = work.equals("open");
    int most = MOST_DELAY_MILLIS * (opening ? 4 : 1); // an opening takes longer than that
    long nanos = random.nextInt(most * 1000) * 1000L;
    long acknowledged = killed.acknowledged;
    try (Child child = child()) {
      child.order(killed.path + "\t" + work);
      spare = Child.start(List.of(), KilledChild.class);
      if (!opening || random.nextBoolean()) {
        note(killed, child.answer());
      }
      pause(nanos);
      child.kill();
      for (String line = child.answer(); line != null; line = child.answer()) {
        note(killed, line);
      }
      child.await();
    }
    run.count("kills while it " + (opening ? "opens" : "writes: " + work), 1);
    run.count("acknowledgements", killed.acknowledged - acknowledged);
  }

  private Child child() {
    Child next = spare == null ? Child.start(List.of(), KilledChild.class) : spare;
    spare = null;
    return next;
  }

  private static void pause(long nanos) {
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      LockSupport.parkNanos(50_000);
    }
  }

  /// `o` says that the store is open, `b 7` that commit 7 was begun, `a 7` that it was
  /// acknowledged.
  private static void note(Killed killed, @Nullable String line) {
    if (line != null && line.matches("[ab] \\d+")) { // the last line may be cut
      long number = Long.parseLong(line.substring(2));
      if (line.charAt(0) == 'a') {
        killed.acknowledged = Math.max(killed.acknowledged, number);
      }
      killed.begun = Math.max(killed.begun, number);
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 2);
    int cycles = text.part(1, Integer::parseInt) + 1;
    long seed = text.part(0, Long::parseLong);
    Run run = new Run(this, seed, cycles, Long.MAX_VALUE, all -> {});
    chain(run, run.seed(), cycles);
    run.ensureNone();
  }
}
