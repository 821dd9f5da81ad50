package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operators that look at one row at a time and change the batch of their input in place.
final class RowOperators {
  private RowOperators() {}

  static final class Filter extends Operator {
    private final Operator input;
    private final Evaluator predicate;
    private final Bound bound;
    private int[] kept = new int[0];

    Filter(Execution execution, Operator input, Bound predicate) {
      super(execution);
      this.input = input;
      this.predicate = compile(predicate);
      this.bound = predicate;
    }

    @Override
    void open() {
      input.open();
    }

    @Override
    @Nullable Batch next() {
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        forgetValues();
        int count = choose(batch);
        batch.select(kept, count);
        if (batch.size() > 0) {
          return batch;
        }
        execution.check();
      }
      return null;
    }

    /// Writes the numbers of the rows to keep; returns how many.
    private int choose(Batch batch) {
      if (kept.length < batch.size()) {
        kept = new int[batch.capacity()];
      }
      Vector truths = predicate.evaluateAll(batch);
      return truths != null && (truths.tag() == Cell.BOOLEAN || truths.tag() == Cell.NULL)
          ? chooseOf(truths, batch.size())
          : chooseEach(batch);
    }

    private int chooseOf(Vector truths, int rows) {
      execution.pace().steps(rows);
      int count = 0;
      for (int row = 0; row < rows; row++) {
        kept[count] = row;
        count += (int) truths.body(row); // 0 of a null
      }
      return count;
    }

    private int chooseEach(Batch batch) {
      int count = 0;
      for (int row = 0; row < batch.size(); row++) {
        execution.pace().step();
        predicate.evaluate(batch, row);
        requireCondition();
        if (predicate.isTrue()) {
          kept[count++] = row;
        }
      }
      return count;
    }

    private void requireCondition() {
      int tag = Cell.tag(predicate.head());
      if (tag != Cell.BOOLEAN && tag != Cell.NULL) {
        throw new EvaluationException(
            ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
            "a condition must be a boolean, not " + Cell.name(tag),
            bound.expression().span(),
            null);
      }
    }
  }

  static final class Project extends Operator {
    private final Operator input;
    private final int[] slots;
    private final Evaluator[] columns;

    Project(Execution execution, Operator input, List<LogicalPlan.Column> columns) {
      super(execution);
      this.input = input;
      this.slots = new int[columns.size()];
      this.columns = new Evaluator[slots.length];
      for (int i = 0; i < slots.length; i++) {
        slots[i] = columns.get(i).slot();
        this.columns[i] = compile(columns.get(i).value());
      }
    }

    @Override
    void open() {
      input.open();
    }

    @Override
    @Nullable Batch next() {
      Batch batch = input.next();
      if (batch == null) {
        return null;
      }
      forgetValues();
      for (int i = 0; i < columns.length; i++) {
        Vector all = columns[i].evaluateAll(batch);
        if (all != null) {
          execution.pace().steps(batch.size());
          batch.vector(slots[i]).copy(all, batch.size());
        } else {
          projectEach(columns[i], batch, slots[i]);
        }
      }
      return batch;
    }

    private void projectEach(Evaluator column, Batch batch, int slot) {
      for (int row = 0; row < batch.size(); row++) {
        execution.pace().step();
        column.evaluate(batch, row);
        batch.put(slot, row, column.head(), column.body());
      }
    }
  }

  static final class BindPath extends Operator {
    private final Operator input;
    private final LogicalPlan.BindPath plan;
    private final Reading reading;

    BindPath(Execution execution, Operator input, LogicalPlan.BindPath plan) {
      super(execution);
      this.input = input;
      this.plan = plan;
      this.reading = execution.reading();
    }

    @Override
    void open() {
      input.open();
    }

    @Override
    @Nullable Batch next() {
      Batch batch = input.next();
      if (batch == null) {
        return null;
      }
      forgetValues();
      for (int row = 0; row < batch.size(); row++) {
        bind(batch, row);
      }
      return batch;
    }

    private void bind(Batch batch, int row) {
      long length = 0;
      for (int slot : plan.relationships()) {
        long head = batch.head(slot, row);
        length += Cell.tag(head) == Cell.LIST ? Cell.size(head) : 1;
      }
      execution.pace().bytes((2 * length + 1) * Cell.BYTES);
      long cells = values().allocate((2 * length + 1) * Cell.BYTES);
      long at = cells;
      batch.getCell(plan.nodes().getFirst(), row, at);
      for (int slot : plan.relationships()) {
        long head = batch.head(slot, row);
        if (Cell.tag(head) == Cell.LIST) {
          for (long i = 0; i < Cell.size(head); i++) {
            at = append(at, Cell.body(batch.body(slot, row) + i * Cell.BYTES));
          }
        } else {
          at = append(at, batch.body(slot, row));
        }
      }
      batch.put(plan.slot(), row, Cell.head(Cell.PATH, 2 * length + 1), cells);
    }

    /// Appends a relationship and the node at its other end; returns where that node lies.
    private long append(long lastNode, long relationship) {
      Cell.put(lastNode + Cell.BYTES, Cell.RELATIONSHIP, relationship);
      long source = Cell.relationshipSource(relationship);
      boolean forward = source == Cell.body(lastNode);
      long node = forward ? Cell.relationshipTarget(relationship) : source;
      long head = Cell.head(Cell.NODE, reading.generation(node));
      Cell.put(lastNode + 2 * Cell.BYTES, head, node);
      return lastNode + 2 * Cell.BYTES;
    }
  }

  /// Skips and limits rows.
  static final class Window extends Operator {
    private final Operator input;
    private final @Nullable Bound skip;
    private final @Nullable Bound limit;
    private final boolean drains;
    private long toSkip;
    private long left;

    /// @param drains whether the input must run to its end, as it writes (rule S7)
    Window(
        Execution execution,
        Operator input,
        @Nullable Bound skip,
        @Nullable Bound limit,
        boolean drains) {
      super(execution);
      this.input = input;
      this.skip = skip;
      this.limit = limit;
      this.drains = drains;
    }

    @Override
    void open() {
      input.open();
      toSkip = skip == null ? 0 : count(this, skip, "SKIP");
      left = limit == null ? Long.MAX_VALUE : count(this, limit, "LIMIT");
    }

    /// The value of a SKIP or LIMIT.
    static long count(Operator operator, Bound bound, String clause) {
      Evaluator evaluator = operator.compile(bound);
      evaluator.evaluate(new Batch(0, operator.values(), 1), 0);
      if (Cell.tag(evaluator.head()) != Cell.INTEGER) {
        throw new EvaluationException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            clause + " needs an integer, not " + Cell.name(Cell.tag(evaluator.head())),
            bound.expression().span(),
            null);
      }
      if (evaluator.body() < 0) {
        throw new EvaluationException(
            ErrorCode.NEGATIVE_INTEGER_ARGUMENT,
            clause + " needs a number of rows, not " + evaluator.body(),
            bound.expression().span(),
            null);
      }
      return evaluator.body();
    }

    @Override
    @Nullable Batch next() {
      while (left > 0 || drains) {
        Batch batch = input.next();
        if (batch == null) {
          return null;
        }
        execution.pace().step();
        int drop = (int) Math.min(toSkip, batch.size());
        toSkip -= drop;
        int kept = (int) Math.min(left, batch.size() - drop);
        left -= kept;
        if (kept > 0) {
          for (int row = 0; drop > 0 && row < kept; row++) {
            batch.moveRow(row + drop, row);
          }
          batch.size(kept);
          return batch;
        }
      }
      return null;
    }
  }
}
