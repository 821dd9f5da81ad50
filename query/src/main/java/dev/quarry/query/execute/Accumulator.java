package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.query.value.RowImage;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// The states of aggregates, zeros at first.
///
/// ```text
/// COUNT       count
/// SUM, AVG    see [Sums]
/// MIN, MAX    1 once there is a value · cell · bytes for what it points to · how many
/// COLLECT     see [CellChunks]
/// ST_DEV …    see [Deviations]
/// PERCENTILE… see [Percentiles]
/// ```
final class Accumulator {
  private static final int EXTREME_BYTES = 40;

  private Accumulator() {}

  /// The size of the state of a function.
  static int bytes(Function function) {
    return switch (function) {
      case COUNT -> 8;
      case SUM, AVG -> Sums.BYTES;
      case MIN, MAX -> EXTREME_BYTES;
      case COLLECT -> CellChunks.BYTES;
      case ST_DEV, ST_DEV_P -> Deviations.BYTES;
      case PERCENTILE_CONT, PERCENTILE_DISC -> Percentiles.BYTES;
      default -> throw new AssertionError(function);
    };
  }

  /// Adds a value that is not null, to any function but a percentile.
  ///
  /// @param times how often; 1 for functions that do not count rows
  static void add(
      Function function, long state, long head, long body, long times, Scratch scratch, Span span) {
    switch (function) {
      case COUNT -> addCount(state, times);
      case SUM, AVG -> Sums.add(function, state, head, body, times, span);
      case MIN, MAX -> extreme(function, state, head, body, scratch);
      case COLLECT -> CellChunks.add(state, head, body, scratch);
      case ST_DEV, ST_DEV_P -> Deviations.add(function, state, head, body, span);
      default -> throw new AssertionError(function);
    }
  }

  /// Adds the values of all rows, where that can raise no error and no value needs to be copied.
  ///
  /// @param values null counts rows
  /// @return whether they were added
  static boolean addAll(Function function, long state, @Nullable Vector values, int rows) {
    return switch (function) {
      case COUNT -> {
        addCount(state, values == null ? rows : count(values, rows));
        yield true;
      }
      case SUM, AVG -> values != null && Sums.addAll(state, values, rows);
      case MIN, MAX -> values != null && extremeOf(function, state, values, rows);
      default -> false;
    };
  }

  /// Adds to a count.
  static void addCount(long state, long count) {
    Memory.putLong(state, Multiplicity.plus(Memory.getLong(state), count));
  }

  private static int count(Vector values, int rows) {
    int count = rows;
    for (int row = 0; values.hasNulls() && row < rows; row++) {
      count -= values.isNull(row) ? 1 : 0;
    }
    return count;
  }

  /// Adds the first of the least or largest numbers, which is all that matters of them.
  private static boolean extremeOf(Function function, long state, Vector values, int rows) {
    int tag = values.tag();
    if (!Cell.isNumber(tag)) {
      return tag == Cell.NULL;
    }
    int best = -1;
    for (int row = 0; row < rows; row++) {
      if (!values.isNull(row) && (best < 0 || isBetter(function, values, row, best))) {
        best = row;
      }
    }
    if (best >= 0) {
      addExtreme(function, state, tag, values.body(best));
    }
    return true;
  }

  /// Adds a number to the state of MIN or MAX.
  static void addExtreme(Function function, long state, int tag, long body) {
    if (replaces(function, state, tag, body)) {
      Memory.putLong(state, 1);
      Cell.put(state + 8, tag, body);
    }
  }

  private static boolean isBetter(Function function, Vector values, int row, int than) {
    int tag = values.tag();
    int order = Relations.order(tag, values.body(row), tag, values.body(than));
    return function == Function.MIN ? order < 0 : order > 0;
  }

  /// Whether a value comes before (or after) that of a state, or is the first.
  private static boolean replaces(Function function, long state, long head, long body) {
    if (Memory.getLong(state) == 0) {
      return true;
    }
    int order = Relations.order(head, body, Cell.head(state + 8), Cell.body(state + 8));
    return function == Function.MIN ? order < 0 : order > 0;
  }

  /// Refuses what a function over numbers cannot take.
  static void requireNumber(Function function, long head, Span span) {
    if (!Cell.isNumber(Cell.tag(head))) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          function.text() + " needs numbers, not " + Cell.name(Cell.tag(head)),
          span,
          null);
    }
  }

  private static void extreme(
      Function function, long state, long head, long body, Scratch scratch) {
    if (!replaces(function, state, head, body)) {
      return;
    }
    Memory.putLong(state, 1);
    switch (Cell.tag(head)) {
      case Cell.LIST, Cell.MAP, Cell.PATH, Cell.RELATIONSHIP ->
          keepImage(state, head, body, scratch);
      case Cell.NULL, Cell.BOOLEAN, Cell.INTEGER, Cell.FLOAT, Cell.NODE ->
          Cell.put(state + 8, head, body);
      default -> {
        int size = Cell.size(head);
        long kept = room(state, size, scratch);
        Memory.copy(body, kept, size);
        Cell.put(state + 8, head, kept);
      }
    }
  }

  /// Copies a value with all that it points to, in one piece.
  private static void keepImage(long state, long head, long body, Scratch scratch) {
    Cell.put(state + 8, head, body);
    long image = room(state, RowImage.bytes(state + 8, 1), scratch);
    new RowImage().write(state + 8, 1, image);
    Memory.copy(RowImage.land(image, 1), state + 8, Cell.BYTES);
  }

  /// Where the value before lay, if the new one fits: a sequence that rises step by step must not
  /// fill the memory of the query.
  private static long room(long state, long bytes, Scratch scratch) {
    if (bytes > Memory.getLong(state + 32)) {
      long room = Math.max(32, 2 * bytes);
      Memory.putLong(state + 24, scratch.allocate(room));
      Memory.putLong(state + 32, room);
    }
    return Memory.getLong(state + 24);
  }

  /// Adds what was added to another state, by a part of the rows.
  ///
  /// @throws OrderMatters if the result depends on which part took which rows
  static void join(Function function, long state, long part, Scratch scratch, Span span) {
    switch (function) {
      case COUNT -> addCount(state, Memory.getLong(part));
      case SUM, AVG -> Sums.join(state, part, span);
      case MIN, MAX -> joinExtreme(function, state, part, scratch);
      default -> throw new AssertionError(function);
    }
  }

  /// Of values that are alike in order but not the same, as 1 and 1.0, the first row has the say.
  private static void joinExtreme(Function function, long state, long part, Scratch scratch) {
    if (Memory.getLong(part) == 0) {
      return;
    }
    long head = Cell.head(part + 8);
    long body = Cell.body(part + 8);
    boolean alike =
        Memory.getLong(state) != 0
            && Relations.order(head, body, Cell.head(state + 8), Cell.body(state + 8)) == 0;
    if (alike && !Cell.isSame(head, body, Cell.head(state + 8), Cell.body(state + 8))) {
      throw new OrderMatters();
    }
    extreme(function, state, head, body, scratch);
  }

  /// Writes the result as a cell.
  static void result(Function function, long state, long to, Scratch scratch, Span span) {
    switch (function) {
      case COUNT -> Cell.put(to, Cell.INTEGER, Memory.getLong(state));
      case SUM -> Sums.sum(state, to, scratch, span);
      case AVG -> Sums.average(state, to, scratch);
      case MIN, MAX -> {
        if (Memory.getLong(state) == 0) {
          Cell.put(to, Cell.NULL, 0);
        } else {
          Memory.copy(state + 8, to, Cell.BYTES);
        }
      }
      case COLLECT -> {
        long cells = CellChunks.contiguous(state, scratch);
        Cell.put(to, Cell.listHead(cells, CellChunks.count(state)), cells);
      }
      case ST_DEV, ST_DEV_P -> Deviations.result(function, state, to);
      case PERCENTILE_CONT, PERCENTILE_DISC -> Percentiles.result(function, state, to, scratch);
      default -> throw new AssertionError(function);
    }
  }
}
