package dev.quarry.storage.torture;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.SnapshotExpiredException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.storage.Store;
import dev.quarry.storage.lease.ReadLease;
import dev.quarry.storage.lease.ReadLeases;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.simulation.CountedClock;
import dev.quarry.storage.simulation.SimSched;
import dev.quarry.storage.torture.ListHistory.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What threads do to one open store of lists under a schedule, and what they observe.
///
/// *Callers* begin to write, read and append, and commit or roll back; *readers* open snapshots and
/// read at several moments, some under a lease; *others* write checkpoints, compact, verify the
/// file, compare the ledger, and end readers whose lease is over. All of them together take a
/// number of steps, which are also the time of leases.
final class ScheduledStore {
  private static final int PADDING = 270_000; // more than the first segment of a log
  private static final int[] PAUSES = {0, 2, 6, 12};
  private static final int LONG_WAIT = 200;
  private static final int LARGE_PAGES = 20;
  private static final int LEASED = 2;
  private static final int LONGEST_LEASE = 40;
  private static final int BETWEEN_LOOKS = 12;

  /// How a run differs from others.
  ///
  /// @param callers threads that write
  /// @param readers threads that read
  /// @param pause at most so many steps lie between two checkpoints; 0 for none
  /// @param longest a reader takes at most so many steps
  /// @param pads whether some commits fill segments of the log
  /// @param fills whether some commits are so large that checkpoints become due
  /// @param spills whether some transactions outgrow their memory
  /// @param leases whether some readers have a lease
  /// @param closes whether the store is closed while others use it
  record Shape(
      int callers,
      int readers,
      int pause,
      int longest,
      boolean pads,
      boolean fills,
      boolean spills,
      boolean leases,
      boolean closes) {
    static Shape draw(SplittableRandom random) {
      boolean pads = random.nextInt(5) == 0;
      return new Shape(
          1 + random.nextInt(4),
          1 + random.nextInt(4),
          PAUSES[pads ? 1 : random.nextInt(PAUSES.length)],
          random.nextInt(3) == 0 ? 40 : 7,
          pads,
          random.nextInt(16) == 0,
          random.nextInt(16) == 0,
          random.nextInt(3) == 0,
          random.nextInt(4) == 0);
    }
  }

  private final Store store;
  private final ListHistory history;
  private final SimSched sched;
  private final Shape shape;
  private final SplittableRandom random;
  private final ReadLeases leases = new ReadLeases(new CountedClock(() -> this.time));
  private long time; // in steps
  private final List<ReadLease> leased = new ArrayList<>();
  private int steps;
  private int padded;
  private boolean checkpointing;
  private boolean closed;

  ScheduledStore(
      Store store, ListHistory history, SimSched sched, SplittableRandom random, int steps) {
    this.store = store;
    this.history = history;
    this.sched = sched;
    this.random = random;
    this.steps = steps;
    this.shape = Shape.draw(random);
  }

  /// Runs all of them to their end.
  ///
  /// @return whether the store is closed
  boolean run() {
    try (Snapshot snapshot = store.beginRead()) {
      ListPages.touchAbsent(snapshot); // whoever is the first to do so takes a lock
    }
    for (int i = 0; i < shape.callers; i++) {
      add("caller " + i, false, this::call);
    }
    for (int i = 0; i < shape.readers; i++) {
      add("reader " + i, true, this::read);
    }
    if (shape.pause > 0) {
      add("checkpoints", false, this::checkpoint);
    }
    if (shape.leases) {
      for (int i = 0; i < LEASED; i++) { // they wait for who ends them
        add("leased reader " + i, false, this::readUnderLease);
      }
      add("leases", false, this::endLeases);
    }
    if (shape.closes) {
      add("closer", false, this::close);
    }
    sched.run();
    return closed;
  }

  private interface Work {
    void run(String name, SplittableRandom own);
  }

  private void add(String name, boolean reader, Work work) {
    SplittableRandom own = random.split();
    sched.add(
        name,
        reader,
        () -> {
          try {
            while (more() && !closed) {
              work.run(name, own);
            }
          } catch (StoreClosedException e) {
            if (!shape.closes) {
              throw e;
            }
          }
        });
  }

  private boolean more() {
    return steps > 0 && !history.stopped();
  }

  private void step() {
    steps--;
    time++;
    sched.point(Point.STEP);
  }

  // Callers.

  private void call(String name, SplittableRandom own) {
    step();
    if (own.nextInt(16) == 0) {
      store.checkpoint();
    }
    boolean bulk = shape.spills && own.nextInt(4) == 0 || own.nextInt(16) == 0;
    Transaction noted = history.begin(name);
    try {
      PageTransaction tx = bulk ? store.beginBulk() : store.beginWrite();
      if (!bulk && own.nextInt(12) == 0) {
        changeOrRollBack(tx, noted, own, false);
        tx = store.restart(tx);
        noted.aborted();
        noted = history.begin(name);
      }
      write(tx, noted, own, bulk);
    } catch (MemoryBudgetException e) {
      if (!shape.pads && !shape.fills) {
        throw e;
      }
      noted.aborted();
    }
  }

  private void changeOrRollBack(
      PageTransaction tx, Transaction noted, SplittableRandom own, boolean bulk) {
    boolean over = false;
    try {
      change(tx, noted, own, bulk);
      over = true;
    } finally {
      if (!over) {
        store.rollback(tx);
      }
    }
  }

  private void write(PageTransaction tx, Transaction noted, SplittableRandom own, boolean bulk) {
    changeOrRollBack(tx, noted, own, bulk);
    if (own.nextInt(6) == 0) {
      store.rollback(tx);
      noted.aborted();
    } else {
      noted.tries();
      store.commit(tx);
      noted.committed(history.tick());
    }
  }

  private void change(PageTransaction tx, Transaction noted, SplittableRandom own, boolean bulk) {
    int moved = -1;
    for (int i = own.nextInt(4); i >= 0; i--) {
      int key = ListPages.any(own);
      if (own.nextInt(3) == 0) {
        noted.read(key, note(ListPages.read(tx, key)));
      } else if (own.nextInt(3) == 0 && moved < 0) {
        moved = key;
        ListPages.move(store, tx, key);
      } else {
        long value = history.tick();
        ListPages.append(store, tx, key, value);
        noted.append(key, value);
      }
      step();
    }
    if (shape.pads && !bulk && own.nextInt(6) < (checkpointing ? 5 : 3)) {
      ListPages.pad(store, tx, PADDING << padded);
      padded = 1;
    }
    if (shape.fills && !bulk && own.nextInt(3) == 0) {
      ListPages.fill(store, tx, history.tick());
    }
    if (shape.spills && bulk) {
      spill(tx);
    }
  }

  /// Makes a space that is so large that it is spilled, and drops it again.
  private void spill(PageTransaction tx) {
    int space = tx.createSpace(16);
    for (int page = 0; page < LARGE_PAGES; page++) {
      Memory.putLong(tx.writable(space, page), page);
      tx.spillPoint();
    }
    step();
    for (int page = 0; page < LARGE_PAGES; page++) {
      if (Memory.getLong(tx.table(space).address(page)) != page) {
        throw new Violation("page " + page + " of what was spilled holds something else");
      }
    }
    tx.dropSpace(space);
  }

  // Readers.

  /// Reads at several moments. A snapshot that was closed may be closed again; one that was left is
  /// that of a later reader.
  private void read(String name, SplittableRandom own) {
    step();
    Transaction noted = history.beginRead(name);
    Snapshot first = store.beginReadAgain();
    read(first, noted, own, first::close);
    if (own.nextInt(4) == 0) {
      Transaction again = history.beginRead(name);
      Snapshot second = store.beginReadAgain();
      first.close();
      read(second, again, own, () -> second.leave(this));
    }
  }

  private void read(Snapshot snapshot, Transaction noted, SplittableRandom own, Runnable ending) {
    try {
      if (own.nextInt(4) == 0) {
        stay(snapshot, own);
      }
      for (int i = own.nextInt(shape.longest); i >= 0 && more(); i--) {
        int key = ListPages.any(own);
        ListPages.Place place = ListPages.place(snapshot, key);
        step();
        noted.read(key, note(place.values()));
        if (own.nextBoolean()) {
          ListPages.ensureCold(snapshot, own.nextInt(ListPages.COLD_PAGES));
        }
        if (shape.fills) {
          sched.note(ListPages.filled(snapshot));
        }
      }
    } finally {
      noted.committed(history.tick());
      ending.run();
    }
  }

  /// Reads by calls, between which it may be ended once its lease is over, and not before.
  private void readUnderLease(String name, SplittableRandom own) {
    step();
    int longest = 1 + own.nextInt(LONGEST_LEASE);
    Transaction noted = history.beginRead(name);
    Snapshot snapshot = store.beginRead();
    long begun = time;
    ReadLease lease = leases.newLease(Duration.ofNanos(longest), snapshot.pin(), snapshot::close);
    leased.add(lease);
    try {
      for (int i = own.nextInt(shape.longest); i >= 0 && more(); i--) {
        lease.run(() -> readSlowly(snapshot, noted, own));
        step();
      }
    } catch (SnapshotExpiredException e) {
      if (time - begun < longest) {
        throw new Violation("a reader expired before its lease was over");
      }
    } finally {
      noted.committed(history.tick());
      leased.remove(lease);
      if (lease.mayEnter()) {
        snapshot.close();
        lease.closed();
        lease.exit();
      }
    }
  }

  /// A list, with a long time between the two halves of one call.
  private void readSlowly(Snapshot snapshot, Transaction noted, SplittableRandom own) {
    int key = ListPages.any(own);
    ListPages.Place place = ListPages.place(snapshot, key);
    step();
    for (int i = own.nextInt(LONG_WAIT); i >= 0 && more(); i--) {
      sched.point(Point.STEP);
    }
    noted.read(key, note(place.values()));
  }

  private void endLeases(String name, SplittableRandom own) {
    for (int i = own.nextInt(BETWEEN_LOOKS); i >= 0 && more(); i--) {
      sched.point(Point.STEP);
    }
    List.copyOf(leased).forEach(ReadLease::endIfOver);
  }

  /// Does nothing for long, and then looks at what it has not looked at before.
  private void stay(Snapshot snapshot, SplittableRandom own) {
    for (int i = own.nextInt(LONG_WAIT); i >= 0 && more(); i--) {
      sched.point(Point.STEP);
    }
    for (int i = own.nextInt(2); i < ListPages.COLD_PAGES; i += 2) {
      ListPages.ensureCold(snapshot, i);
    }
  }

  private long[] note(long[] list) {
    sched.note(list.length == 0 ? 0 : list[list.length - 1]);
    return list;
  }

  // Others.

  private void checkpoint(String name, SplittableRandom own) {
    for (int i = own.nextInt(shape.pause); i >= 0; i--) {
      step();
    }
    switch (own.nextInt(6)) {
      case 0, 1 -> verify();
      case 2 -> compact(own);
      default -> {
        checkpointing = true;
        store.checkpoint();
        checkpointing = false;
      }
    }
  }

  /// Changes where things lie, and nothing that they say.
  private void compact(SplittableRandom own) {
    try {
      for (int i = own.nextInt(4); i >= 0 && more(); i--) {
        int key = ListPages.any(own);
        boolean moves = own.nextBoolean();
        store.rearrange(tx -> ListPages.rearrange(tx, key, moves));
        step();
      }
      if (own.nextInt(4) == 0) {
        store.shrink(Runnable::run, () -> !more(), bytes -> step());
      }
    } catch (MemoryBudgetException e) {
      if (!shape.pads && !shape.fills) {
        throw e;
      }
    }
  }

  private void verify() {
    List<String> problems = new ArrayList<>();
    store.verifyLedger(problems::add);
    problems.addAll(ScheduledCase.check(store));
    if (!problems.isEmpty()) {
      throw new Violation("while others go on: " + problems);
    }
  }

  private void close(String name, SplittableRandom own) {
    for (int i = 20 + own.nextInt(60); i >= 0 && more(); i--) {
      sched.point(Point.STEP);
    }
    if (more()) {
      store.close();
      closed = true;
    }
  }
}
