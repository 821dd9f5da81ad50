package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.MemoryBudgetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Budget pages = root.child("pages");

  @AfterEach
  void theLedgerIsZero() {
    memory.close();
    assertEquals(0, root.used());
    assertTrue(Ranges.live().isEmpty());
  }

  @Test
  void takesNothingBeforeItIsUsed() {
    assertEquals(0, memory.extentBytes());
    assertEquals(0, root.used());
  }

  @Test
  void framesNeverOverlapAndKeepWhatIsWritten() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int[] sizes = {4096, 16384, 65536};
    List<long[]> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (held.size() < 200 && random.nextBoolean()) {
        int size = sizes[random.nextInt(3)];
        long address = memory.allocateFrame(size, pages, true);
        assertEquals(0, Memory.getLong(address + size - 8), "seed " + seed);
        Memory.putLong(address, step);
        Memory.putLong(address + size - 8, step);
        held.add(new long[] {address, size, step});
      } else if (!held.isEmpty()) {
        long[] frame = held.remove(random.nextInt(held.size()));
        assertEquals(frame[2], Memory.getLong(frame[0]), "seed " + seed);
        assertEquals(frame[2], Memory.getLong(frame[0] + frame[1] - 8), "seed " + seed);
        memory.freeFrame(frame[0], (int) frame[1], pages);
      }
      long sum = held.stream().mapToLong(frame -> frame[1]).sum();
      assertEquals(sum, pages.used(), "seed " + seed);
      assertEquals(memory.extentBytes(), root.used(), "seed " + seed);
    }
    held.forEach(frame -> memory.freeFrame(frame[0], (int) frame[1], pages));
  }

  @Test
  void aFullAccountIsATypedErrorThatChangesNothing() {
    Budget small = root.child("small", 10_000);
    long first = memory.allocateFrame(4096, small, false);
    long second = memory.allocateFrame(4096, small, false);
    MemoryBudgetException full =
        assertThrows(MemoryBudgetException.class, () -> memory.allocateFrame(4096, small, false));
    assertTrue(full.getMessage().contains("\"small\""), full.getMessage());
    assertEquals(8192, small.used());
    memory.freeFrame(first, 4096, small);
    memory.freeFrame(second, 4096, small);
  }

  @Test
  void checkModeFindsUseAfterFreeDoubleFreeAndWrongBounds() {
    long kept = memory.allocateFrame(4096, pages, true);
    long freed = memory.allocateFrame(4096, pages, true);
    memory.freeFrame(freed, 4096, pages);
    assertThrows(CorruptPageException.class, () -> Memory.getLong(freed));
    assertThrows(CorruptPageException.class, () -> Memory.putInt(freed + 100, 1));
    assertThrows(CorruptPageException.class, () -> Memory.getLong(12345));
    assertThrows(CorruptPageException.class, () -> Memory.getLong(kept + Extent.BYTES));
    memory.freeFrame(kept, 4096, pages);
  }

  @Test
  void scratchFreesByMarkAndGivesAllBack() {
    Budget account = root.child("query", 8 << 20);
    try (Scratch scratch = memory.scratch(account)) {
      long seed = Long.getLong("seed", System.nanoTime());
      Random random = new Random(seed);
      long first = scratch.allocateZeroed(100);
      Memory.putLong(first, 42);
      for (int round = 0; round < 200; round++) {
        long mark = scratch.mark();
        for (int i = 0; i < 100; i++) {
          long size = 1 + random.nextInt(random.nextInt(50) == 0 ? 40_000 : 500);
          long address = scratch.allocate(size);
          assertEquals(0, address & 7);
          Memory.fill(address, size, (byte) 7);
        }
        scratch.release(mark);
        assertEquals(mark, scratch.mark(), "seed " + seed);
      }
      assertEquals(42, Memory.getLong(first));
      assertThrows(MemoryBudgetException.class, () -> scratch.allocate(9 << 20));
      long large = scratch.allocate(3 << 20);
      Memory.putLong(large + (3 << 20) - 8, 1);
    }
    assertEquals(0, account.used());
  }

  @Test
  void copiesComparesAndHashesBytes() {
    long a = memory.allocateFrame(4096, pages, true);
    byte[] text = "Königsberg".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Memory.putBytes(text, 0, a, text.length);
    Memory.copy(a, a + 100, text.length);
    assertTrue(Memory.equal(a, a + 100, text.length));
    assertEquals(Memory.hash(a, text.length), Memory.hash(a + 100, text.length));
    assertEquals("Königsberg", Memory.utf8(a + 100, text.length));
    assertTrue(Memory.compareBytes(a, 3, a, 5) < 0);
    Memory.putByte(a + 100, (byte) 0xFF);
    assertTrue(Memory.compareBytes(a, 5, a + 100, 5) < 0);
    long[] wide = new long[2];
    Memory.putInt(a, -1);
    Memory.putInt(a + 4, 7);
    Memory.unsignedIntsToLongs(a, wide, 0, 2, 1L << 40);
    assertEquals(0xFFFFFFFFL | 1L << 40, wide[0]);
    assertEquals(7 | 1L << 40, wide[1]);
    assertEquals(0xFFFFFFFFL + 7, Memory.sumInts(a, 2));
    memory.freeFrame(a, 4096, pages);
  }
}
