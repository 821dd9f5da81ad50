package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScratchesTest {
  private static final int FRAME = 16384;

  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Budget account = root.child("query");
  private final Scratches scratches = memory.scratches(account);

  @AfterEach
  void theLedgerIsZero() {
    scratches.close();
    assertEquals(0, account.used());
    memory.close();
    assertEquals(0, root.used());
  }

  @Test
  void scratchesThatHoldLittleShareAFrame() {
    List<Scratch> some = new ArrayList<>();
    for (int i = 0; i < FRAME / Scratches.PIECE_BYTES; i++) {
      some.add(scratches.add());
    }
    assertEquals(0, account.used());
    for (Scratch scratch : some) {
      Memory.putLong(scratch.allocate(Scratches.PIECE_BYTES), 1);
    }
    assertEquals(FRAME, account.used());
    scratches.add().allocate(8);
    assertEquals(2 * FRAME, account.used());
  }

  @Test
  void anotherOneOfAScratchEndsWithAllOthers() {
    Scratch other = scratches.add().another();
    other.allocate(8);
    other.allocate(FRAME);
    assertEquals(2 * FRAME, account.used());
    scratches.close();
    assertEquals(0, account.used());
  }

  @Test
  void whatIsLargerThanAPieceIsAChunk() {
    scratches.add().allocate(Scratches.PIECE_BYTES + 8);
    assertEquals(4096, account.used());
  }

  @Test
  void aScratchThatIsClosedBeginsWithItsPieceAgain() {
    Scratch scratch = scratches.add();
    long first = scratch.allocate(8);
    for (int i = 0; i < 100; i++) {
      scratch.close();
      assertEquals(0, scratch.usedBytes());
      assertEquals(first, scratch.allocate(8));
    }
    assertEquals(FRAME, account.used());
  }

  @Test
  void aPieceThatWasTooSmallIsNotBegunWithAgain() {
    Scratch scratch = scratches.add();
    long piece = scratch.allocate(2000);
    long chunk = scratch.allocate(2000);
    assertNotEquals(piece + 2000, chunk);
    assertEquals(FRAME + 4096, account.used());
    scratch.reset();
    assertEquals(FRAME, account.used());
    scratch.allocate(2000);
    scratch.allocate(2000);
    assertEquals(FRAME + 4096, account.used());
    scratch.reset();
    assertEquals(FRAME + 4096, account.used()); // the chunk is kept now
  }

  @Test
  void aFullAccountChangesNothing() {
    Budget small = account.child("small", 8192);
    try (Scratches few = memory.scratches(small)) {
      Scratch scratch = few.add();
      assertThrows(MemoryBudgetException.class, () -> scratch.allocate(8));
      assertEquals(0, small.used());
      scratch.allocate(4096);
      assertEquals(4096, small.used());
    }
    assertEquals(0, small.used());
    small.close();
  }

  /// What lies in a scratch, the last on top.
  private record Held(long mark, long address, long bytes, long stamp) {}

  @Test
  void nothingThatIsHeldOverlaps() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Scratch> all = new ArrayList<>();
    List<Deque<Held>> held = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (all.size() < 40 && random.nextInt(50) == 0) {
        all.add(scratches.add());
        held.add(new ArrayDeque<>());
      }
      if (all.isEmpty()) {
        continue;
      }
      int index = random.nextInt(all.size());
      Scratch scratch = all.get(index);
      Deque<Held> stack = held.get(index);
      switch (random.nextInt(40)) {
        case 0 -> {
          scratch.close();
          stack.clear();
        }
        case 1 -> {
          scratch.reset();
          stack.clear();
        }
        case 2, 3, 4 -> {
          int gone = random.nextInt(stack.size() + 1);
          for (int i = 0; i < gone; i++) {
            long mark = stack.pop().mark();
            if (i == gone - 1) {
              scratch.release(mark);
            }
          }
        }
        default -> {
          long bytes = 8 * (1 + random.nextInt(random.nextInt(10) == 0 ? 1000 : 40));
          long mark = scratch.mark();
          long address = scratch.allocate(bytes);
          stamp(address, bytes, step);
          stack.push(new Held(mark, address, bytes, step));
        }
      }
      if (step % 50 == 0) {
        held.forEach(one -> one.forEach(it -> verify(it, seed)));
      }
    }
    assertTrue(account.used() > 0, "seed " + seed);
  }

  private static void stamp(long address, long bytes, long stamp) {
    for (long at = 0; at < bytes; at += 8) {
      Memory.putLong(address + at, stamp);
    }
  }

  private static void verify(Held held, long seed) {
    for (long at = 0; at < held.bytes(); at += 8) {
      assertEquals(held.stamp(), Memory.getLong(held.address() + at), "seed " + seed);
    }
  }
}
