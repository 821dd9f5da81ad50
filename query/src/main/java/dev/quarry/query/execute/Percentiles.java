package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// The state of `percentileCont` and `percentileDisc`, zeros at first: the percentile, then all
/// numbers as [CellChunks]. They are sorted when the result is asked for.
final class Percentiles {
  static final int BYTES = 8 + CellChunks.BYTES;

  private Percentiles() {}

  /// @param percentileHead of the second argument, which must be the same for all rows of a group
  static void add(
      Function function,
      long state,
      long head,
      long body,
      long percentileHead,
      long percentileBody,
      Scratch scratch,
      Span span) {
    Accumulator.requireNumber(function, head, span);
    double percentile = percentile(function, percentileHead, percentileBody, span);
    if (CellChunks.count(state + 8) == 0) {
      Memory.putDouble(state, percentile);
    } else if (Memory.getDouble(state) != percentile) {
      throw new EvaluationException(
          ErrorCode.ARGUMENT_INVALID,
          "the percentile of "
              + function.text()
              + " must be the same for all rows of a group, but is "
              + Memory.getDouble(state)
              + " and "
              + percentile,
          span,
          "give a literal, a parameter or a grouping key");
    }
    CellChunks.add(state + 8, head, body, scratch);
  }

  private static double percentile(Function function, long head, long body, Span span) {
    if (!Cell.isNumber(Cell.tag(head))) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "the percentile of " + function.text() + " is a number, not " + Cell.name(Cell.tag(head)),
          span,
          null);
    }
    double percentile = Cell.asDouble(head, body);
    if (!(percentile >= 0 && percentile <= 1)) {
      throw new EvaluationException(
          ErrorCode.NUMBER_OUT_OF_RANGE,
          "the percentile of "
              + function.text()
              + " lies between 0.0 and 1.0, not at "
              + percentile,
          span,
          null);
    }
    return percentile + 0.0;
  }

  /// Writes the percentile; null of nothing.
  static void result(Function function, long state, long to, Scratch scratch) {
    long count = CellChunks.count(state + 8);
    if (count == 0) {
      Cell.put(to, Cell.NULL, 0);
      return;
    }
    long mark = scratch.mark();
    long cells = CellChunks.contiguous(state + 8, scratch);
    sort(cells, count);
    double percentile = Memory.getDouble(state);
    if (function == Function.PERCENTILE_DISC) {
      long index = Math.max(0, (long) Math.ceil(percentile * count) - 1);
      Memory.copy(cells + index * Cell.BYTES, to, Cell.BYTES);
    } else {
      Cell.put(to, Cell.FLOAT, Double.doubleToRawLongBits(between(cells, count, percentile)));
    }
    scratch.release(mark);
  }

  /// The number at a place that may lie between two of the sorted ones.
  private static double between(long cells, long count, double percentile) {
    double place = percentile * (count - 1);
    long below = (long) Math.floor(place);
    double share = place - below;
    double lower = number(cells, below);
    return share == 0 ? lower : lower * (1 - share) + number(cells, below + 1) * share;
  }

  private static double number(long cells, long index) {
    long at = cells + index * Cell.BYTES;
    return Cell.asDouble(Cell.head(at), Cell.body(at));
  }

  /// Heap sort in place: the largest goes to the end, again and again.
  private static void sort(long cells, long count) {
    Pace pace = Pace.current();
    for (long root = count / 2 - 1; root >= 0; root--) {
      pace.step();
      sift(cells, root, count);
    }
    for (long end = count - 1; end > 0; end--) {
      pace.step();
      swap(cells, cells + end * Cell.BYTES);
      sift(cells, 0, end);
    }
  }

  private static void sift(long cells, long from, long count) {
    long root = from;
    while (2 * root + 1 < count) {
      long child = 2 * root + 1;
      if (child + 1 < count && order(cells, child, child + 1) < 0) {
        child++;
      }
      if (order(cells, root, child) >= 0) {
        return;
      }
      swap(cells + root * Cell.BYTES, cells + child * Cell.BYTES);
      root = child;
    }
  }

  private static int order(long cells, long a, long b) {
    long left = cells + a * Cell.BYTES;
    long right = cells + b * Cell.BYTES;
    return Relations.order(Cell.head(left), Cell.body(left), Cell.head(right), Cell.body(right));
  }

  private static void swap(long a, long b) {
    long head = Cell.head(a);
    long body = Cell.body(a);
    Memory.copy(b, a, Cell.BYTES);
    Cell.put(b, head, body);
  }
}
