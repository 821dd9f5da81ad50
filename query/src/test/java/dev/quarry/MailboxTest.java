package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.simulation.SimSched;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What is left in a mailbox is handled: once, in order, by one thread at a time. Schedules decide
/// who comes in between where; a seed is printed when one fails: `-Dseed=N`.
class MailboxTest {
  private static final int SCHEDULES = 2_000;
  private static final int MOST_PUTTERS = 3;
  private static final int MOST_EACH = 4;
  private static final int PATIENCE_SECONDS = 60;

  private final long seed = Long.getLong("seed", System.nanoTime());

  /// A word of a thread that puts.
  private record Word(int putter, int number) {}

  /// Handles words, each of which stays in the mailbox until a moment that the schedule chooses.
  private static final class Handler {
    private final Mailbox<Word> box;
    private final List<Word> handled = new ArrayList<>();
    private int inside;

    Handler(boolean expectsMore) {
      box = new Mailbox<>("handles", () -> expectsMore, this::handle);
    }

    private void handle() {
      assertEquals(0, inside++, "another one handles");
      Sched.point(Point.STEP);
      handled.add(box.take());
      inside--;
    }

    void put(int putter, int each) {
      for (int i = 0; i < each; i++) {
        box.put(new Word(putter, i));
        Sched.point(Point.STEP);
      }
    }

    List<Word> of(int putter) {
      return handled.stream().filter(word -> word.putter == putter).toList();
    }
  }

  private static List<Word> words(int putter, int each) {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      words.add(new Word(putter, i));
    }
    return words;
  }

  @Test
  void allIsHandledOnceInOrderByOneThreadAtATime() {
    Random random = new Random(seed);
    for (int run = 0; run < SCHEDULES; run++) {
      SimSched schedule = new SimSched(random.nextLong());
      Handler handler = new Handler(random.nextBoolean());
      int putters = 1 + random.nextInt(MOST_PUTTERS);
      int each = 1 + random.nextInt(MOST_EACH);
      for (int i = 0; i < putters; i++) {
        int putter = i;
        schedule.add("putter " + i, false, () -> handler.put(putter, each));
      }
      String which = "seed %d, schedule %d".formatted(seed, run);
      try {
        schedule.run();
      } catch (RuntimeException | Error e) {
        throw new AssertionError(which, e);
      }
      for (int i = 0; i < putters; i++) {
        assertEquals(words(i, each), handler.of(i), which);
      }
      assertTrue(handler.box.isEmpty(), which);
    }
  }

  @Test
  void withoutAScheduleSpareThreadsHandleIt() throws InterruptedException {
    CountDownLatch handled = new CountDownLatch(MOST_EACH);
    List<Mailbox<Integer>> self = new ArrayList<>();
    self.add(new Mailbox<>("handles", () -> true, () -> handle(self.getFirst(), handled)));
    self.getFirst().put(1);
    assertTrue(handled.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertTrue(self.getFirst().isEmpty());
  }

  /// Who handles a word leaves the next one.
  private static void handle(Mailbox<Integer> box, CountDownLatch handled) {
    int word = box.take();
    if (word < MOST_EACH) {
      box.put(word + 1);
    }
    handled.countDown();
  }
}
