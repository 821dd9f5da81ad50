package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// The states of aggregates: 32 bytes each, zeros at first.
///
/// ```text
/// COUNT     count
/// SUM, AVG  count · tag of the sum · sum
/// MIN, MAX  1 once there is a value · - · cell
/// COLLECT   count · first chunk · last chunk · cells free in it
/// ```
///
/// A chunk is the address of the next one, then cells: 4 at first, then twice as many up to 1,024.
final class Accumulator {
  static final int BYTES = 32;

  private static final int FIRST_CHUNK = 4;
  private static final int LARGEST_CHUNK = 1024;

  private Accumulator() {}

  /// Adds a value that is not null.
  static void add(Function function, long state, long head, long body, Scratch scratch, Span span) {
    switch (function) {
      case COUNT -> Memory.putLong(state, Memory.getLong(state) + 1);
      case SUM, AVG -> sum(function, state, head, body, span);
      case MIN, MAX -> extreme(function, state, head, body, scratch);
      case COLLECT -> collect(state, head, body, scratch);
      default -> throw new AssertionError(function);
    }
  }

  private static void sum(Function function, long state, long head, long body, Span span) {
    int tag = Cell.tag(head);
    if (!Cell.isNumber(tag)) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          function.text() + " needs numbers, not " + Cell.name(tag),
          span,
          null);
    }
    long count = Memory.getLong(state);
    boolean integers = tag == Cell.INTEGER && (count == 0 || Memory.getLong(state + 8) == tag);
    if (integers && function == Function.SUM) {
      try {
        Memory.putLong(state + 16, Math.addExact(Memory.getLong(state + 16), body));
      } catch (ArithmeticException e) {
        throw new EvaluationException(
            ErrorCode.ARITHMETIC_OVERFLOW,
            "the sum does not fit into an integer of 64 bits",
            span,
            "sum floats: sum(toFloat(…))");
      }
      Memory.putLong(state + 8, Cell.INTEGER);
    } else {
      double before =
          Memory.getLong(state + 8) == Cell.INTEGER
              ? (double) Memory.getLong(state + 16)
              : Memory.getDouble(state + 16);
      Memory.putDouble(state + 16, before + Cell.asDouble(head, body));
      Memory.putLong(state + 8, Cell.FLOAT);
    }
    Memory.putLong(state, count + 1);
  }

  private static void extreme(
      Function function, long state, long head, long body, Scratch scratch) {
    if (Memory.getLong(state) != 0) {
      int order = Relations.order(head, body, Cell.head(state + 16), Cell.body(state + 16));
      if (function == Function.MIN ? order >= 0 : order <= 0) {
        return;
      }
    }
    Memory.putLong(state, 1);
    Cell.retain(head, body, state + 16, scratch);
  }

  private static void collect(long state, long head, long body, Scratch scratch) {
    long count = Memory.getLong(state);
    long free = Memory.getLong(state + 24);
    long chunk = Memory.getLong(state + 16);
    if (free == 0) {
      long size = chunkSize(count);
      long next = scratch.allocate(8 + size * Cell.BYTES);
      Memory.putLong(next, 0);
      Memory.putLong(chunk == 0 ? state + 8 : chunk, next);
      Memory.putLong(state + 16, next);
      chunk = next;
      free = size;
    }
    long used = chunkSize(count - usedIn(count)) - free;
    Cell.retain(head, body, chunk + 8 + used * Cell.BYTES, scratch);
    Memory.putLong(state, count + 1);
    Memory.putLong(state + 24, free - 1);
  }

  /// The size of the chunk that begins with cell number `start`.
  private static long chunkSize(long start) {
    long size = FIRST_CHUNK;
    long begin = 0;
    while (begin < start && size < LARGEST_CHUNK) {
      begin += size;
      size *= 2;
    }
    return Math.min(size, LARGEST_CHUNK);
  }

  /// How many cells of the chunk in which cell number `at` lies come before it.
  private static long usedIn(long at) {
    long size = FIRST_CHUNK;
    long begin = 0;
    while (begin + size <= at && size < LARGEST_CHUNK) {
      begin += size;
      size *= 2;
    }
    return (at - begin) % size;
  }

  /// Writes the result as a cell.
  static void result(Function function, long state, long to, Scratch scratch) {
    switch (function) {
      case COUNT -> Cell.put(to, Cell.INTEGER, Memory.getLong(state));
      case SUM -> {
        boolean empty = Memory.getLong(state) == 0;
        Cell.put(to, empty ? Cell.INTEGER : Memory.getLong(state + 8), Memory.getLong(state + 16));
      }
      case AVG -> {
        long count = Memory.getLong(state);
        double average = Memory.getDouble(state + 16) / count;
        Cell.put(to, count == 0 ? Cell.NULL : Cell.FLOAT, Double.doubleToRawLongBits(average));
      }
      case MIN, MAX -> {
        if (Memory.getLong(state) == 0) {
          Cell.put(to, Cell.NULL, 0);
        } else {
          Memory.copy(state + 16, to, Cell.BYTES);
        }
      }
      case COLLECT -> list(state, to, scratch);
      default -> throw new AssertionError(function);
    }
  }

  private static void list(long state, long to, Scratch scratch) {
    long count = Memory.getLong(state);
    long cells = scratch.allocate(count * Cell.BYTES);
    long done = 0;
    for (long chunk = Memory.getLong(state + 8); chunk != 0; chunk = Memory.getLong(chunk)) {
      long here = Math.min(chunkSize(done), count - done);
      Memory.copy(chunk + 8, cells + done * Cell.BYTES, here * Cell.BYTES);
      done += here;
    }
    Cell.put(to, Cell.listHead(cells, count), cells);
  }
}
