package dev.quarry.query.execute;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;

/// The state of `stDev` and `stDevP`, zeros at first: count · mean so far · sum of squared
/// distances from it. It is kept by Welford's method, which loses no digits to large sums.
final class Deviations {
  static final int BYTES = 24;

  private Deviations() {}

  static void add(Function function, long state, long head, long body, Span span) {
    Accumulator.requireNumber(function, head, span);
    double value = Cell.asDouble(head, body);
    long count = Memory.getLong(state) + 1;
    double mean = Memory.getDouble(state + 8);
    double distance = value - mean;
    double newMean = mean + distance / count;
    Memory.putLong(state, count);
    Memory.putDouble(state + 8, newMean);
    Memory.putDouble(state + 16, Memory.getDouble(state + 16) + distance * (value - newMean));
  }

  /// Writes the deviation: of a sample divided by one less than the count, 0.0 where there are
  /// fewer than two values.
  static void result(Function function, long state, long to) {
    long count = Memory.getLong(state);
    long divisor = function == Function.ST_DEV ? count - 1 : count;
    double result = count < 2 ? 0 : Math.sqrt(Memory.getDouble(state + 16) / divisor);
    Cell.put(to, Cell.FLOAT, Double.doubleToRawLongBits(result));
  }
}
