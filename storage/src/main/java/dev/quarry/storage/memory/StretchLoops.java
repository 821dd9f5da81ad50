package dev.quarry.storage.memory;

/// The loops of [ListLoops] over many lists of a [Stretch] at once, without a look-up between two
/// lists. Which slots are meant is told by a bit each; none of them may be apart. Numbers, limits
/// and cells are as there; threads: any, each with a stretch of its own.
public final class StretchLoops {
  private StretchLoops() {}

  /// The sum of the numbers of all lists.
  public static long sumNumbers(Stretch lists, long wanted) {
    long sum = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int length = lists.length(index, first);
      sum += Memory.sumInts(lists.address(index, first), length);
    }
    return sum;
  }

  /// Adds to the sum of each slot the doubles that its list names.
  public static void addSums(Stretch lists, long wanted, long limit, long cells, double[] sums) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int length = lists.length(index, first);
      sums[index] += ListLoops.sum(lists.address(index, first), length, limit, cells);
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
      int length = lists.length(index, first);
      boolean hit = ListLoops.anySet(lists.address(index, first), length, limit, marks);
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
      int count = Math.min(lists.length(index, first), most);
      long list = lists.address(index, first);
      ListLoops.linkAll(list, count, limit, base, sets, member + index, shared);
    }
  }
}
