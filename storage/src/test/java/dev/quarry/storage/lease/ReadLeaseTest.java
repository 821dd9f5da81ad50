package dev.quarry.storage.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.SnapshotExpiredException;
import dev.quarry.storage.page.Pin;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.simulation.CountedClock;
import dev.quarry.storage.simulation.SimSched;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// One reader and two who look whether its lease is over, under every schedule that a seed can
/// make.
class ReadLeaseTest {
  private static final int SEEDS = 3000;
  private static final int LEASE = 20;

  /// One schedule.
  private static final class Case {
    private final SimSched sched;
    private final ReadLease lease;
    private boolean inside;
    private boolean told;
    private int endings;
    private boolean ended;

    Case(long seed) {
      sched = new SimSched(seed);
      ReadLeases leases = new ReadLeases(new CountedClock(sched::points));
      lease = leases.newLease(Duration.ofNanos(LEASE), new Pin(0, 1), this::end);
    }

    /// Takes some time.
    private void end() {
      assertFalse(inside, "ended under a call");
      endings++;
      sched.point(Point.UNPIN);
      assertFalse(inside, "a call has begun while it was ended");
      ended = true;
    }

    private void read() {
      while (!told) {
        try {
          lease.enter();
        } catch (SnapshotExpiredException e) {
          assertTrue(sched.points() >= LEASE, "told before the lease was over");
          assertTrue(ended, "told before all was given back");
          told = true;
          return;
        }
        inside = true;
        sched.point(Point.STEP);
        sched.point(Point.STEP);
        inside = false;
        lease.exit();
        sched.point(Point.STEP);
      }
    }

    private void look() {
      while (!told) {
        sched.point(Point.STEP);
        lease.endIfOver();
      }
    }

    void run() {
      sched.add("reader", false, this::read);
      sched.add("first", false, this::look);
      sched.add("second", false, this::look);
      sched.run();
      assertEquals(1, endings);
      assertThrows(SnapshotExpiredException.class, lease::enter);
    }
  }

  @Test
  void inEveryScheduleAReaderIsEndedOnceBehindItsLeaseAndUnderNoCall() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        new Case(seed).run();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private long now;
  private int endings;

  private ReadLease lease(Runnable ending) {
    return new ReadLeases(new CountedClock(() -> now))
        .newLease(Duration.ofNanos(LEASE), new Pin(0, 1), ending);
  }

  @Test
  void aReaderStaysInACallUntilTheOutermostOneIsOver() {
    ReadLease lease = lease(() -> endings++);
    lease.enter();
    lease.enter();
    lease.exit();
    now = LEASE;
    lease.endIfOver();
    lease.enter();
    lease.exit();
    lease.endIfOver();
    assertEquals(0, endings);
    lease.exit();
    lease.endIfOver();
    lease.endIfOver();
    assertEquals(1, endings);
    assertThrows(SnapshotExpiredException.class, lease::enter);
  }

  @Test
  void whatFailsWhileAReaderIsEndedIsToldOnceAndTheReaderIsOver() {
    RuntimeException failure = new IllegalStateException("planned");
    ReadLease lease =
        lease(
            () -> {
              throw failure;
            });
    now = LEASE;
    assertEquals(failure, assertThrows(IllegalStateException.class, lease::endIfOver));
    lease.endIfOver();
    assertThrows(SnapshotExpiredException.class, lease::enter);
  }
}
