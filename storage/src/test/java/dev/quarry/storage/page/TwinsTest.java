package dev.quarry.storage.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwinsTest {
  private record Entry(long twin, long birth, long death, long lines) {}

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<Long, Entry> model = new HashMap<>();

  private String where() {
    return "seed " + seed;
  }

  private Entry entry() {
    long birth = random.nextInt(1000);
    return new Entry(random.nextLong(), birth, birth + 1, random.nextLong());
  }

  private static void add(Twins twins, long newer, Entry entry, Twins.Sink evicted) {
    twins.add(newer, entry.twin, entry.birth, entry.death, entry.lines, evicted);
  }

  private void agree(Twins twins, long newer) {
    int cell = twins.find(newer);
    Entry found =
        cell < 0
            ? null
            : new Entry(twins.twin(cell), twins.birth(cell), twins.death(cell), twins.lines(cell));
    assertEquals(model.get(newer), found, where());
  }

  @Test
  void whatIsAddedIsFoundUntilItIsRemoved() {
    System.out.println("TwinsTest -Dseed=" + seed);
    Twins twins = new Twins(1L << 40);
    int frames = 1 + random.nextInt(3000);
    for (int step = 0; step < 100_000; step++) {
      long newer = (1L + random.nextInt(frames)) << 12;
      agree(twins, newer);
      if (model.containsKey(newer)) {
        twins.remove(twins.find(newer));
        model.remove(newer);
      } else {
        Entry entry = entry();
        add(twins, newer, entry, (twin, birth, death) -> {});
        model.put(newer, entry);
      }
      assertEquals(model.size() * 4096L, twins.bytes(), where());
    }
    for (long frame = 1; frame <= frames; frame++) {
      agree(twins, frame << 12);
    }
    List<Long> told = new ArrayList<>();
    twins.clear((twin, birth, death) -> told.add(twin));
    assertEquals(model.size(), told.size(), where());
    assertEquals(0, twins.bytes());
    assertEquals(-1, twins.find(1 << 12));
  }

  @Test
  void aSixteenthOfTheBudgetIsTheMostAndOneMakesWayForTheNext() {
    Twins twins = new Twins(16 * 4096 * 10);
    List<Long> evicted = new ArrayList<>();
    for (long frame = 1; frame <= 25; frame++) {
      add(twins, frame << 12, new Entry(-frame, 0, 1, 1), (twin, b, d) -> evicted.add(-twin));
      assertTrue(twins.find(frame << 12) >= 0);
      assertEquals(Math.min(frame, 10), twins.bytes() / 4096);
    }
    assertEquals(15, evicted.stream().distinct().count());
    evicted.forEach(frame -> assertEquals(-1, twins.find(frame << 12)));
  }

  @Test
  void aBudgetThatIsTooSmallForOneHasNone() {
    Twins twins = new Twins(4096);
    List<Long> evicted = new ArrayList<>();
    add(twins, 1 << 12, new Entry(7, 0, 1, 1), (twin, birth, death) -> evicted.add(twin));
    assertEquals(List.of(7L), evicted);
    assertEquals(0, twins.bytes());
  }
}
