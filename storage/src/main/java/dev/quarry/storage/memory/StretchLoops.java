package dev.quarry.storage.memory;

/// The loops of [ListLoops] over all lists of a [Stretch] at once, without a look-up between two
/// lists. Which slots are meant is told by a bit each. Numbers, limits and cells are as there;
/// threads: any, each with a stretch of its own.
public final class StretchLoops {
  private StretchLoops() {}

  /// Adds to each sum the doubles that the list of a slot names.
  ///
  /// @param sums one for each wanted slot
  public static void addSums(Stretch lists, long wanted, long limit, long cells, double[] sums) {
    int next = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int count = lists.last(index, first) - first;
      sums[next++] += ListLoops.sum(lists.numbers + first * 4L, count, limit, cells);
    }
  }

  /// Which of the wanted slots have a list that names a bit which is set.
  ///
  /// @param marks address of 8-byte words
  public static long anySet(Stretch lists, long wanted, long limit, long marks) {
    long hits = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int count = lists.last(index, first) - first;
      boolean hit = ListLoops.anySet(lists.numbers + first * 4L, count, limit, marks);
      hits |= hit ? 1L << index : 0;
    }
    return hits;
  }

  /// Joins the set of each wanted slot with those of the members that the first numbers of its list
  /// name, see [ListLoops#linkAll].
  ///
  /// @param most how many of them
  /// @param base is added to a number to give its member
  /// @param member of the first slot
  public static void linkAll(
      Stretch lists,
      long wanted,
      int most,
      long limit,
      int base,
      long sets,
      int member,
      boolean shared) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int count = Math.min(lists.last(index, first) - first, most);
      long list = lists.numbers + first * 4L;
      ListLoops.linkAll(list, count, limit, base, sets, member + index, shared);
    }
  }
}
