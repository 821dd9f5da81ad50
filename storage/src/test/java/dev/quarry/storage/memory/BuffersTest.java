package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.StoreClosedException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BuffersTest {
  private static final int BYTES = 512;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Budget account = root.child("buffers");
  private final Buffers buffers = new Buffers(memory.scratch(account), BYTES, false);

  @AfterEach
  void theLedgerIsZero() {
    buffers.close();
    memory.close();
    assertEquals(0, root.used());
  }

  private void verify(Map<Long, Byte> lent) {
    lent.forEach(
        (buffer, mark) -> {
          for (int i = 0; i < BYTES; i++) {
            assertEquals(mark, Memory.getByte(buffer + i), "seed " + seed);
          }
        });
  }

  @Test
  void whatIsLentBelongsToOneAlone() {
    Map<Long, Byte> lent = new HashMap<>();
    for (int i = 0; i < 2_000; i++) {
      if (random.nextInt(3) == 0 && !lent.isEmpty()) {
        long one = lent.keySet().iterator().next();
        lent.remove(one);
        buffers.give(one);
      } else if (lent.size() < 50) {
        long one = buffers.take();
        byte mark = (byte) random.nextInt();
        Memory.fill(one, BYTES, mark);
        lent.put(one, mark);
      }
      verify(lent);
    }
  }

  @Test
  void whoGivesBackNeedsNoMoreMemory() {
    buffers.give(buffers.take());
    long used = account.used();
    assertTrue(used > 0);
    for (int i = 0; i < 1_000; i++) {
      buffers.give(buffers.take());
    }
    assertEquals(used, account.used());
  }

  @Test
  void nothingIsLentAfterTheEnd() {
    long one = buffers.take();
    buffers.close();
    assertEquals(0, account.used());
    buffers.give(one);
    assertThrows(StoreClosedException.class, buffers::take);
  }
}
