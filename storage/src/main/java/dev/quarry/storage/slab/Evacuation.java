package dev.quarry.storage.slab;

import java.util.Arrays;

/// Which pages of a set of slabs are to be emptied, so that each size class fills its pages: the
/// emptiest, as few as make it [#GOAL] percent full.
///
/// ```text
///  live slots of a page   0 1 2 3 … least-1 │ least … all
///                         ◄── emptied ────► │ ◄─ kept: take what the others had
/// ```
///
/// A page belongs to one side by what lives in it at the moment. So a page of which nothing was
/// decided before, since a writer has just made it, needs no entry anywhere; and one that was taken
/// into use while there was no better one is kept once it is full enough. Nothing here grows with
/// the slabs.
///
/// Slots are taken from the first page of a chain of those with room ([Descriptors]). Whoever takes
/// one for what is moved turns the chain first: pages that are to be emptied go from its beginning
/// to its end, each once, as long as there is room in others.
///
/// Made from one state and used with later ones, by one thread.
public final class Evacuation {
  /// Percent of the slots of a size class that are to be in use.
  public static final int GOAL = 85;

  // Of a class that needs work, what is aimed at: the walk sees some pages before it has changed
  // them and others after.
  private static final int AIM = 90;

  private final int[] least = new int[SizeClasses.COUNT];
  private final long[] room = new long[SizeClasses.COUNT];
  private final long[] turns = new long[SizeClasses.COUNT];
  private final long[] last = new long[SizeClasses.COUNT];
  private final SlabOccupancy[] occupancy = new SlabOccupancy[SizeClasses.COUNT];

  private final int goal;
  private final int aim;

  private Evacuation(int goal, int aim) {
    this.goal = goal;
    this.aim = aim;
  }

  /// Counts what there is, and decides.
  public static Evacuation of(Slabs slabs) {
    return of(slabs, GOAL, AIM);
  }

  /// @param goal percent of the slots of a size class; one that has less in use needs work
  /// @param aim what is aimed at then
  static Evacuation of(Slabs slabs, int goal, int aim) {
    Evacuation evacuation = new Evacuation(goal, aim);
    long[][] pages = evacuation.count(slabs);
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      evacuation.decide(sizeClass, pages[sizeClass]);
    }
    return evacuation;
  }

  /// Numbers of pages by size class and by what lives in them.
  private long[][] count(Slabs slabs) {
    long[][] pages = new long[SizeClasses.COUNT][];
    Arrays.setAll(pages, sizeClass -> new long[SizeClasses.slotsPerPage(sizeClass) + 1]);
    slabs.descriptors(
        (page, isLarge, at) -> {
          int sizeClass = Descriptors.classPlusOne(at) - 1;
          if (sizeClass < 0) {
            return;
          }
          int live = Descriptors.live(at);
          if (sizeClass >= SizeClasses.COUNT || live < 0 || live >= pages[sizeClass].length) {
            throw SlabWriter.damaged("page " + page + " has slots that it cannot have");
          }
          pages[sizeClass][live]++;
          if (Descriptors.listed(at)) {
            turns[sizeClass]++;
            if (Descriptors.next(at) == 0) {
              last[sizeClass] = page + 1;
            }
          }
        });
    return pages;
  }

  private void decide(int sizeClass, long[] pages) {
    int perPage = pages.length - 1;
    long present = 0;
    long live = 0;
    for (int of = 1; of <= perPage; of++) {
      present += pages[of];
      live += pages[of] * of;
    }
    SlabOccupancy now =
        new SlabOccupancy(SizeClasses.bytes(sizeClass), present, present * perPage, live);
    occupancy[sizeClass] = now;
    if (now.isAtLeast(goal)) {
      return;
    }
    long kept = present;
    long keptLive = live;
    int bound = 1;
    while (bound < perPage && !suffices(kept, keptLive, live, perPage)) {
      kept -= pages[bound];
      keptLive -= pages[bound] * bound;
      bound++;
    }
    least[sizeClass] = bound;
    room[sizeClass] = kept * perPage - keptLive;
  }

  /// Whether a class is full enough if all slots are in the kept pages, and in new ones where those
  /// have no room.
  private boolean suffices(long kept, long keptLive, long live, int perPage) {
    long moved = live - keptLive;
    long more = Math.max(0, moved - (kept * perPage - keptLive));
    long pages = kept + (more + perPage - 1) / perPage;
    return live * 100 >= pages * perPage * aim || pages <= (live + perPage - 1) / perPage;
  }

  /// Whether there is nothing to empty.
  public boolean isIdle() {
    return Arrays.stream(least).allMatch(bound -> bound == 0);
  }

  /// How full the pages of a size class were; classes are numbered from 0.
  public SlabOccupancy occupancy(int sizeClass) {
    return occupancy[sizeClass];
  }

  /// How many size classes there are.
  public static int classes() {
    return SizeClasses.COUNT;
  }

  /// Whether a page in which so many slots live is to be emptied.
  boolean empties(int sizeClass, int live) {
    return live < least[sizeClass];
  }

  /// Whether the first page of a chain should make way for another one.
  boolean turns(int sizeClass, int live) {
    return turns[sizeClass] > 0
        && least[sizeClass] > 0
        && (live == 0 || room[sizeClass] > 0 && empties(sizeClass, live));
  }

  /// A page went from the beginning of its chain to the end.
  void turned(int sizeClass, long page) {
    turns[sizeClass]--;
    last[sizeClass] = page + 1;
  }

  /// The last page of a chain when it was last seen, plus 1.
  long last(int sizeClass) {
    return last[sizeClass];
  }

  /// A slot was taken for what is moved.
  void took(int sizeClass) {
    room[sizeClass]--;
  }
}
