package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Selection;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Aggregates of the nodes of a scan, without a row for each: the cells of a block are added at
/// once. One row of results.
///
/// Where the cells of a block do not tell the values, its nodes become rows and are added as
/// [Aggregate] does, to the same states; so results and errors are the same, in the same order.
final class AggregateColumns extends Operator {
  private final ChosenNodes chosen;
  private final int slot;
  private final Accumulation aggregates;
  private final List<BlockAggregate> ofBlocks;
  private final Scratch kept;
  private final Batch rows;
  private final Batch output;
  private final long[] sums = new long[3];
  private boolean done;

  AggregateColumns(Execution execution, LogicalPlan.AggregateColumns plan, int slotCount) {
    super(execution);
    this.chosen = new ChosenNodes(this, plan.input(), slotCount, null);
    this.slot = plan.input().slot();
    this.kept = execution.newScratch();
    this.aggregates = new Accumulation(this, plan.aggregations(), -1, kept);
    this.ofBlocks =
        plan.aggregations().stream().map(one -> BlockAggregate.of(one, slot, chosen)).toList();
    this.rows = execution.newBatch(slotCount);
    this.output = new Batch(slotCount, execution.newScratch(), 1);
  }

  @Override
  void open() {
    kept.reset();
    aggregates.open();
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
    values.reset();
    output.begin();
    aggregates.putResults(states, output, 0, values);
    output.size(1);
    return output;
  }

  /// Whether the block was added; if not, none of it was.
  private boolean addBlock(long states) {
    boolean told = chosen.isSettled();
    for (int i = 0; told && i < ofBlocks.size(); i++) {
      told = ofBlocks.get(i).isTold(aggregates.state(states, i));
    }
    boolean added = told && addInOnePass(states);
    for (int i = 0; told && !added && i < ofBlocks.size(); i++) {
      ofBlocks.get(i).add(aggregates.state(states, i));
    }
    return told;
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
    while (true) {
      rows.begin();
      int count = chosen.fill(rows.vector(slot), 0, rows.capacity());
      if (count == 0) {
        return;
      }
      rows.size(count);
      values.reset();
      aggregates.begin(rows);
      if (!aggregates.takeAll(states, count)) {
        for (int row = 0; row < count; row++) {
          execution.pace().step();
          aggregates.add(rows, row, states);
        }
      }
    }
  }
}
