package dev.quarry.storage.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class SchedTest {
  private final AtomicInteger looks = new AtomicInteger();

  /// Whether there were fewer looks than some.
  private BooleanSupplier upTo(int last) {
    return () -> looks.incrementAndGet() < last;
  }

  @Test
  void whoSpinsGoesOnOnceItIsNoLongerSo() {
    Sched.spinWhile(TimeUnit.MINUTES.toNanos(10), upTo(1000));
    assertEquals(1000, looks.get());
  }

  @Test
  void whoSpinsGivesUpAfterItsTime() {
    long begin = System.nanoTime();
    Sched.spinWhile(1_000_000, upTo(Integer.MAX_VALUE));
    assertTrue(System.nanoTime() - begin >= 1_000_000);
    assertTrue(looks.get() > 0);
  }

  @Test
  void noTimeIsNoLook() {
    Sched.spinWhile(0, upTo(2));
    assertEquals(0, looks.get());
  }

  @Test
  void inASimulationNobodySpins() {
    Scheduler none =
        (Scheduler)
            Proxy.newProxyInstance(
                Scheduler.class.getClassLoader(),
                new Class<?>[] {Scheduler.class},
                (proxy, method, arguments) -> {
                  throw new AssertionError(method);
                });
    ScopedValue.where(Sched.SIMULATION, none).run(() -> Sched.spinWhile(1_000_000, upTo(2)));
    assertEquals(0, looks.get());
  }
}
