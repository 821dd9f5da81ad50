package dev.quarry.query.execute;

import dev.quarry.error.Span;
import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
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

  private final One[] all;
  private final int stateBytes;
  private final Scratch kept;
  private final int multiplicity;
  private @Nullable Vector multiplicities;
  private long pair;
  private long firstStates;

  /// One aggregate.
  private static final class One {
    final Function function;
    final int slot;
    final int offset; // of its state
    final Span span;
    final @Nullable RowValue argument;
    final @Nullable Evaluator parameter;
    final boolean refusesFloats;
    final @Nullable DistinctNodes distinctNodes; // null if it takes values that it has met
    @Nullable GroupTable distinct;
    boolean taken;

    One(Operator operator, LogicalPlan.Aggregation plan, int offset) {
      Execution execution = operator.execution;
      Bound of = plan.argument();
      this.function = plan.function();
      this.slot = plan.slot();
      this.offset = offset;
      this.span = of == null ? NOWHERE : of.expression().span();
      this.argument = of == null ? null : new RowValue(operator.compile(of));
      this.parameter = plan.parameter() == null ? null : operator.compile(plan.parameter());
      boolean sums = function == Function.SUM || function == Function.AVG;
      this.refusesFloats = sums && execution.morsels() != null;
      this.distinctNodes = plan.distinct() ? execution.newDistinctNodes() : null;
    }

    void requireAnyOrder(int tag) {
      if (refusesFloats && tag == Cell.FLOAT) {
        throw new OrderMatters();
      }
    }

    /// The values that groups have met, of which each is told with its group; made for the first
    /// one.
    GroupTable values(Scratch kept) {
      GroupTable values = distinct;
      if (values == null) {
        values = new GroupTable(kept, 2, 0);
        distinct = values;
      }
      return values;
    }
  }

  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  /// @param kept for what lives as long as the groups
  Accumulation(
      Operator operator,
      List<LogicalPlan.Aggregation> aggregations,
      int multiplicity,
      Scratch kept) {
    this.multiplicity = multiplicity;
    this.kept = kept;
    this.all = new One[aggregations.size()];
    int bytes = 0;
    for (int i = 0; i < all.length; i++) {
      all[i] = new One(operator, aggregations.get(i), bytes);
      bytes += Accumulator.bytes(all[i].function);
    }
    this.stateBytes = bytes;
  }

  /// Bytes of the states of a group, zeros at first.
  int stateBytes() {
    return stateBytes;
  }

  /// The state of one aggregate.
  long state(long states, int aggregate) {
    return states + all[aggregate].offset;
  }

  /// Begins anew, after what was kept is gone.
  void open() {
    pair = kept.allocate(2L * Cell.BYTES);
    firstStates = 0;
    for (One one : all) {
      one.distinct = null;
      if (one.distinctNodes != null) {
        one.distinctNodes.clear();
      }
    }
  }

  /// Begins with a batch of rows.
  void begin(Batch batch) {
    multiplicities = multiplicity < 0 ? null : batch.vector(multiplicity);
    for (One one : all) {
      one.taken = false;
      if (one.argument != null) {
        one.argument.begin(batch);
      }
    }
  }

  /// Adds all rows to those aggregates of a group that can take them at once; whether no aggregate
  /// is left.
  boolean takeAll(long states, int rows) {
    boolean taken = true;
    for (One one : all) {
      RowValue argument = one.argument;
      Vector vector = argument == null ? null : argument.all();
      one.requireAnyOrder(vector == null ? Cell.NULL : vector.tag());
      one.taken =
          one.distinctNodes == null
              ? (argument == null || vector != null)
                  && addAll(one.function, states + one.offset, vector, rows)
              : one.function == Function.COUNT
                  && vector != null
                  && vector.tag() == Cell.NODE
                  && countDistinct(one, states, vector, rows);
      taken &= one.taken;
    }
    return taken;
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
  private boolean countDistinct(One one, long states, Vector values, int rows) {
    DistinctNodes nodes = nodesOf(one, states);
    if (nodes == null) {
      return false;
    }
    int count = 0;
    for (int row = 0; row < rows; row++) {
      count += !values.isNull(row) && nodes.add(values.body(row)) ? 1 : 0;
    }
    Accumulator.addCount(states + one.offset, count);
    return true;
  }

  /// The nodes that the first group has met, the only one if there are no keys; those of others are
  /// in a table. Null for another group.
  private @Nullable DistinctNodes nodesOf(One one, long states) {
    firstStates = firstStates == 0 ? states : firstStates;
    return states == firstStates ? one.distinctNodes : null;
  }

  /// Adds a row to the aggregates of a group that did not take all rows at once.
  void add(Batch batch, int row, long states) {
    long repeats = multiplicities == null ? 1 : multiplicities.body(row);
    for (One one : all) {
      if (!one.taken) {
        add(one, batch, row, states, repeats);
      }
    }
  }

  private void add(One one, Batch batch, int row, long states, long repeats) {
    long state = states + one.offset;
    RowValue argument = one.argument;
    if (argument == null) {
      Accumulator.addCount(state, repeats);
      return;
    }
    argument.row(row);
    long head = argument.head();
    long body = argument.body();
    if (Cell.tag(head) == Cell.NULL || !isNew(one, states, head, body)) {
      return;
    }
    one.requireAnyOrder(Cell.tag(head));
    Evaluator parameter = one.parameter;
    if (parameter == null) {
      long times = one.distinctNodes == null ? repeats : 1;
      Accumulator.add(one.function, state, head, body, times, kept, one.span);
    } else {
      parameter.evaluate(batch, row);
      Percentiles.add(
          one.function, state, head, body, parameter.head(), parameter.body(), kept, one.span);
    }
  }

  /// Whether an aggregate of distinct values meets this one for the first time in its group.
  private boolean isNew(One one, long states, long head, long body) {
    if (one.distinctNodes == null) {
      return true;
    }
    DistinctNodes nodes = Cell.tag(head) == Cell.NODE ? nodesOf(one, states) : null;
    if (nodes != null) {
      return nodes.add(body);
    }
    Cell.put(pair, Cell.INTEGER, states);
    Cell.put(pair + Cell.BYTES, head, body);
    GroupTable seen = one.values(kept);
    seen.find(pair);
    return seen.added();
  }

  /// Adds what a part of the rows added to the states of a group.
  ///
  /// @param part the same aggregates, of the part
  /// @throws OrderMatters if the result depends on which part took which rows
  void join(long states, Accumulation part, long theirs) {
    for (int i = 0; i < all.length; i++) {
      One one = all[i];
      if (one.distinctNodes == null) {
        long state = states + one.offset;
        Accumulator.join(one.function, state, theirs + one.offset, kept, one.span);
      } else {
        joinDistinct(one, states, part.all[i]);
      }
    }
  }

  /// Counts the values that the only group of a part has met, and this one has not.
  private void joinDistinct(One one, long states, One ofPart) {
    assert one.function == Function.COUNT;
    DistinctNodes nodes = java.util.Objects.requireNonNull(nodesOf(one, states));
    DistinctNodes theirNodes = java.util.Objects.requireNonNull(ofPart.distinctNodes);
    long added = nodes.addAll(theirNodes);
    GroupTable theirs = ofPart.distinct;
    if (theirs != null) {
      added += joinValues(states, one.values(kept), theirs);
    }
    Accumulator.addCount(states + one.offset, added);
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
    for (One one : all) {
      Accumulator.result(one.function, states + one.offset, pair, values, one.span);
      into.putCell(one.slot, row, pair);
    }
  }
}
