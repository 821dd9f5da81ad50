package dev.quarry.storage;

import dev.quarry.storage.checkpoint.FileLayout;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.PlaceWalk;
import dev.quarry.storage.page.Snapshot;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Makes the file of a store shorter, while readers and writers go on.
///
/// ```text
///  superseded places become free ► pages of its end go into holes ► free as well ► cut
///        two checkpoints                steps, a checkpoint        two checkpoints
/// ```
///
/// A page moves by being copied, unchanged, in a step of [Rearranging]: the next checkpoint writes
/// it to a free place, and what refers to it, up to the root. So a crash finds it at the old place
/// or at the new one. A page that an old reader may look at keeps its place until that has gone;
/// then the file stays as long as that needs.
///
/// Small pages move first, then larger ones, since [FileLayout] says so. Where writers take the
/// holes meanwhile it begins anew, a few times. Used by one thread.
final class Shrinking {
  /// The sizes of pages, in places of 4 KiB.
  private static final int[] SIZES = {1, 4, 16};

  private static final int MOST_ROUNDS = 4;
  private static final int STEP_PLACES = 64;

  private final Store store;
  private final StoreFile file;
  private final Consumer<Runnable> turns;
  private final Runnable cut;
  private final BooleanSupplier until;
  private final IntConsumer moved;
  private final int[] levels = new int[STEP_PLACES];
  private final long[] indexes = new long[STEP_PLACES];
  private int count;
  private long next;

  /// @param turns runs what waits for the writer
  /// @param cut cuts the file behind what is used, when no checkpoint is being written
  /// @param until asked between two steps whether to end
  /// @param moved told the bytes of each page that moves
  Shrinking(
      Store store,
      StoreFile file,
      Consumer<Runnable> turns,
      Runnable cut,
      BooleanSupplier until,
      IntConsumer moved) {
    this.store = store;
    this.file = file;
    this.turns = turns;
    this.cut = cut;
    this.until = until;
    this.moved = moved;
  }

  /// Whether it came to its end.
  boolean run() {
    boolean complete = true;
    settle();
    for (int round = 0; complete && round < MOST_ROUNDS && !isShort(); round++) {
      for (int size : SIZES) {
        complete = complete && pack(size);
      }
    }
    turns.accept(cut);
    return complete;
  }

  /// Whether the file is hardly longer than what it has to hold.
  private boolean isShort() {
    long needed = file.reachableBytes();
    return file.usedEnd() <= needed + needed / 32 + (STEP_PLACES << 12);
  }

  /// Makes places free that the newest state does not reach.
  private void settle() {
    for (int i = 0; i < 2; i++) {
      file.fillHoles();
      turns.accept(store::checkpoint);
    }
  }

  /// Moves pages of a size.
  private boolean pack(int places) {
    long boundary = boundary(places);
    if (boundary == Long.MAX_VALUE) {
      return true;
    }
    file.fillHoles();
    boolean complete = true;
    for (int space = 0; complete && space < spaceCount(); space++) {
      complete = move(space, places, boundary);
    }
    settle();
    return complete;
  }

  private int spaceCount() {
    try (Snapshot snapshot = store.beginRead()) {
      return snapshot.spaceCount();
    }
  }

  private long boundary(int places) {
    try (Snapshot snapshot = store.beginRead()) {
      FileLayout layout = file.layout(places);
      for (int space = 0; space < snapshot.spaceCount(); space++) {
        int ofPage = placesOf(snapshot, space);
        PlaceWalk.run(
            snapshot,
            space,
            0,
            (level, index, place) -> {
              if ((level == 0 ? ofPage : 1) == places) {
                layout.page(place);
              }
              return true;
            });
      }
      return layout.boundary();
    }
  }

  private static int placesOf(Snapshot snapshot, int space) {
    return snapshot.hasSpace(space) ? snapshot.table(space).pageBytes() >>> 12 : 0;
  }

  /// Moves what lies behind the boundary of one space.
  private boolean move(int space, int places, long boundary) {
    long from = 0;
    boolean more = true;
    while (more) {
      if (until.getAsBoolean()) {
        return false;
      }
      more = !collect(space, places, boundary, from);
      from = next;
      if (count > 0) {
        turns.accept(() -> store.rearrange(pages -> rewrite(pages, space)));
        moved.accept(count * places << 12);
      }
    }
    return true;
  }

  private void rewrite(PageTransaction pages, int space) {
    for (int i = 0; i < count; i++) {
      pages.rewrite(space, levels[i], indexes[i]);
    }
  }

  /// Finds what is to move in one step; whether that is all.
  private boolean collect(int space, int places, long boundary, long from) {
    count = 0;
    try (Snapshot snapshot = store.beginRead()) {
      int ofPage = placesOf(snapshot, space);
      return PlaceWalk.run(
          snapshot,
          space,
          from,
          (level, index, place) -> {
            if (place >= boundary && (level == 0 ? ofPage : 1) == places) {
              note(level, index);
            }
            return count * places < STEP_PLACES;
          });
    }
  }

  private void note(int level, long index) {
    levels[count] = level;
    indexes[count++] = index;
    next = level == 0 ? index + 1 : index << 8 * level;
  }
}
