package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Selection;
import dev.quarry.storage.memory.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Aggregates of the nodes of a scan, without a row for each: the cells of a block are added at
/// once. One row of results.
///
/// A node may stand for several rows, as many as it has relationships: numbers for a block are told
/// by ends of lists that lie side by side, and cells are multiplied by them ([Weights], decision
/// 053).
///
/// Where the cells of a block do not tell the values, its nodes become rows and are added as
/// [Aggregate] does, to the same states; so results and errors are the same, in the same order.
final class AggregateColumns extends Operator {
  /// Where one of so many nodes of a block is chosen, or fewer, they are counted one by one.
  private static final int FEW = 16;

  private final ChosenNodes chosen;
  private final List<CountNeighbours> counted = new ArrayList<>();
  private final Operator rows;
  private final @Nullable Weights weights; // null where each node counts once
  private final Accumulation aggregates;
  private final List<BlockAggregate> ofBlocks;
  private final Scratch kept;
  private final Batch output;
  private final long[] sums = new long[3];
  private boolean done;

  AggregateColumns(Execution execution, LogicalPlan.AggregateColumns plan, int slotCount) {
    super(execution);
    int slot = plan.scan().slot();
    this.chosen = new ChosenNodes(this, plan.scan(), slotCount, null);
    this.kept = execution.newScratch();
    this.aggregates = new Accumulation(this, plan.aggregations(), plan.multiplicity(), kept);
    this.ofBlocks =
        plan.aggregations().stream().map(one -> BlockAggregate.of(one, slot, chosen)).toList();
    Operator made = new RowsOfBlock(execution, chosen, slot, slotCount);
    for (LogicalPlan.CountNeighbours step : plan.counted()) {
      CountNeighbours count = new CountNeighbours(execution, made, step);
      counted.add(count);
      made = count;
    }
    this.rows = made;
    this.weights = counted.isEmpty() ? null : new Weights();
    this.output = execution.newBatch(slotCount, 1);
  }

  @Override
  void open() {
    kept.reset();
    aggregates.open();
    rows.open();
    done = false;
  }

  @Override
  @Nullable Batch next() {
    if (done) {
      return null;
    }
    done = true;
    long states = kept.allocate(aggregates.stateBytes());
    Memory.fill(states, aggregates.stateBytes(), (byte) 0);
    execution.check();
    chosen.begin();
    while (chosen.next()) {
      if (!addBlock(states)) {
        addRows(states);
      }
    }
    forgetValues();
    output.begin();
    aggregates.putResults(states, output, 0, values());
    output.size(1);
    return output;
  }

  /// Whether the block was added; if not, none of it was.
  private boolean addBlock(long states) {
    boolean told = chosen.isSettled();
    for (int i = 0; told && i < ofBlocks.size(); i++) {
      told = ofBlocks.get(i).isTold(aggregates.state(states, i));
    }
    if (weights != null) {
      return told && addCounted(states, weights);
    }
    boolean added = told && addInOnePass(states);
    for (int i = 0; told && !added && i < ofBlocks.size(); i++) {
      ofBlocks.get(i).add(aggregates.state(states, i));
    }
    return told;
  }

  /// Adds a block of which each node counts as often as some lists of it say.
  private boolean addCounted(long states, Weights numbers) {
    boolean whole = chosen.isWhole();
    if (!whole && chosen.selection().count() < chosen.size() / FEW) {
      return false;
    }
    numbers.begin(chosen.size());
    for (int i = 0; i < counted.size(); i++) {
      if (!counted.get(i).multiply(chosen.block(), numbers)) {
        return false;
      }
    }
    if (!whole) {
      numbers.keep(chosen.selection());
    }
    for (int i = 0; i < ofBlocks.size(); i++) {
      ofBlocks.get(i).add(aggregates.state(states, i), numbers);
    }
    return true;
  }

  /// Adds a block of which each slot holds a node, where one range decides which are chosen, and
  /// integers of one column are added; nearly all blocks of nearly all stores are like that.
  ///
  /// @return whether the block was one
  private boolean addInOnePass(long states) {
    ColumnTest test = chosen.onlyTest();
    long[] range = test == null ? null : test.onlyRange();
    ColumnBlock added = range == null ? null : addedColumn();
    if (test == null || range == null || added == null) {
      return false;
    }
    Arrays.fill(sums, 0);
    ColumnBlock tested = test.column();
    Selection.addIntegersIn(
        tested.pages(), range[0], range[1], added.pages(), ColumnBlock.CELLS, chosen.size(), sums);
    for (int i = 0; i < ofBlocks.size(); i++) {
      ofBlocks.get(i).add(aggregates.state(states, i), (int) sums[2], sums[0], sums[1]);
    }
    return true;
  }

  /// The one column of which all aggregates that add something add it; null if there are others.
  private @Nullable ColumnBlock addedColumn() {
    ColumnBlock column = null;
    for (int i = 0; i < ofBlocks.size(); i++) {
      BlockAggregate aggregate = ofBlocks.get(i);
      ColumnBlock integers = aggregate.integers();
      if (!aggregate.countsNodes() && (integers == null || column != null && column != integers)) {
        return null;
      }
      column = integers == null ? column : integers;
    }
    return column;
  }

  private void addRows(long states) {
    for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
      forgetValues();
      aggregates.begin(batch);
      if (!aggregates.takeAll(states, batch.size())) {
        for (int row = 0; row < batch.size(); row++) {
          execution.pace().step();
          aggregates.add(batch, row, states);
        }
      }
    }
  }

  /// The chosen nodes of the block as rows.
  private static final class RowsOfBlock extends Operator {
    private final ChosenNodes chosen;
    private final int slot;
    private final Batch rows;

    RowsOfBlock(Execution execution, ChosenNodes chosen, int slot, int slotCount) {
      super(execution);
      this.chosen = chosen;
      this.slot = slot;
      this.rows = execution.newBatch(slotCount);
    }

    @Override
    void open() {}

    @Override
    @Nullable Batch next() {
      rows.begin();
      int count = chosen.fill(rows.vector(slot), 0, rows.capacity());
      rows.size(count);
      return count == 0 ? null : rows;
    }
  }
}
