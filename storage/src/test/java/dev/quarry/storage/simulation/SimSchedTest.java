package dev.quarry.storage.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// One thread at a time, in an order that follows from the seed; who is never woken is told.
class SimSchedTest {
  private static final int TASKS = 4;
  private static final int POINTS = 30;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /// Runs tasks that note when they run.
  private static List<Integer> order(SimSched sched) {
    List<Integer> order = new ArrayList<>();
    for (int task = 0; task < TASKS; task++) {
      int number = task;
      sched.add(
          "task " + task,
          false,
          () -> {
            for (int i = 0; i < POINTS; i++) {
              order.add(number);
              Sched.point(Point.STEP);
            }
          });
    }
    sched.run();
    return order;
  }

  @Test
  void aSeedGivesTheSameOrderAgainAndAnotherSeedAnotherOne() {
    Set<List<Integer>> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      SimSched one = new SimSched(seed + i);
      SimSched two = new SimSched(seed + i);
      List<Integer> order = order(one);
      assertEquals(TASKS * POINTS, order.size());
      assertEquals(order, order(two), "seed " + seed);
      assertEquals(one.trace(), two.trace());
      orders.add(order);
    }
    assertTrue(orders.size() > 90, orders.size() + " different orders, seed " + seed);
  }

  @Test
  void aSeedGivesTheSameIdsToThreadsThoughTheProcessGoesOn() {
    assertEquals(ids(seed), ids(seed), "seed " + seed);
  }

  private static List<Long> ids(long seed) {
    List<Long> ids = new ArrayList<>();
    SimSched sched = new SimSched(seed);
    for (int task = 0; task < TASKS; task++) {
      sched.add("task " + task, false, () -> ids.add(Sched.threadId()));
    }
    sched.run();
    return ids;
  }

  @Test
  void nobodyComesInBetweenTwoPoints() {
    SimSched sched = new SimSched(seed);
    AtomicInteger inside = new AtomicInteger();
    for (int task = 0; task < TASKS; task++) {
      sched.add(
          "task " + task,
          false,
          () -> {
            for (int i = 0; i < POINTS; i++) {
              assertEquals(1, inside.incrementAndGet());
              Thread.yield();
              inside.decrementAndGet();
              Sched.point(Point.STEP);
            }
          });
    }
    sched.run();
  }

  /// A queue of one place: put and taken by threads that wait for each other.
  private static final class Place {
    private final boolean forgets;
    private int filled;

    Place(boolean forgets) {
      this.forgets = forgets;
    }

    private synchronized void change(int from, int to) {
      while (filled != from) {
        try {
          Sched.await(this);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
      filled = to;
      if (!forgets) {
        Sched.signalAll(this);
      }
    }
  }

  private void passOn(Place place) {
    SimSched sched = new SimSched(seed);
    sched.add("puts", false, () -> repeat(() -> place.change(0, 1)));
    sched.add("takes", false, () -> repeat(() -> place.change(1, 0)));
    sched.run();
  }

  private static void repeat(Runnable step) {
    for (int i = 0; i < POINTS; i++) {
      step.run();
      Sched.point(Point.STEP);
    }
  }

  @Test
  void threadsThatWaitInAMonitorGoOnWhenTheyAreWoken() {
    passOn(new Place(false));
  }

  @Test
  void aWakeUpThatIsForgottenIsTold() {
    AssertionError error = assertThrows(AssertionError.class, () -> passOn(new Place(true)));
    assertTrue(String.valueOf(error.getMessage()).startsWith("all wait"), error.getMessage());
  }

  @Test
  void aPermitThatComesBeforeTheParkEndsIt() {
    SimSched sched = new SimSched(seed);
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Thread> parked = new AtomicReference<>();
    sched.add(
        "parks",
        false,
        () -> {
          parked.set(Thread.currentThread());
          repeat(() -> Sched.park(this));
          over.set(true);
        });
    sched.add(
        "unparks",
        false,
        () -> {
          while (!over.get()) {
            Sched.point(Point.STEP);
            if (parked.get() instanceof Thread thread) {
              Sched.unpark(thread);
            }
          }
        });
    sched.run();
  }

  /// Not every order makes them wait for each other: where none is told, all have ended.
  @Test
  void whoWaitsForEachOtherIsTold() {
    int told = 0;
    for (int i = 0; i < 100; i++) {
      try {
        inOppositeOrders(seed + i).run();
      } catch (AssertionError error) {
        String message = String.valueOf(error.getMessage());
        assertTrue(message.startsWith("all wait"), message + ", seed " + (seed + i));
        told++;
      }
    }
    assertTrue(told > 0, "of 100 orders from seed " + seed + " none was told");
  }

  private static SimSched inOppositeOrders(long seed) {
    SimSched sched = new SimSched(seed);
    Semaphore one = new Semaphore(1);
    Semaphore two = new Semaphore(1);
    for (int task = 0; task < TASKS; task++) {
      boolean first = task % 2 == 0;
      sched.add(
          "task " + task, false, () -> repeat(() -> both(first ? one : two, first ? two : one)));
    }
    return sched;
  }

  private static void both(Semaphore first, Semaphore second) {
    try {
      Sched.tryAcquire(first, 1);
      Sched.point(Point.STEP);
      Sched.tryAcquire(second, 1);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    second.release();
    first.release();
  }

  @Test
  void whoMayHoldALockIsFollowedByReadersOnly() {
    SimSched sched = new SimSched(seed);
    Object lock = new Object();
    AtomicInteger readers = new AtomicInteger();
    for (int task = 0; task < TASKS; task++) {
      sched.add(
          "writer " + task,
          false,
          () ->
              repeat(
                  () -> {
                    synchronized (lock) {
                      int before = readers.get();
                      Sched.point(Point.PUBLISH);
                      readers.addAndGet(readers.get() > before ? 1_000 : 0);
                    }
                  }));
    }
    sched.add("reader", true, () -> repeat(readers::incrementAndGet));
    sched.run();
    assertEquals(POINTS, readers.get() % 1_000);
  }

  @Test
  void anErrorOfOneThreadEndsAllAndComesOut() {
    SimSched sched = new SimSched(seed);
    IllegalStateException error = new IllegalStateException("as it should");
    sched.add("goes on", false, () -> repeat(() -> {}));
    sched.add("waits", false, () -> Sched.park(this));
    sched.add(
        "fails",
        false,
        () -> {
          Sched.point(Point.STEP);
          throw error;
        });
    assertSame(error, assertThrows(IllegalStateException.class, sched::run));
  }
}
