package dev.quarry.query.execute;

import dev.quarry.error.Span;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Function;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups rows by keys and computes aggregates of each group. Groups come in the order in which
/// they were met; without keys there is exactly one, also of no rows.
final class Aggregate extends Operator {
  private static final Span NOWHERE = new Span(1, 1, 1, 0);

  private final Operator input;
  private final List<LogicalPlan.Aggregation> aggregations;
  private final int[] keySlots;
  private final RowValue[] keys;
  private final @Nullable RowValue[] arguments;
  private final @Nullable Evaluator[] parameters;
  private final Span[] spans;
  private final int[] offsets;
  private final boolean[] taken;
  private final int stateBytes;
  private final Scratch kept;
  private final Batch output;
  private @Nullable GroupTable groups;
  private final @Nullable GroupTable[] distinct;
  private long keyCells;
  private long pair;
  private long entry;
  private boolean gathered;

  Aggregate(Execution execution, Operator input, LogicalPlan.Aggregate plan, int slotCount) {
    super(execution);
    this.input = input;
    this.aggregations = plan.aggregations();
    this.keySlots = plan.keys().stream().mapToInt(LogicalPlan.Column::slot).toArray();
    this.keys = RowValue.of(compile(plan.keys().stream().map(LogicalPlan.Column::value).toList()));
    this.arguments = new RowValue[aggregations.size()];
    this.parameters = new Evaluator[arguments.length];
    this.taken = new boolean[arguments.length];
    this.spans = new Span[arguments.length];
    this.offsets = new int[arguments.length];
    int bytes = 0;
    for (int i = 0; i < arguments.length; i++) {
      var argument = aggregations.get(i).argument();
      var parameter = aggregations.get(i).parameter();
      arguments[i] = argument == null ? null : new RowValue(compile(argument));
      parameters[i] = parameter == null ? null : compile(parameter);
      spans[i] = argument == null ? NOWHERE : argument.expression().span();
      offsets[i] = bytes;
      bytes += Accumulator.bytes(aggregations.get(i).function());
    }
    this.stateBytes = bytes;
    this.distinct = new GroupTable[arguments.length];
    this.kept = execution.newScratch();
    this.output =
        keys.length == 0
            ? new Batch(slotCount, execution.newScratch(), 1)
            : execution.newBatch(slotCount);
  }

  @Override
  void open() {
    input.open();
    kept.reset();
    keyCells = kept.allocate((long) Math.max(1, keys.length) * Cell.BYTES);
    pair = kept.allocate(2L * Cell.BYTES);
    groups = new GroupTable(kept, keys.length, stateBytes);
    for (int i = 0; i < distinct.length; i++) {
      distinct[i] = aggregations.get(i).distinct() ? new GroupTable(kept, 2, 0) : null;
    }
    gathered = false;
  }

  @Override
  @Nullable Batch next() {
    GroupTable table = java.util.Objects.requireNonNull(groups);
    if (!gathered) {
      gather(table);
      gathered = true;
      entry = table.first();
    }
    values.reset();
    output.begin();
    int row = 0;
    while (entry != 0 && row < output.capacity()) {
      execution.pace().step();
      for (int i = 0; i < keySlots.length; i++) {
        long key = table.key(entry) + (long) i * Cell.BYTES;
        output.put(keySlots[i], row, Cell.head(key), Cell.body(key));
      }
      for (int i = 0; i < arguments.length; i++) {
        LogicalPlan.Aggregation aggregation = aggregations.get(i);
        Accumulator.result(
            aggregation.function(), table.state(entry) + offsets[i], pair, values, spans[i]);
        output.putCell(aggregation.slot(), row, pair);
      }
      entry = table.next(entry);
      row++;
    }
    output.size(row);
    return row == 0 ? null : output;
  }

  private void gather(GroupTable table) {
    if (keys.length == 0) {
      table.find(keyCells);
    }
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      values.reset();
      begin(batch);
      if (keys.length > 0 || !takeAll(table.state(table.first()), batch.size())) {
        gather(table, batch);
      }
    }
  }

  private void begin(Batch batch) {
    for (RowValue key : keys) {
      key.begin(batch);
    }
    for (RowValue argument : arguments) {
      if (argument != null) {
        argument.begin(batch);
      }
    }
  }

  /// Adds all rows to those aggregates of the only group that can take them at once; whether no
  /// aggregate is left.
  private boolean takeAll(long states, int rows) {
    boolean all = true;
    for (int i = 0; i < arguments.length; i++) {
      Function function = aggregations.get(i).function();
      RowValue argument = arguments[i];
      Vector vector = argument == null ? null : argument.all();
      taken[i] =
          distinct[i] == null
              && (argument == null || vector != null)
              && Accumulator.addAll(function, states + offsets[i], vector, rows);
      all &= taken[i];
    }
    return all;
  }

  private void gather(GroupTable table, Batch batch) {
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      for (int i = 0; i < keys.length; i++) {
        keys[i].row(row);
        Cell.put(keyCells + (long) i * Cell.BYTES, keys[i].head(), keys[i].body());
      }
      long state = keys.length == 0 ? table.state(table.first()) : table.find(keyCells);
      add(batch, row, state);
    }
  }

  private void add(Batch batch, int row, long states) {
    for (int i = 0; i < arguments.length; i++) {
      Function function = aggregations.get(i).function();
      long state = states + offsets[i];
      RowValue argument = arguments[i];
      if (taken[i]) {
        continue;
      }
      if (argument == null) {
        Accumulator.add(function, state, Cell.INTEGER, 1, kept, NOWHERE);
        continue;
      }
      argument.row(row);
      if (Cell.tag(argument.head()) == Cell.NULL || !isNew(i, states, argument)) {
        continue;
      }
      Evaluator parameter = parameters[i];
      if (parameter == null) {
        Accumulator.add(function, state, argument.head(), argument.body(), kept, spans[i]);
      } else {
        parameter.evaluate(batch, row);
        Percentiles.add(
            function,
            state,
            argument.head(),
            argument.body(),
            parameter.head(),
            parameter.body(),
            kept,
            spans[i]);
      }
    }
  }

  /// Whether an aggregate of distinct values meets this one for the first time in its group.
  private boolean isNew(int aggregate, long states, RowValue argument) {
    GroupTable seen = distinct[aggregate];
    if (seen == null) {
      return true;
    }
    Cell.put(pair, Cell.INTEGER, states);
    Cell.put(pair + Cell.BYTES, argument.head(), argument.body());
    seen.find(pair);
    return seen.added();
  }
}
