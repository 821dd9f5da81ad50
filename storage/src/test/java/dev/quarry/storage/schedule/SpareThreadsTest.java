package dev.quarry.storage.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpareThreadsTest {
  private static CompletableFuture<Thread> start(String name, Runnable work) {
    CompletableFuture<Thread> done = new CompletableFuture<>();
    SpareThreads.start(
        name,
        () -> {
          assertEquals(name, Thread.currentThread().getName());
          work.run();
          done.complete(Thread.currentThread());
        });
    return done;
  }

  @Test
  void aThreadThatIsDoneTakesTheNextWork() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    Thread before = start("first", () -> {}).get(30, TimeUnit.SECONDS);
    Thread next = start("next", () -> {}).get(30, TimeUnit.SECONDS);
    while (next != before && System.nanoTime() < end) { // it may not have been back yet
      before = next;
      next = start("next", () -> {}).get(30, TimeUnit.SECONDS);
    }
    assertEquals(before, next);
    assertTrue(next.isDaemon());
  }

  @Test
  void worksAtTheSameTimeHaveThreadsOfTheirOwn() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Runnable meeting =
        () -> {
          both.countDown();
          try {
            assertTrue(both.await(30, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    CompletableFuture<Thread> one = start("one", meeting);
    CompletableFuture<Thread> other = start("other", meeting);
    assertNotSame(one.get(30, TimeUnit.SECONDS), other.get(30, TimeUnit.SECONDS));
  }

  @Test
  void aThreadInheritsNothing() throws Exception {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    local.set("of the caller");
    CompletableFuture<String> found = new CompletableFuture<>();
    SpareThreads.start("heir", () -> found.complete(local.get()));
    assertNull(found.get(30, TimeUnit.SECONDS));
  }
}
