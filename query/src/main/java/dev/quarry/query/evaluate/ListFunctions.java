package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Functions of lists, some of them of strings too.
final class ListFunctions {
  private ListFunctions() {}

  static void apply(
      Function function, Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    Scratch values = context.values();
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
}
