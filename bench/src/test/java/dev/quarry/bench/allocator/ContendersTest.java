package dev.quarry.bench.allocator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContendersTest {
  private static final List<Workload> TINY =
      List.of(
          tiny(Workload.oneSize(64)),
          tiny(Workload.oneSize(4096)),
          tiny(Workload.oneSize(16384)),
          tiny(Workload.resizes(3000)),
          tiny(Workload.generations(2000)));

  private final long seed = Long.getLong("seed", System.nanoTime());

  private static Workload tiny(Workload workload) {
    return workload.lasting(1);
  }

  @AfterEach
  void theLedgerIsZero() {
    FrameBlocks.MEMORY.trim();
    assertEquals(0, FrameBlocks.MEMORY.budget().used());
  }

  @Test
  void noTwoLiveBlocksOverlapWithOneThread() throws Exception {
    for (Contender contender : new Contenders().all()) {
      for (Workload workload : TINY) {
        if (contender.does(workload)) {
          Race.run(watched(contender), workload, 1);
        }
      }
    }
  }

  @Test
  void norWithTwo() throws Exception {
    for (Contender contender : new Contenders().all()) {
      for (Workload workload : TINY) {
        if (contender.does(workload)) {
          Race.run(watched(contender), workload, 2);
        }
      }
    }
  }

  @Test
  void blocksThatOverlapAreSeen() {
    Contender overlapping =
        new Contender("overlapping", false, workload -> true, OverlappingBlocks::new);
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class,
            () -> Race.run(watched(overlapping), tiny(Workload.generations(2000)), 1));
    assertTrue(String.valueOf(error.getCause()).contains("expected"), () -> "" + error.getCause());
  }

  @Test
  void glibcAndAllOfOursTakePartInSomething() {
    List<String> names = new Contenders().all().stream().map(Contender::name).toList();
    assertTrue(
        names.containsAll(
            List.of("Quarry, slab slots", "Quarry, scratch", "Quarry, frames", "glibc")),
        names::toString);
    for (Contender contender : new Contenders().all()) {
      assertTrue(TINY.stream().anyMatch(contender::does), contender.name());
    }
  }

  @Test
  void slabPagesHoldWhatIsInUse() {
    SlabBlocks blocks = new SlabBlocks(1000);
    for (int block = 0; block < 1000; block++) {
      blocks.allocate(block, 60);
    }
    assertEquals(16 * 4096 + 2 * 4096, blocks.heldBytes()); // 64 slots a page; descriptors
    assertEquals(64_000, blocks.roundedBytes());
    blocks.freeAll(1000);
    blocks.close();
  }

  @Test
  void sizesThatChangeStayDistributedAsTheyWere() {
    ListSizes sizes = new ListSizes(new SplittableRandom(seed));
    int count = 200_000;
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(sizes.next());
    }
    for (int change = 0; change < 10; change++) {
      all.replaceAll(sizes::changed);
    }
    long least = all.stream().filter(size -> size < 32).count();
    long less = all.stream().filter(size -> size < 64).count() - least;
    assertEquals(0.5, (double) least / count, 0.01, "seed " + seed);
    assertEquals(0.25, (double) less / count, 0.01, "seed " + seed);
    assertTrue(all.stream().allMatch(size -> size >= 16 && size < 16384 && size % 4 == 0));
  }

  private static Contender watched(Contender contender) {
    return new Contender(
        contender.name(),
        contender.downcalls(),
        contender::does,
        count -> new WatchedBlocks(contender.open(count)));
  }

  /// Lets every block begin 8 bytes before the one before it ends.
  private static final class OverlappingBlocks implements Blocks {
    private final ScratchBlocks memory = new ScratchBlocks(1);
    private final int[] starts;
    private int end;

    OverlappingBlocks(int count) {
      starts = new int[count];
      memory.allocate(0, 1 << 20);
    }

    @Override
    public void allocate(int block, int bytes) {
      starts[block] = Math.max(0, end - 8);
      end = starts[block] + bytes;
    }

    @Override
    public void free(int block) {}

    @Override
    public void freeAll(int count) {
      end = 0;
    }

    @Override
    public void putLong(int block, int offset, long value) {
      memory.putLong(0, starts[block] + offset, value);
    }

    @Override
    public long getLong(int block, int offset) {
      return memory.getLong(0, starts[block] + offset);
    }

    @Override
    public void close() {
      memory.free(0);
      memory.close();
    }
  }
}
