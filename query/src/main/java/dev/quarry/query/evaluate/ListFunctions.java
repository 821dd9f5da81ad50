package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Functions of lists, some of them of strings too.
final class ListFunctions {
  private static final long MOST_IN_RANGE = Integer.MAX_VALUE / 4;

  private ListFunctions() {}

  static void apply(
      Function function,
      Evaluator[] arguments,
      EvaluationContext context,
      Span span,
      Evaluator target) {
    Evaluator of = arguments[0];
    Scratch values = context.values();
    if (function == Function.RANGE) {
      range(arguments, context, span, target);
      return;
    }
    if (of.isNull()) {
      target.setNull();
      return;
    }
    boolean list = of.tag() == Cell.LIST;
    boolean text = of.tag() == Cell.STRING;
    boolean ofText =
        function == Function.SIZE || function == Function.REVERSE || function == Function.IS_EMPTY;
    boolean ofMap = function == Function.IS_EMPTY && of.tag() == Cell.MAP;
    if (!list && !(text && ofText) && !ofMap) {
      throw Failures.type(
          function.text() + " needs a list" + (ofText ? " or a string" : ""), of.head, span);
    }
    int size = Cell.size(of.head);
    switch (function) {
      case SIZE -> target.setInteger(text ? TextFunctions.codePoints(of) : size);
      case IS_EMPTY -> target.setBoolean(size == 0);
      case HEAD -> element(of, 0, target);
      case LAST -> element(of, size - 1, target);
      case TAIL -> {
        long cells = of.body + (size > 1 ? Cell.BYTES : 0);
        target.set(Cell.partHead(of.head, cells, Math.max(0, size - 1)), cells);
      }
      case REVERSE -> {
        if (text) {
          String reversed = new StringBuilder(Border.text(of.head, of.body)).reverse().toString();
          BasicEvaluators.setText(target, reversed, values);
        } else {
          long cells = values.allocate((long) size * Cell.BYTES);
          for (long i = 0; i < size; i++) {
            context.pace().step();
            Memory.copy(of.body + i * Cell.BYTES, cells + (size - 1 - i) * Cell.BYTES, Cell.BYTES);
          }
          target.set(of.head, cells);
        }
      }
      default -> throw new AssertionError(function);
    }
  }

  private static void element(Evaluator list, long index, Evaluator target) {
    if (index < 0 || index >= Cell.size(list.head)) {
      target.setNull();
    } else {
      target.setCell(list.body + index * Cell.BYTES);
    }
  }

  private static void range(
      Evaluator[] arguments, EvaluationContext context, Span span, Evaluator target) {
    for (Evaluator argument : arguments) {
      if (argument.tag() != Cell.INTEGER) {
        throw new EvaluationException(
            ErrorCode.ARGUMENT_INVALID_TYPE,
            "range needs integers, not " + Cell.name(argument.tag()),
            span,
            null);
      }
    }
    long first = arguments[0].body;
    long last = arguments[1].body;
    long step = arguments.length == 3 ? arguments[2].body : 1;
    if (step == 0) {
      throw new EvaluationException(
          ErrorCode.NUMBER_OUT_OF_RANGE, "the step of range cannot be 0", span, null);
    }
    long count = 0;
    if (step > 0 ? first <= last : first >= last) {
      // both may reach 2^64, so they are unsigned
      long distance = step > 0 ? last - first : first - last;
      long steps = Long.divideUnsigned(distance, step > 0 ? step : -step);
      if (steps < 0 || steps >= MOST_IN_RANGE) {
        throw Failures.value(
            "range would have more than " + MOST_IN_RANGE + " elements",
            span,
            "UNWIND several smaller ranges");
      }
      count = steps + 1;
    }
    long cells = context.values().allocate(count * Cell.BYTES);
    for (long i = 0; i < count; i++) {
      context.pace().step();
      Cell.put(cells + i * Cell.BYTES, Cell.INTEGER, first + i * step);
    }
    target.set(Cell.flatListHead(count), cells);
  }
}
