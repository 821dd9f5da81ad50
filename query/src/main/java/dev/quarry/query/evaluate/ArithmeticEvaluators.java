package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operators on numbers, and `+` on strings and lists (rule S18).
final class ArithmeticEvaluators {
  private ArithmeticEvaluators() {}

  static final class Chain extends Evaluator {
    private final Evaluator[] terms;
    private final char[] operators;
    private final Scratch values;
    private final Pace pace;
    private final Span span;
    private final Vector[] results;

    Chain(Evaluator[] terms, List<Character> operators, EvaluationContext context, Span span) {
      this.terms = terms;
      this.operators = new char[operators.size()];
      for (int i = 0; i < this.operators.length; i++) {
        this.operators[i] = operators.get(i);
      }
      this.values = context.values();
      this.pace = context.pace();
      this.span = span;
      this.results =
          new Vector[] {new Vector(context.constants()), new Vector(context.constants())};
    }

    @Override
    public void evaluate(Batch batch, int row) {
      terms[0].evaluate(batch, row);
      long resultHead = terms[0].head;
      long resultBody = terms[0].body;
      for (int i = 1; i < terms.length; i++) {
        Evaluator right = terms[i];
        right.evaluate(batch, row);
        set(resultHead, resultBody);
        apply(operators[i - 1], right);
        resultHead = head;
        resultBody = body;
      }
      set(resultHead, resultBody);
    }

    private void apply(char operator, Evaluator right) {
      if (operator == '+' && (tag() == Cell.LIST || right.tag() == Cell.LIST)) {
        concatenate(right);
      } else if (isNull() || right.isNull()) {
        setNull();
      } else if (Cell.isNumber(tag()) && Cell.isNumber(right.tag())) {
        boolean integers = tag() == Cell.INTEGER && right.tag() == Cell.INTEGER;
        if (integers && operator != '^') {
          setInteger(integer(operator, body, right.body));
        } else {
          setFloat(
              floating(operator, Cell.asDouble(head, body), Cell.asDouble(right.head, right.body)));
        }
      } else if (operator == '+' && (tag() == Cell.STRING || right.tag() == Cell.STRING)) {
        join(right);
      } else if (Cell.isEncoded(tag()) || Cell.isEncoded(right.tag())) {
        TemporalFunctions.compute(operator, this, right, values, span);
      } else {
        throw Failures.operands(operator, head, right.head, span);
      }
    }

    @Override
    @Nullable Vector vector(Batch batch) {
      Vector left = terms[0].evaluateAll(batch);
      for (int i = 1; left != null && i < terms.length; i++) {
        Vector right = terms[i].evaluateAll(batch);
        boolean numbers = isNumeric(left) && right != null && isNumeric(right);
        Vector result = results[i & 1];
        boolean done = numbers && apply(operators[i - 1], left, right, result, batch.size());
        left = done ? result : null;
      }
      return left;
    }

    private static boolean isNumeric(Vector values) {
      return values.tag() == Cell.NULL || Cell.isNumber(values.tag());
    }

    /// Applies an operator to numbers; false if that raises an error in some row.
    private static boolean apply(char operator, Vector a, Vector b, Vector to, int rows) {
      to.begin(rows);
      if (a.tag() == Cell.NULL || b.tag() == Cell.NULL) {
        return true;
      }
      boolean nulls = a.hasNulls() || b.hasNulls();
      boolean integers = a.tag() == Cell.INTEGER && b.tag() == Cell.INTEGER && operator != '^';
      try {
        for (int row = 0; row < rows; row++) {
          long x = a.body(row);
          long y = b.body(row);
          if (nulls && (a.isNull(row) || b.isNull(row))) {
            to.putNull(row);
          } else if (integers) {
            to.put(row, Cell.INTEGER, compute(operator, x, y));
          } else {
            double value = floating(operator, Cell.asDouble(a.tag(), x), Cell.asDouble(b.tag(), y));
            to.put(row, Cell.FLOAT, Double.doubleToRawLongBits(value));
          }
        }
        return true;
      } catch (ArithmeticException e) {
        return false;
      }
    }

    private static long compute(char operator, long a, long b) {
      return switch (operator) {
        case '+' -> Math.addExact(a, b);
        case '-' -> Math.subtractExact(a, b);
        case '*' -> Math.multiplyExact(a, b);
        case '/' -> Math.divideExact(a, b);
        default -> b == -1 ? 0 : a % b;
      };
    }

    private long integer(char operator, long a, long b) {
      try {
        return compute(operator, a, b);
      } catch (ArithmeticException e) {
        if (b == 0 && operator != '*') {
          throw new EvaluationException(
              ErrorCode.DIVISION_BY_ZERO,
              "division by zero: " + a + " " + operator + " 0",
              span,
              "test the divisor before, or divide by a float");
        }
        throw Failures.overflow(a + " " + operator + " " + b, span);
      }
    }

    private static double floating(char operator, double a, double b) {
      return switch (operator) {
        case '+' -> a + b;
        case '-' -> a - b;
        case '*' -> a * b;
        case '/' -> a / b;
        case '%' -> a % b;
        default -> Math.pow(a, b);
      };
    }

    private void concatenate(Evaluator right) {
      boolean leftIsList = tag() == Cell.LIST;
      boolean rightIsList = right.tag() == Cell.LIST;
      if (leftIsList && rightIsList || !isNull() && !right.isNull()) {
        long left = leftIsList ? Cell.size(head) : 1;
        long more = rightIsList ? Cell.size(right.head) : 1;
        requireSize(left + more);
        pace.bytes((left + more) * Cell.BYTES);
        long cells = values.allocate((left + more) * Cell.BYTES);
        put(cells, leftIsList, head, body, left);
        put(cells + left * Cell.BYTES, rightIsList, right.head, right.body, more);
        set(Cell.listHead(cells, left + more), cells);
      } else {
        setNull();
      }
    }

    /// A cell has 32 bits for the size of a string or list.
    private void requireSize(long size) {
      if (size > Integer.MAX_VALUE) {
        throw new EvaluationException(
            ErrorCode.LIMIT_EXCEEDED,
            "a string or list of " + size + " bytes or elements is too long",
            span,
            "the limit is " + Integer.MAX_VALUE);
      }
    }

    private static void put(long to, boolean list, long head, long body, long count) {
      if (list) {
        Memory.copy(body, to, count * Cell.BYTES);
      } else {
        Cell.put(to, head, body);
      }
    }

    private void join(Evaluator right) {
      boolean plain = tag() == Cell.STRING && right.tag() == Cell.STRING;
      if (plain) {
        int left = Cell.size(head);
        int more = Cell.size(right.head);
        requireSize((long) left + more);
        pace.bytes((long) left + more);
        long bytes = values.allocate((long) left + more);
        Memory.copy(body, bytes, left);
        Memory.copy(right.body, bytes + left, more);
        set(Cell.head(Cell.STRING, (long) left + more), bytes);
        return;
      }
      BasicEvaluators.setText(this, text(head, body) + text(right.head, right.body), values);
    }

    private String text(long head, long body) {
      return switch (Cell.tag(head)) {
        case Cell.STRING -> Border.text(head, body);
        case Cell.INTEGER -> Long.toString(body);
        case Cell.FLOAT -> Double.toString(Double.longBitsToDouble(body));
        case Cell.BOOLEAN -> Boolean.toString(body != 0);
        default ->
            throw Failures.type("`+` cannot join a string and " + Cell.name(Cell.tag(head)), span);
      };
    }
  }

  static final class Negation extends Evaluator {
    private final Evaluator operand;
    private final Span span;

    Negation(Evaluator operand, Span span) {
      this.operand = operand;
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      operand.evaluate(batch, row);
      switch (operand.tag()) {
        case Cell.NULL -> setNull();
        case Cell.FLOAT -> setFloat(-Double.longBitsToDouble(operand.body));
        case Cell.INTEGER -> {
          if (operand.body == Long.MIN_VALUE) {
            throw Failures.overflow("-(" + operand.body + ")", span);
          }
          setInteger(-operand.body);
        }
        default -> throw Failures.type("`-` needs a number", operand.head, span);
      }
    }
  }
}
