package dev.quarry.query.execute;

import dev.quarry.error.Span;
import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Function;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The aggregates of one operator: rows are added to the states of a group, which lie behind each
/// other as [Accumulator] has them. States of parts of the rows can be joined, but for those whose
/// result shows the order of rows: sums of floats, which are refused where a part meets the first.
final class Accumulation {
  private static final Span NOWHERE = new Span(1, 1, 1, 0);

  private final List<LogicalPlan.Aggregation> aggregations;
  private final @Nullable RowValue[] arguments;
  private final @Nullable Evaluator[] parameters;
  private final Span[] spans;
  private final int[] offsets;
  private final boolean[] taken;
  private final boolean[] refusesFloats;
  private final @Nullable GroupTable[] distinct;
  private final @Nullable DistinctNodes[] distinctNodes;
  private final int stateBytes;
  private final Scratch kept;
  private final int multiplicity;
  private @Nullable Vector multiplicities;
  private long pair;
  private long firstStates;

  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  /// @param kept for what lives as long as the groups
  Accumulation(
      Operator operator,
      List<LogicalPlan.Aggregation> aggregations,
      int multiplicity,
      Scratch kept) {
    this.aggregations = aggregations;
    this.multiplicity = multiplicity;
    this.kept = kept;
    this.arguments = new RowValue[aggregations.size()];
    this.parameters = new Evaluator[arguments.length];
    this.taken = new boolean[arguments.length];
    this.refusesFloats = new boolean[arguments.length];
    this.spans = new Span[arguments.length];
    this.offsets = new int[arguments.length];
    this.distinct = new GroupTable[arguments.length];
    this.distinctNodes = new DistinctNodes[arguments.length];
    int bytes = 0;
    for (int i = 0; i < arguments.length; i++) {
      var argument = aggregations.get(i).argument();
      var parameter = aggregations.get(i).parameter();
      arguments[i] = argument == null ? null : new RowValue(operator.compile(argument));
      parameters[i] = parameter == null ? null : operator.compile(parameter);
      spans[i] = argument == null ? NOWHERE : argument.expression().span();
      if (aggregations.get(i).distinct()) {
        Execution execution = operator.execution;
        distinctNodes[i] = execution.newDistinctNodes();
      }
      Function function = aggregations.get(i).function();
      boolean sums = function == Function.SUM || function == Function.AVG;
      refusesFloats[i] = sums && operator.execution.morsels() != null;
      offsets[i] = bytes;
      bytes += Accumulator.bytes(function);
    }
    this.stateBytes = bytes;
  }

  /// Bytes of the states of a group, zeros at first.
  int stateBytes() {
    return stateBytes;
  }

  /// The state of one aggregate.
  long state(long states, int aggregate) {
    return states + offsets[aggregate];
  }

  /// Begins anew, after what was kept is gone.
  void open() {
    pair = kept.allocate(2L * Cell.BYTES);
    firstStates = 0;
    for (int i = 0; i < distinct.length; i++) {
      DistinctNodes nodes = distinctNodes[i];
      distinct[i] = null;
      if (nodes != null) {
        nodes.clear();
      }
    }
  }

  /// Begins with a batch of rows.
  void begin(Batch batch) {
    multiplicities = multiplicity < 0 ? null : batch.vector(multiplicity);
    for (int i = 0; i < arguments.length; i++) {
      RowValue argument = arguments[i];
      taken[i] = false;
      if (argument != null) {
        argument.begin(batch);
      }
    }
  }

  /// Adds all rows to those aggregates of a group that can take them at once; whether no aggregate
  /// is left.
  boolean takeAll(long states, int rows) {
    boolean all = true;
    for (int i = 0; i < arguments.length; i++) {
      Function function = aggregations.get(i).function();
      RowValue argument = arguments[i];
      Vector vector = argument == null ? null : argument.all();
      requireAnyOrder(i, vector == null ? Cell.NULL : vector.tag());
      taken[i] =
          distinctNodes[i] == null
              ? (argument == null || vector != null)
                  && addAll(function, state(states, i), vector, rows)
              : function == Function.COUNT
                  && vector != null
                  && vector.tag() == Cell.NODE
                  && countDistinct(i, states, vector, rows);
      all &= taken[i];
    }
    return all;
  }

  private boolean addAll(Function function, long state, @Nullable Vector vector, int rows) {
    Vector repeats = multiplicities;
    if (repeats == null || function == Function.MIN || function == Function.MAX) {
      return Accumulator.addAll(function, state, vector, rows);
    }
    if (vector != null && (function == Function.SUM || function == Function.AVG)) {
      return Sums.addAll(state, vector, repeats, rows);
    }
    boolean countsRows = function == Function.COUNT && (vector == null || !vector.hasNulls());
    if (countsRows) {
      Accumulator.addCount(state, Multiplicity.sum(repeats, rows));
    }
    return countsRows;
  }

  /// Counts the nodes that a group has not met; false if it is not the first one.
  private boolean countDistinct(int aggregate, long states, Vector values, int rows) {
    DistinctNodes nodes = nodesOf(aggregate, states);
    if (nodes == null) {
      return false;
    }
    int count = 0;
    for (int row = 0; row < rows; row++) {
      count += !values.isNull(row) && nodes.add(values.body(row)) ? 1 : 0;
    }
    Accumulator.addCount(state(states, aggregate), count);
    return true;
  }

  /// The nodes that the first group has met, the only one if there are no keys; those of others are
  /// in a table. Null for another group.
  private @Nullable DistinctNodes nodesOf(int aggregate, long states) {
    firstStates = firstStates == 0 ? states : firstStates;
    return states == firstStates ? distinctNodes[aggregate] : null;
  }

  /// Adds a row to the aggregates of a group that did not take all rows at once.
  void add(Batch batch, int row, long states) {
    long repeats = multiplicities == null ? 1 : multiplicities.body(row);
    for (int i = 0; i < arguments.length; i++) {
      Function function = aggregations.get(i).function();
      long state = state(states, i);
      RowValue argument = arguments[i];
      if (taken[i]) {
        continue;
      }
      if (argument == null) {
        Accumulator.addCount(state, repeats);
        continue;
      }
      argument.row(row);
      if (Cell.tag(argument.head()) == Cell.NULL || !isNew(i, states, argument)) {
        continue;
      }
      requireAnyOrder(i, Cell.tag(argument.head()));
      Evaluator parameter = parameters[i];
      if (parameter == null) {
        long times = distinctNodes[i] == null ? repeats : 1;
        Accumulator.add(function, state, argument.head(), argument.body(), times, kept, spans[i]);
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
    if (distinctNodes[aggregate] == null) {
      return true;
    }
    DistinctNodes nodes =
        Cell.tag(argument.head()) == Cell.NODE ? nodesOf(aggregate, states) : null;
    if (nodes != null) {
      return nodes.add(argument.body());
    }
    Cell.put(pair, Cell.INTEGER, states);
    Cell.put(pair + Cell.BYTES, argument.head(), argument.body());
    GroupTable seen = valuesOf(aggregate);
    seen.find(pair);
    return seen.added();
  }

  /// The values that groups have met, of which each is told with its group; made for the first one.
  private GroupTable valuesOf(int aggregate) {
    GroupTable values = distinct[aggregate];
    if (values == null) {
      values = new GroupTable(kept, 2, 0);
      distinct[aggregate] = values;
    }
    return values;
  }

  private void requireAnyOrder(int aggregate, int tag) {
    if (refusesFloats[aggregate] && tag == Cell.FLOAT) {
      throw new OrderMatters();
    }
  }

  /// Adds what a part of the rows added to the states of a group.
  ///
  /// @param part the same aggregates, of the part
  /// @throws OrderMatters if the result depends on which part took which rows
  void join(long states, Accumulation part, long theirs) {
    for (int i = 0; i < arguments.length; i++) {
      if (distinctNodes[i] == null) {
        Function function = aggregations.get(i).function();
        Accumulator.join(function, state(states, i), part.state(theirs, i), kept, spans[i]);
      } else {
        joinDistinct(i, states, part);
      }
    }
  }

  /// Counts the values that the only group of a part has met, and this one has not.
  private void joinDistinct(int aggregate, long states, Accumulation part) {
    assert aggregations.get(aggregate).function() == Function.COUNT;
    DistinctNodes nodes = java.util.Objects.requireNonNull(nodesOf(aggregate, states));
    DistinctNodes theirNodes = java.util.Objects.requireNonNull(part.distinctNodes[aggregate]);
    long added = nodes.addAll(theirNodes);
    GroupTable theirs = part.distinct[aggregate];
    if (theirs != null) {
      added += joinValues(states, valuesOf(aggregate), theirs);
    }
    Accumulator.addCount(state(states, aggregate), added);
  }

  private long joinValues(long states, GroupTable seen, GroupTable theirs) {
    long added = 0;
    Pace pace = Pace.current();
    Cell.put(pair, Cell.INTEGER, states);
    for (long entry = theirs.first(); entry != 0; entry = theirs.next(entry)) {
      pace.step();
      Memory.copy(theirs.key(entry) + Cell.BYTES, pair + Cell.BYTES, Cell.BYTES);
      seen.find(pair);
      added += seen.added() ? 1 : 0;
    }
    return added;
  }

  /// Writes the results of a group to a row.
  ///
  /// @param values for what they point to
  void putResults(long states, Batch into, int row, Scratch values) {
    for (int i = 0; i < arguments.length; i++) {
      LogicalPlan.Aggregation aggregation = aggregations.get(i);
      Accumulator.result(aggregation.function(), state(states, i), pair, values, spans[i]);
      into.putCell(aggregation.slot(), row, pair);
    }
  }
}
