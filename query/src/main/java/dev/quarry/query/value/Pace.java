package dev.quarry.query.value;

import org.jspecify.annotations.Nullable;

/// How long a running query may go on without looking whether it should end: it counts its steps,
/// and looks after every 1,024 of them.
///
/// A step is what takes about a microsecond at most: a row, an element of a list, 64 bytes of text.
/// What walks a value has no pace at hand; it asks that of its thread, now and then, with
/// [#look(long)]. Used by one thread at a time.
public final class Pace {
  private static final int STEPS = 1 << 10;
  private static final int BYTES_OF_STEP = 64;
  private static final long CELLS_BETWEEN_LOOKS = 1 << 14;
  private static final ThreadLocal<@Nullable Pace> CURRENT = new ThreadLocal<>();

  private final Runnable check;
  private long left = STEPS;

  /// @param check throws what ends the query, if it should end
  public Pace(Runnable check) {
    this.check = check;
  }

  /// Makes a pace that of this thread.
  ///
  /// @return the one before, to be given back with the same method; null if there was none
  public static @Nullable Pace enter(@Nullable Pace pace) {
    Pace before = CURRENT.get();
    CURRENT.set(pace);
    return before;
  }

  /// Counts a step.
  public void step() {
    if (--left < 0) {
      look();
    }
  }

  /// Counts several steps.
  public void steps(long count) {
    left -= count;
    if (left < 0) {
      look();
    }
  }

  /// Counts what it takes to go over some bytes.
  public void bytes(long count) {
    steps(1 + count / BYTES_OF_STEP);
  }

  /// Looks now.
  public void look() {
    left = STEPS;
    check.run();
  }

  /// Looks, if this thread runs a query, once for many cells of a walk.
  ///
  /// @param cell number of the cell to come
  static void look(long cell) {
    if ((cell & CELLS_BETWEEN_LOOKS - 1) == CELLS_BETWEEN_LOOKS - 1) {
      lookNow();
    }
  }

  /// Looks, if this thread runs a query, ahead of a walk over a list or map with many cells.
  ///
  /// @param cells all that the walk will meet
  static void lookAhead(long cells) {
    if (cells >= CELLS_BETWEEN_LOOKS) {
      lookNow();
    }
  }

  private static void lookNow() {
    Pace pace = CURRENT.get();
    if (pace != null) {
      pace.look();
    }
  }

  /// The pace of the query that this thread runs; one that never ends anything if there is none.
  public static Pace current() {
    Pace pace = CURRENT.get();
    return pace == null ? new Pace(() -> {}) : pace;
  }
}
