package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.memory.LiveRanges;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.CountedClock;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.simulation.SimSched;
import dev.quarry.storage.torture.ListHistory.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One seed: the lives of one store under schedules, each of which ends with a close or with a loss
/// of power in the middle of it; and the judgement of all that was observed.
final class ScheduledCase {
  private static final int STEPS = 200;
  private static final int MOST_LIVES = 3;
  private static final int OTHER_LOSSES = 3;
  private static final int POINTS_PER_STEP = 5; // about
  private static final long HEADROOM = 1 << 16;
  private static final int MOST_COMMITS = 300;
  private static final Clock STANDING = new CountedClock(() -> 0); // a recovery measures its time
  private static final Duration SHORT_REPLAY = Duration.ofNanos(20_000); // some commits

  private final long seed;
  private final SplittableRandom random;
  private final Duration replayTime;
  private ListHistory history = new ListHistory();
  private SimDisk disk = new SimDisk();
  private long trace;
  private long points;
  private long switches;
  private int losses;

  private ScheduledCase(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.replayTime = random.nextInt(4) == 0 ? SHORT_REPLAY : StoreOptions.USUAL_REPLAY;
  }

  /// What came of a seed.
  ///
  /// @param trace the same for the same schedule
  /// @param points that were passed
  /// @param switches how often another thread went on
  /// @param transactions that were observed
  /// @param losses how often the power was lost
  record Outcome(long trace, long points, long switches, int transactions, int losses) {}

  /// Runs a seed.
  ///
  /// @throws Violation if a promise is broken
  static Outcome run(long seed) {
    return new ScheduledCase(seed).run();
  }

  private Outcome run() {
    int ranges = LiveRanges.count();
    if (random.nextInt(8) == 0) {
      inMemory();
    } else {
      int lives = 1 + random.nextInt(MOST_LIVES);
      for (int life = 0; life < lives; life++) {
        live(STEPS / lives);
      }
    }
    judge(history);
    if (LiveRanges.count() != ranges) {
      throw new Violation(LiveRanges.count() - ranges + " native ranges are live at the end");
    }
    return new Outcome(trace, points, switches, history.transactions().size(), losses);
  }

  private void inMemory() {
    Store store = Store.inMemory(options());
    create(store);
    boolean closed = schedule(store, STEPS, null, () -> {});
    if (!closed) {
      readAll(store, history);
      ensureNothingRetired(store);
      store.close();
    }
    ensureNothingHeld(store);
  }

  /// Opens the store, runs a schedule over it, and ends it.
  private void live(int steps) {
    Store store = Store.open(Subject.PATH, options(), ListPages::replay);
    if (history.transactions().isEmpty()) {
      create(store);
    } else {
      readAll(store, history);
    }
    Loss[] lost = {null};
    boolean ends = random.nextInt(5) < 3;
    List<Loss> others = new ArrayList<>();
    boolean closed =
        schedule(store, steps, ends ? () -> lost[0] = losePower() : null, () -> note(others));
    if (!closed && lost[0] == null) {
      readAll(store, history);
    }
    if (!closed) {
      ensureNothingRetired(store);
      ensureSound(store);
      store.close();
    }
    ensureNothingHeld(store);
    others.forEach(this::ensureRecovers);
    if (lost[0] != null) {
      ensureRecovers(lost[0]);
      history.goOn();
      disk = lost[0].point.image(selection(lost[0].point), seed);
    }
    ensureReopens(disk.copy(), history);
  }

  /// A moment in which the power is lost.
  private record Loss(CrashPoint point, ListHistory history) {}

  private Loss losePower() {
    Loss loss = new Loss(disk.point(), history.ifStopped());
    history.stop();
    return loss;
  }

  /// Looks at what a loss would leave, and goes on without one.
  private void note(List<Loss> losses) {
    if (!history.stopped()) {
      losses.add(new Loss(disk.point(), history.ifStopped()));
    }
  }

  /// Whatever a loss has left: all that was acknowledged is there, and it is a state that the
  /// history allows.
  private void ensureRecovers(Loss loss) {
    losses++;
    ensureReopens(loss.point.image(selection(loss.point), seed), loss.history);
  }

  /// What a loss takes: all that is not durable, none of it, or some, perhaps with a torn sector.
  private Selection selection(CrashPoint point) {
    int kind = random.nextInt(4);
    BitSet lost = new BitSet();
    for (int i = 0; i < point.size(); i++) {
      lost.set(i, kind == 0 || kind > 1 && random.nextBoolean());
    }
    boolean tears = kind == 3 && point.size() > 0;
    return new Selection(lost, tears ? random.nextInt(point.size()) : -1);
  }

  /// @param loss ends the run in the middle of it, if there is one
  /// @param note is called at some other moments
  /// @return whether the store was closed
  private boolean schedule(Store store, int steps, @Nullable Runnable loss, Runnable note) {
    SimSched sched = new SimSched(random.nextLong());
    SplittableRandom own = random.split();
    for (int i = 0; i < OTHER_LOSSES; i++) {
      sched.at(own.nextInt(steps * POINTS_PER_STEP), note);
    }
    if (loss != null) {
      sched.at(own.nextInt(steps * POINTS_PER_STEP), loss);
    }
    boolean closed = new ScheduledStore(store, history, sched, own, steps).run();
    points += sched.points();
    switches += sched.switches();
    trace = trace * 31 + sched.trace();
    return closed;
  }

  /// Opens a store on a disk, reads and checks all of it, commits, closes it, and judges the
  /// history so far.
  private static void ensureReopens(SimDisk disk, ListHistory history) {
    Store store = Store.open(Subject.PATH, options(disk), ListPages::replay);
    readAll(store, history);
    ensureNothingRetired(store);
    ensureSound(store); // by now both meta blocks were written anew
    store.close();
    ensureNothingHeld(store);
    if (!disk.paths().equals(List.of(Subject.PATH)) || !disk.held().isEmpty()) {
      throw new Violation("after a clean close: " + disk.paths() + disk.held());
    }
    judge(history);
  }

  private static void create(Store store) {
    PageTransaction tx = store.beginWrite();
    ListPages.create(store, tx);
    store.commit(tx);
  }

  private static void readAll(Store store, ListHistory history) {
    Transaction noted = history.beginRead("reader of all");
    try (Snapshot snapshot = store.beginRead()) {
      for (int key = 0; key < ListPages.KEYS; key++) {
        noted.read(key, ListPages.read(snapshot, key));
      }
    }
    noted.committed(history.tick());
  }

  private static void judge(ListHistory history) {
    List<ListCheck.Finding> findings = ListCheck.of(history);
    if (!findings.isEmpty()) {
      throw new Violation(findings + " in\n" + history);
    }
  }

  // The end of a store.

  /// With no pin left, all that was replaced comes back with the next writers, but for what the
  /// last of them has replaced.
  private static void ensureNothingRetired(Store store) {
    if (store.statistics().readers() != 0) {
      throw new Violation(store.statistics().readers() + " pins are left");
    }
    int commits = 0;
    do {
      PageTransaction tx = store.beginWrite();
      Memory.putLong(tx.writable(0, ListPages.SPARE_PAGE), commits);
      store.commit(tx);
    } while (++commits < MOST_COMMITS && store.statistics().retiredBytes() > 4096);
    store.checkpoint();
    long left = store.statistics().retiredBytes();
    if (left > (store.inMemory() ? 4096 : 0)) {
      throw new Violation(left + " bytes of frames were retired and never came back");
    }
  }

  private static void ensureSound(Store store) {
    List<String> problems = check(store);
    store.verifyLedger(problems::add);
    if (!problems.isEmpty()) {
      throw new Violation("check: " + problems);
    }
  }

  private static void ensureNothingHeld(Store store) {
    if (store.budget().used() != 0) {
      throw new Violation("after the store was closed, it holds " + store.budget().used());
    }
  }

  /// What `check` has to say about the file of a store.
  static List<String> check(Store store) {
    List<String> problems = new ArrayList<>();
    store.verifyFile(problems::add);
    return problems;
  }

  private StoreOptions options() {
    return options(disk).withReplayTime(replayTime);
  }

  private static StoreOptions options(SimDisk disk) {
    return StoreOptions.defaults()
        .withMemory(StoreOptions.LEAST_MEMORY)
        .withNativeMemory(NativeSource.FOREIGN)
        .withHeadroom(HEADROOM)
        .withClock(STANDING)
        .withDisk(disk);
  }
}
