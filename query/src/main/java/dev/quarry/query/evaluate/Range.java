package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;

/// `range(first, last, step)`: integers at the same distance from each other.
///
/// As a value it is a list like any other. Who asks for its elements one by one ([Elements]) has
/// them computed.
final class Range extends Evaluator {
  private static final long MOST_ELEMENTS = Integer.MAX_VALUE / 4;

  private final Evaluator[] arguments;
  private final EvaluationContext context;
  private final Span span;
  private long first;
  private long step;
  private long count;

  /// @param arguments the first element, the last one at most, and perhaps the step
  Range(Evaluator[] arguments, EvaluationContext context, Span span) {
    this.arguments = arguments;
    this.context = context;
    this.span = span;
  }

  @Override
  public void evaluate(Batch batch, int row) {
    begin(batch, row);
    long cells = context.values().allocate(count * Cell.BYTES);
    for (long i = 0; i < count; i++) {
      context.pace().step();
      Cell.put(cells + i * Cell.BYTES, Cell.INTEGER, element(i));
    }
    set(listHead(), cells);
  }

  /// Computes for a row which elements there are, and makes no list.
  void begin(Batch batch, int row) {
    for (Evaluator argument : arguments) {
      argument.evaluate(batch, row);
    }
    requireIntegers();
    first = arguments[0].body;
    step = arguments.length == 3 ? arguments[2].body : 1;
    if (step == 0) {
      throw new EvaluationException(
          ErrorCode.NUMBER_OUT_OF_RANGE, "the step of range cannot be 0", span, null);
    }
    count = count(arguments[1].body);
  }

  /// The head that its list has.
  long listHead() {
    return Cell.flatListHead(count);
  }

  long element(long index) {
    return first + index * step;
  }

  private void requireIntegers() {
    for (Evaluator argument : arguments) {
      if (argument.tag() != Cell.INTEGER) {
        throw new EvaluationException(
            ErrorCode.ARGUMENT_INVALID_TYPE,
            "range needs integers, not " + Cell.name(argument.tag()),
            span,
            null);
      }
    }
  }

  private long count(long last) {
    if (step > 0 ? first > last : first < last) {
      return 0;
    }
    // both may reach 2^64, so they are unsigned
    long distance = step > 0 ? last - first : first - last;
    long steps = Long.divideUnsigned(distance, step > 0 ? step : -step);
    if (steps < 0 || steps >= MOST_ELEMENTS) {
      throw Failures.value(
          "range would have more than " + MOST_ELEMENTS + " elements",
          span,
          "UNWIND several smaller ranges");
    }
    return steps + 1;
  }
}
