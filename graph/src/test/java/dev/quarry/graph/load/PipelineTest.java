package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pieces come in order whoever works on them, failures reach the owner, and threads end.
class PipelineTest {
  private static final int PIECES = 1000;

  /// Squares numbers; every third piece takes longer than its successors.
  private static final class Squares implements Pipeline.Stage<long[]> {
    final AtomicInteger working = new AtomicInteger();
    long next;
    long failsAt = -1;

    @Override
    public boolean begin(long[] buffer) {
      buffer[0] = next;
      return next++ < PIECES;
    }

    @Override
    public void work(long[] buffer) {
      working.incrementAndGet();
      if (buffer[0] % 3 == 0) {
        Thread.yield();
      }
      if (buffer[0] == failsAt) {
        throw new IllegalStateException("piece " + failsAt);
      }
      buffer[1] = buffer[0] * buffer[0];
      working.decrementAndGet();
    }
  }

  private static List<long[]> buffers(int count) {
    List<long[]> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffers.add(new long[2]);
    }
    return buffers;
  }

  @AfterEach
  void allThreadsEnded() {
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("quarry-load") && thread.isAlive()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void piecesComeInOrder(int helpers) {
    try (Pipeline<long[]> pipeline = new Pipeline<>(new Squares(), buffers(helpers + 2), helpers)) {
      for (long i = 0; i < PIECES; i++) {
        long[] piece = pipeline.take();
        assertEquals(i, piece == null ? -1 : piece[0]);
        assertEquals(i * i, piece == null ? -1 : piece[1]);
        pipeline.give(java.util.Objects.requireNonNull(piece));
      }
      assertNull(pipeline.take());
      assertNull(pipeline.take());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aFailureReachesTheOwner(int helpers) {
    Squares squares = new Squares();
    squares.failsAt = 500;
    try (Pipeline<long[]> pipeline = new Pipeline<>(squares, buffers(helpers + 2), helpers)) {
      IllegalStateException error =
          assertThrows(
              IllegalStateException.class,
              () -> {
                for (long[] piece = pipeline.take(); piece != null; piece = pipeline.take()) {
                  pipeline.give(piece);
                }
              });
      assertEquals("piece 500", error.getMessage());
      assertSame(error, assertThrows(IllegalStateException.class, pipeline::take));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void nobodyWorksAfterAnEarlyEnd(int helpers) {
    Squares squares = new Squares();
    try (Pipeline<long[]> pipeline = new Pipeline<>(squares, buffers(helpers + 2), helpers)) {
      pipeline.give(java.util.Objects.requireNonNull(pipeline.take()));
    }
    assertEquals(0, squares.working.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void anInterruptEndsNoWaitAndIsKept(int helpers) {
    Thread.currentThread().interrupt();
    piecesComeInOrder(helpers);
    assertEquals(true, Thread.interrupted());
  }
}
