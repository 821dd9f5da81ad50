package dev.quarry.query.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Parts that run together end together: all of them before the caller goes on.
class TogetherTest {
  private final Together together = new Together();
  private final AtomicBoolean begun = new AtomicBoolean();

  @Test
  void whatOneThrowsEndsTheOthersAndIsThrown() {
    AtomicBoolean ended = new AtomicBoolean();
    IllegalStateException failure = new IllegalStateException();
    Runnable endless = () -> goOn(ended);
    Runnable failing =
        () -> {
          while (!begun.get()) {
            Thread.onSpinWait();
          }
          throw failure;
        };
    assertSame(
        failure,
        assertThrows(
            IllegalStateException.class, () -> together.run(List.of(endless, failing, endless))));
    assertTrue(ended.get());
  }

  @Test
  void anInterruptOfTheWaitingCallerEndsTheOthersAndTheFlagIsKept() {
    AtomicBoolean ended = new AtomicBoolean();
    Thread caller = Thread.currentThread();
    Runnable interrupting =
        () -> {
          caller.interrupt();
          goOn(ended);
        };
    assertThrows(CancelledException.class, () -> together.run(List.of(() -> {}, interrupting)));
    assertTrue(Thread.interrupted());
    assertTrue(ended.get());
  }

  @Test
  void allPartsAreDoneWhenItReturns() {
    AtomicInteger done = new AtomicInteger();
    Runnable slow =
        () -> {
          for (long end = System.nanoTime() + 20_000_000; System.nanoTime() < end; ) {
            Thread.onSpinWait();
          }
          done.incrementAndGet();
        };
    together.run(List.of(done::incrementAndGet, slow, slow));
    assertEquals(3, done.get());
  }

  /// Goes on until it is stopped, or for so long that it was not.
  private void goOn(AtomicBoolean ended) {
    begun.set(true);
    long end = System.nanoTime() + 10_000_000_000L;
    try {
      while (System.nanoTime() < end) {
        together.look();
      }
    } catch (RuntimeException e) {
      ended.set(true);
      throw e;
    }
  }
}
