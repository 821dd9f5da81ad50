package dev.quarry.storage.memory;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Loops over a list of unsigned 4-byte numbers, each of which names a cell of an array: what graph
/// kernels do for each neighbour of a node.
///
/// ```text
/// list    ┌─────┬─────┬─────┐
///         │  7  │  2  │  9  │
///         └──┬──┴──┬──┴──┬──┘
/// cells   ┌──▼──┬──▼─────▼──┬ ─ ─ ┐
///         │ 0   │  …        │     │      limit cells; the caller's base is in their address
///         └─────┴───────────┴ ─ ─ ┘
/// ```
///
/// Lists come from pages, so a number may be forged: one that is not below the limit is a typed
/// error, never an access. Cells are aligned to their size. Threads: any; loops that say so may run
/// over the same cells at once.
public final class ListLoops {
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfInt ATOMIC_INT = ValueLayout.JAVA_INT;
  private static final java.lang.invoke.VarHandle CELL = ATOMIC_INT.varHandle();

  private ListLoops() {}

  /// The sum of the doubles that a list names.
  public static double sum(long list, int count, long limit, long cells) {
    check(list, count, limit, cells, 8);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    int end = bounded(count);
    double sum = 0;
    for (int i = 0; i < end; i++) {
      long number = number(numbers, at + i * 4L, limit);
      sum += values.get(Memory.DOUBLE, base + number * 8);
    }
    return sum;
  }

  /// Gives a value to those cells of 4 bytes that hold -1, and notes their numbers.
  ///
  /// @param shared whether other threads do the same at once: then each cell is noted by one
  /// @param first is added to a number when it is noted
  /// @param into address of 4 bytes for each number of the list
  /// @return how many were noted
  public static int claim(
      long list,
      int count,
      long limit,
      long cells,
      int value,
      boolean shared,
      int first,
      long into) {
    check(list, count, limit, cells, 4);
    Memory.check(into, count * 4L);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment found = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long to = Memory.offset(into);
    int claimed = 0;
    for (int i = 0; i < count; i++) {
      long number = number(numbers, at + i * 4L, limit);
      long cell = base + number * 4;
      if (values.get(INT, cell) == -1 && put(values, cell, -1, value, shared)) {
        found.set(INT, to + claimed * 4L, first + (int) number);
        claimed++;
      }
    }
    return claimed;
  }

  /// Replaces what a cell holds, unless another thread was faster.
  private static boolean put(
      MemorySegment cells, long cell, int before, int value, boolean shared) {
    if (shared) {
      return CELL.compareAndSet(cells, cell, before, value);
    }
    cells.set(INT, cell, value);
    return true;
  }

  /// Whether a bit that a list names is set.
  ///
  /// @param bits address of 8-byte words
  public static boolean anySet(long list, int count, long limit, long bits) {
    checkList(list, count);
    checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    int end = bounded(count);
    for (int i = 0; i < end; i++) {
      long number = number(numbers, at + i * 4L, limit);
      if ((words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  /// How many numbers of a list equal one.
  public static int countEqual(long list, int count, int wanted) {
    checkList(list, count);
    MemorySegment numbers = Memory.segment(list);
    long at = Memory.offset(list);
    int equal = 0;
    for (int i = 0; i < count; i++) {
      equal += numbers.get(INT, at + i * 4L) == wanted ? 1 : 0;
    }
    return equal;
  }

  /// Joins the set of one member with those of the members that a list names, see [#link].
  ///
  /// @param first is added to a number to give its member
  /// @param sets address of the cells of all members
  /// @param shared whether other threads join sets at once
  public static void linkAll(
      long list, int count, long limit, int first, long sets, int member, boolean shared) {
    checkList(list, count);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment cells = Memory.segment(sets);
    long base = Memory.offset(sets);
    long at = Memory.offset(list);
    int end = bounded(count);
    for (int i = 0; i < end; i++) {
      int other = first + (int) number(numbers, at + i * 4L, limit);
      int one = cells.get(INT, cell(base, member));
      int another = cells.get(INT, cell(base, other));
      if (one != another) {
        link(sets, one, another, shared);
      }
    }
  }

  /// Joins the sets of two members that differ. Sets are a forest in which a member's cell of 4
  /// bytes names a member of the same set that is not greater; a root names itself. So the root of
  /// a set is its least member. After M. Sutton et al., "Optimizing Parallel Graph Connectivity
  /// Computation via Subgraph Sampling", 2018.
  static void link(long sets, int a, int b, boolean shared) {
    MemorySegment cells = Memory.segment(sets);
    long base = Memory.offset(sets);
    int one = a;
    int other = b;
    while (one != other) {
      int high = Math.max(one, other);
      int low = Math.min(one, other);
      int above = cells.get(INT, cell(base, high));
      if (above == low || above == high && put(cells, cell(base, high), high, low, shared)) {
        return;
      }
      one = cells.get(INT, cell(base, cells.get(INT, cell(base, high))));
      other = cells.get(INT, cell(base, low));
    }
  }

  /// The member that the first number of a list names.
  ///
  /// @param list of at least one number
  /// @param first is added to a number to give its member
  public static int first(long list, long limit, int first) {
    Memory.check(list, 4);
    return first + (int) number(Memory.segment(list), Memory.offset(list), limit);
  }

  /// Where the cell of a member is. Members are not negative; that they are taken as unsigned tells
  /// the compiler so, which then compares no address with the bounds of all memory.
  static long cell(long base, int member) {
    return base + (member & 0xFFFFFFFFL) * 4;
  }

  /// Lets members name the roots of their sets; where other threads join sets at once, what were
  /// their roots just now. Other threads may do the same for other members at once. Most of them do
  /// so already, and are not written.
  public static void flatten(long sets, long from, int count) {
    MemorySegment cells = Memory.segment(sets);
    long base = Memory.offset(sets);
    long at = Memory.offset(sets + from * 4);
    for (int i = 0; i < count; i++) {
      int first = cells.get(INT, at + i * 4L);
      int root = first;
      int above = cells.get(INT, cell(base, root));
      while (root != above) {
        root = above;
        above = cells.get(INT, cell(base, root));
      }
      if (root != first) {
        cells.set(INT, at + i * 4L, root);
      }
    }
  }

  /// A bit for each of 64 cells of 4 bytes: whether it holds a value.
  public static long equal(long cells, int value) {
    Memory.check(cells, 64 * 4);
    MemorySegment segment = Memory.segment(cells);
    long base = Memory.offset(cells);
    long bits = 0;
    for (int i = 0; i < 64; i++) {
      bits |= (segment.get(INT, base + i * 4L) == value ? 1L : 0L) << i;
    }
    return bits;
  }

  /// Gives a value to those of 64 cells of 4 bytes that have a bit.
  public static void putEach(long cells, long bits, int value) {
    Memory.check(cells, 64 * 4);
    MemorySegment segment = Memory.segment(cells);
    long base = Memory.offset(cells);
    for (long left = bits; left != 0; left &= left - 1) {
      int index = Long.numberOfTrailingZeros(left) & 63;
      segment.set(INT, base + index * 4L, value);
    }
  }

  /// Writes the products of doubles and some factors.
  public static void multiply(long cells, double[] factors, long into) {
    Memory.check(cells, factors.length * 8L);
    Memory.check(into, factors.length * 8L);
    MemorySegment values = Memory.segment(cells);
    MemorySegment products = Memory.segment(into);
    long base = Memory.offset(cells);
    long to = Memory.offset(into);
    for (int i = 0; i < factors.length; i++) {
      products.set(
          Memory.DOUBLE, to + i * 8L, values.get(Memory.DOUBLE, base + i * 8L) * factors[i]);
    }
  }

  /// Writes `first`, `first + 1`, … to cells of 4 bytes.
  public static void ascend(long cells, long count, int first) {
    if (count > 0) {
      checkEnds(cells, count, 4);
      MemorySegment segment = Memory.segment(cells);
      long base = Memory.offset(cells);
      for (long i = 0; i < count; i++) {
        segment.set(INT, base + i * 4, first + (int) i);
      }
    }
  }

  /// Copies the second halves of entries of 8 bytes, which are numbers.
  public static void copyNumbers(long entries, int count, long to) {
    if (count > 0) {
      Memory.check(entries, count * 8L);
      Memory.check(to, count * 4L);
      MemorySegment from = Memory.segment(entries);
      MemorySegment target = Memory.segment(to);
      long at = Memory.offset(entries) + 4;
      long base = Memory.offset(to);
      for (int i = 0; i < count; i++) {
        target.set(INT, base + i * 4L, from.get(INT, at + i * 8L));
      }
    }
  }

  static long number(MemorySegment numbers, long at, long limit) {
    long number = numbers.get(INT, at) & 0xFFFFFFFFL;
    if (number >= limit) {
      throw beyond(number, limit);
    }
    return number;
  }

  static CorruptPageException beyond(long number, long limit) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a list leads to slot " + number + " of an arena of " + limit,
        "run `quarry check`");
  }

  static void check(long list, int count, long limit, long cells, int cellBytes) {
    checkList(list, count);
    checkCells(limit, cells, cellBytes);
  }

  static void checkCells(long limit, long cells, int cellBytes) {
    if (limit > 0) {
      checkEnds(cells, limit, cellBytes);
    }
  }

  static void checkList(long list, int count) {
    assert count <= Stretch.MOST : count;
    if (count > 0) {
      Memory.check(list, count * 4L);
    }
  }

  /// The count of a list, known to be small: so the compiler computes no address for each number.
  static int bounded(int count) {
    return Math.min(count, Stretch.MOST);
  }

  static void checkBits(long bits, long limit) {
    if (limit > 0) {
      checkEnds(bits, limit + 63 >>> 6, 8);
    }
  }

  /// The cells are one allocation, so its ends tell.
  static void checkEnds(long cells, long count, int cellBytes) {
    Memory.check(cells, cellBytes);
    Memory.check(cells + (count - 1) * cellBytes, cellBytes);
  }
}
