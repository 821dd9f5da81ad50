package dev.quarry.storage.memory;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Loops over a list of unsigned 4-byte numbers, each of which names a cell of an array: what graph
/// kernels do for each neighbour of a node.
///
/// ```text
/// list    ┌─────┬─────┬─────┐            stride 4, or 8 where each number has a companion
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
  public static double sum(long list, int count, int stride, long limit, long cells) {
    check(list, count, stride, limit, cells, 8);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    return stride == 4
        ? sum(numbers, at, count, 4, limit, values, base)
        : sum(numbers, at, count, 8, limit, values, base);
  }

  /// With a stride that is a constant where it is called, so that C2 takes the checks of bounds out
  /// of the loop.
  private static double sum(
      MemorySegment numbers,
      long at,
      int count,
      long stride,
      long limit,
      MemorySegment values,
      long base) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      long number = number(numbers, at + i * stride, limit);
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
      int stride,
      long limit,
      long cells,
      int value,
      boolean shared,
      int first,
      long into) {
    check(list, count, stride, limit, cells, 4);
    Memory.check(into, count * 4L);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment found = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long to = Memory.offset(into);
    int claimed = 0;
    for (int i = 0; i < count; i++) {
      long number = number(numbers, at + (long) i * stride, limit);
      long cell = base + number * 4;
      if (values.get(INT, cell) == -1 && take(values, cell, value, shared)) {
        found.set(INT, to + claimed * 4L, first + (int) number);
        claimed++;
      }
    }
    return claimed;
  }

  private static boolean take(MemorySegment values, long cell, int value, boolean shared) {
    if (shared) {
      return CELL.compareAndSet(values, cell, -1, value);
    }
    values.set(INT, cell, value);
    return true;
  }

  /// Whether a bit that a list names is set.
  ///
  /// @param bits address of 8-byte words
  public static boolean anySet(long list, int count, int stride, long limit, long bits) {
    checkList(list, count, stride);
    checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    return stride == 4
        ? anySet(numbers, at, count, 4, limit, words, base)
        : anySet(numbers, at, count, 8, limit, words, base);
  }

  private static boolean anySet(
      MemorySegment numbers,
      long at,
      int count,
      long stride,
      long limit,
      MemorySegment words,
      long base) {
    for (int i = 0; i < count; i++) {
      long number = number(numbers, at + i * stride, limit);
      if ((words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1) != 0) {
        return true;
      }
    }
    return false;
  }

  /// How many numbers of a list equal one.
  public static int countEqual(long list, int count, int stride, int wanted) {
    checkList(list, count, stride);
    MemorySegment numbers = Memory.segment(list);
    long at = Memory.offset(list);
    int equal = 0;
    for (int i = 0; i < count; i++) {
      equal += numbers.get(INT, at + (long) i * stride) == wanted ? 1 : 0;
    }
    return equal;
  }

  /// Joins the set of one member with those of the members that a list names, see [#link]. Other
  /// threads may do the same at once.
  ///
  /// @param first is added to a number to give its member
  /// @param sets address of the cells of all members
  public static void linkAll(
      long list, int count, int stride, long limit, int first, long sets, int member) {
    checkList(list, count, stride);
    MemorySegment numbers = Memory.segment(list);
    long at = Memory.offset(list);
    for (int i = 0; i < count; i++) {
      link(sets, member, first + (int) number(numbers, at + (long) i * stride, limit));
    }
  }

  /// Joins two sets of a forest in which a member's cell of 4 bytes names a member of the same set
  /// that is not greater; a root names itself. So the root of a set is its least member. After M.
  /// Sutton et al., "Optimizing Parallel Graph Connectivity Computation via Subgraph Sampling",
  /// 2018.
  public static void link(long sets, int a, int b) {
    MemorySegment cells = Memory.segment(sets);
    long base = Memory.offset(sets);
    int one = cells.get(INT, base + a * 4L);
    int other = cells.get(INT, base + b * 4L);
    while (one != other) {
      int high = Math.max(one, other);
      int low = Math.min(one, other);
      int above = cells.get(INT, base + high * 4L);
      boolean done = above == low;
      if (done || above == high && CELL.compareAndSet(cells, base + high * 4L, high, low)) {
        return;
      }
      one = cells.get(INT, base + cells.get(INT, base + high * 4L) * 4L);
      other = cells.get(INT, base + low * 4L);
    }
  }

  /// Lets members from `from` to `to` name the roots of their sets. Other threads may do the same
  /// for other members at once, while no sets are joined.
  public static void flatten(long sets, long from, long to) {
    MemorySegment cells = Memory.segment(sets);
    long base = Memory.offset(sets);
    for (long member = from; member < to; member++) {
      int root = cells.get(INT, base + member * 4);
      int above = cells.get(INT, base + root * 4L);
      while (root != above) {
        root = above;
        above = cells.get(INT, base + root * 4L);
      }
      cells.set(INT, base + member * 4, root);
    }
  }

  /// A bit for each of up to 64 cells of 4 bytes: whether its integer is not below one.
  public static long atLeast(long cells, int count, int least) {
    Memory.check(cells, count * 4L);
    MemorySegment segment = Memory.segment(cells);
    long base = Memory.offset(cells);
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= (segment.get(INT, base + i * 4L) >= least ? 1L : 0L) << i;
    }
    return bits;
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

  static long number(MemorySegment numbers, long at, long limit) {
    long number = numbers.get(INT, at) & 0xFFFFFFFFL;
    if (number >= limit) {
      throw beyond(number, limit);
    }
    return number;
  }

  private static CorruptPageException beyond(long number, long limit) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a list leads to slot " + number + " of an arena of " + limit,
        "run `quarry check`");
  }

  static void check(long list, int count, int stride, long limit, long cells, int cellBytes) {
    checkList(list, count, stride);
    if (limit > 0) {
      checkEnds(cells, limit, cellBytes);
    }
  }

  static void checkList(long list, int count, int stride) {
    assert stride == 4 || stride == 8 : stride;
    if (count > 0) {
      Memory.check(list, (count - 1L) * stride + 4);
    }
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
