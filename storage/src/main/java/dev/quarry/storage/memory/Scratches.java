package dev.quarry.storage.memory;

import java.util.Arrays;

/// The scratches of one piece of work, such as a query, which end together.
///
/// ```text
/// frame, 16 KiB   ┌─────────┬─────────┬─────────┬── ─ ─
///                 │ piece   │ piece   │ piece   │          2 KiB each
///                 └─────────┴─────────┴─────────┴── ─ ─
///                   scratch   scratch   scratch             the first bytes of each
/// ```
///
/// Most of them hold little, so each begins with a piece of a frame that they share, and takes
/// chunks of its own once it needs more. A work that is over soon takes and gives back one frame
/// instead of one for each scratch. A piece stays with its scratch until all end. Threads: one at a
/// time.
public final class Scratches implements AutoCloseable {
  static final int PIECE_BYTES = 2048;

  private static final int FRAME_BYTES = 16384;
  private static final int FEW = 4;
  private static final Scratch[] NONE = {};

  private final NativeMemory memory;
  private final Budget account;
  private Scratch[] large = NONE; // those that have chunks of their own
  private int largeCount;
  private long[] frames = new long[1];
  private int frameCount;
  private long at;
  private long end;

  Scratches(NativeMemory memory, Budget account) {
    this.memory = memory;
    this.account = account;
  }

  /// Makes one more scratch.
  public Scratch add() {
    return new Scratch(memory, account, this);
  }

  /// Notes a scratch that takes chunks of its own from now on: they are given back when all end.
  void note(Scratch scratch) {
    if (largeCount == large.length) {
      large = Arrays.copyOf(large, Math.max(FEW, 2 * largeCount));
    }
    large[largeCount++] = scratch;
  }

  /// The address of a piece.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if the account is full
  long takePiece() {
    if (at == end) {
      addFrame();
    }
    long piece = at;
    at += PIECE_BYTES;
    return piece;
  }

  private void addFrame() {
    long frame = memory.take(FRAME_BYTES, account);
    if (frameCount == frames.length) {
      frames = Arrays.copyOf(frames, 2 * frameCount);
    }
    frames[frameCount++] = frame;
    at = frame;
    end = frame + FRAME_BYTES;
  }

  /// Ends all scratches; none of them may be used again.
  @Override
  public void close() {
    for (int i = 0; i < largeCount; i++) {
      large[i].close();
    }
    largeCount = 0;
    for (int i = 0; i < frameCount; i++) {
      memory.give(frames[i], FRAME_BYTES, account);
    }
    frameCount = 0;
    at = 0;
    end = 0;
  }
}
