package dev.quarry.bench.peers.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrialTest {
  private final AtomicInteger calls = new AtomicInteger();

  @Test
  void shortWorkIsRepeatedUntilTheTimeHasPassed() throws Exception {
    Duration least = Duration.ofMillis(5);
    Trial trial = new Trial(least);
    int last = trial.repeat(10, calls::incrementAndGet);
    for (int tries = 0; calls.get() == 1 && tries < 20; tries++) { // the thread was stopped in it
      calls.set(0);
      last = trial.repeat(10, calls::incrementAndGet);
    }
    assertEquals(calls.get(), last);
    double total = trial.measures().get(Trial.TIME) * 10 * calls.get();
    assertTrue(calls.get() > 1, calls + " calls");
    assertTrue(total >= least.toNanos() * (1 - 1e-9), total + " ns in all");
  }

  @Test
  void longWorkIsDoneOnce() throws Exception {
    Trial trial = new Trial(Duration.ofMillis(1));
    trial.repeat(
        1,
        () -> {
          Thread.sleep(2);
          return calls.incrementAndGet();
        });
    assertEquals(1, calls.get());
    assertTrue(trial.measures().get(Trial.TIME) >= 2e6, trial.measures().toString());
  }

  @Test
  void whatIsTimedIsDoneOnce() throws Exception {
    Trial trial = new Trial(Duration.ofSeconds(10));
    trial.time(1, calls::incrementAndGet);
    assertEquals(1, calls.get());
  }
}
