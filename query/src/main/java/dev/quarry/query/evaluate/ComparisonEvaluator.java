package dev.quarry.query.evaluate;

import dev.quarry.query.syntax.Expression.Comparison.Operator;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `=`, `<>`, `<` and its kin, also in chains (`1 < x <= 3`): ternary, and without errors.
final class ComparisonEvaluator extends Evaluator {
  private final Evaluator[] terms;
  private final Operator[] operators;
  private final Vector truths;

  ComparisonEvaluator(Evaluator[] terms, List<Operator> operators, EvaluationContext context) {
    this.terms = terms;
    this.operators = operators.toArray(new Operator[0]);
    this.truths = new Vector(context.constants());
  }

  @Override
  public void evaluate(Batch batch, int row) {
    terms[0].evaluate(batch, row);
    int result = 1;
    for (int i = 1; i < terms.length; i++) {
      Evaluator a = terms[i - 1];
      Evaluator b = terms[i];
      b.evaluate(batch, row);
      int one = compare(operators[i - 1], a.head, a.body, b.head, b.body);
      if (one == 0) {
        setBoolean(false);
        return;
      }
      result = one == Relations.UNKNOWN ? one : result;
    }
    setTernary(result);
  }

  private static int compare(Operator operator, long headA, long bodyA, long headB, long bodyB) {
    switch (operator) {
      case EQUAL -> {
        return Relations.equal(headA, bodyA, headB, bodyB);
      }
      case NOT_EQUAL -> {
        int equal = Relations.equal(headA, bodyA, headB, bodyB);
        return equal == Relations.UNKNOWN ? equal : 1 - equal;
      }
      default -> {}
    }
    boolean bothNumbers = Cell.isNumber(Cell.tag(headA)) && Cell.isNumber(Cell.tag(headB));
    if (bothNumbers && (isNaN(headA, bodyA) || isNaN(headB, bodyB))) {
      return 0;
    }
    int order = Relations.compare(headA, bodyA, headB, bodyB);
    if (order == Integer.MIN_VALUE) {
      return Relations.UNKNOWN;
    }
    boolean holds =
        switch (operator) {
          case LESS -> order < 0;
          case LESS_OR_EQUAL -> order <= 0;
          case GREATER -> order > 0;
          default -> order >= 0;
        };
    return holds ? 1 : 0;
  }

  private static boolean isNaN(long head, long body) {
    return Cell.tag(head) == Cell.FLOAT && Double.isNaN(Double.longBitsToDouble(body));
  }

  @Override
  @Nullable Vector vector(Batch batch) {
    if (terms.length != 2) {
      return null;
    }
    Vector a = terms[0].evaluateAll(batch);
    Vector b = a == null ? null : terms[1].evaluateAll(batch);
    if (a == null || b == null) {
      return null;
    }
    boolean integers = a.tag() == Cell.INTEGER && b.tag() == Cell.INTEGER;
    if (integers || a.tag() == Cell.FLOAT && b.tag() == Cell.FLOAT) {
      compareNumbers(a, b, integers, batch.size());
    } else {
      compareAny(a, b, batch.size());
    }
    return truths;
  }

  private void compareAny(Vector a, Vector b, int rows) {
    truths.begin(rows);
    for (int row = 0; row < rows; row++) {
      int truth = compare(operators[0], a.head(row), a.body(row), b.head(row), b.body(row));
      LogicEvaluators.putTruth(truths, row, truth);
    }
  }

  // Numbers of one type: one of four things is the case, and an operator is the set of those for
  // which it holds.

  private static final int LESS = 0;
  private static final int EQUAL = 1;
  private static final int GREATER = 2;
  private static final int UNORDERED = 3;

  private void compareNumbers(Vector a, Vector b, boolean integers, int rows) {
    truths.begin(rows, Cell.BOOLEAN);
    int holding = holding(operators[0]);
    long left = a.bodies();
    long right = b.bodies();
    long to = truths.bodies();
    for (int row = 0; integers && row < rows; row++) {
      long x = Memory.getLong(left + row * 8L);
      long y = Memory.getLong(right + row * 8L);
      Memory.putLong(to + row * 8L, holding >>> Long.compare(x, y) + EQUAL & 1);
    }
    for (int row = 0; !integers && row < rows; row++) {
      double x = Memory.getDouble(left + row * 8L);
      double y = Memory.getDouble(right + row * 8L);
      int outcome = x < y ? LESS : x == y ? EQUAL : x > y ? GREATER : UNORDERED;
      Memory.putLong(to + row * 8L, holding >>> outcome & 1);
    }
    if (a.hasNulls() || b.hasNulls()) {
      putNulls(a, b, rows);
    }
  }

  private void putNulls(Vector a, Vector b, int rows) {
    for (int row = 0; row < rows; row++) {
      if (a.isNull(row) || b.isNull(row)) {
        truths.putNull(row);
      }
    }
  }

  private static int holding(Operator operator) {
    return switch (operator) {
      case EQUAL -> 1 << EQUAL;
      case NOT_EQUAL -> 1 << LESS | 1 << GREATER | 1 << UNORDERED;
      case LESS -> 1 << LESS;
      case LESS_OR_EQUAL -> 1 << LESS | 1 << EQUAL;
      case GREATER -> 1 << GREATER;
      case GREATER_OR_EQUAL -> 1 << GREATER | 1 << EQUAL;
    };
  }
}
