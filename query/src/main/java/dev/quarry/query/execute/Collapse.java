package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// Takes rows that have one node in common for one row, and adds up for how many each stands.
///
/// As many nodes as a [NodeTable] holds are gathered; then they are handed on, and it begins anew.
/// If few nodes came twice until then, it lets all others pass as they are.
final class Collapse extends Operator {
  private static final int LEAST_REPEATS = 2;

  private final Operator input;
  private final LogicalPlan.Collapse plan;
  private final NodeTable nodes;
  private final Batch output;
  private boolean passes;
  private boolean ended;
  private int handedOn;
  private @Nullable Batch rest;
  private int restRow;

  Collapse(Execution execution, Operator input, LogicalPlan.Collapse plan, int slotCount) {
    super(execution);
    this.input = input;
    this.plan = plan;
    this.nodes = new NodeTable(execution.newScratch());
    this.output = execution.newBatch(slotCount);
  }

  @Override
  void open() {
    input.open();
    nodes.begin();
    handedOn = 0;
    passes = false;
    ended = false;
    rest = null;
  }

  @Override
  @Nullable Batch next() {
    if (handedOn == nodes.count()) {
      if (passes) {
        return pass();
      }
      nodes.begin();
      handedOn = 0;
      gather();
    }
    return handOn();
  }

  /// Takes rows until there is no room for another node.
  private void gather() {
    long rows = 0;
    while (!ended && !nodes.isFull()) {
      Batch batch = rest;
      if (batch == null) {
        batch = input.next();
        restRow = 0;
        ended = batch == null;
      }
      if (batch != null) {
        execution.check();
        int from = restRow;
        take(batch);
        rows += restRow - from;
        rest = restRow == batch.size() ? null : batch;
      }
    }
    passes = nodes.isFull() && rows < (long) LEAST_REPEATS * nodes.count();
  }

  private void take(Batch batch) {
    int row = restRow;
    while (row < batch.size() && !nodes.isFull()) {
      execution.pace().step();
      long entry = nodes.find(batch.head(plan.slot(), row), batch.body(plan.slot(), row));
      NodeTable.putNumber(entry, Multiplicity.plus(NodeTable.numberAt(entry), before(batch, row)));
      row++;
    }
    restRow = row;
  }

  private long before(Batch batch, int row) {
    return plan.multiplicity() < 0 ? 1 : batch.body(plan.multiplicity(), row);
  }

  private @Nullable Batch handOn() {
    output.begin();
    int size = Math.min(output.capacity(), nodes.count() - handedOn);
    for (int row = 0; row < size; row++) {
      int index = handedOn + row;
      output.put(plan.slot(), row, nodes.head(index), nodes.node(index));
      output.put(plan.sum(), row, Cell.INTEGER, nodes.number(index));
    }
    handedOn += size;
    output.size(size);
    return size == 0 ? null : output;
  }

  /// What is left of the last batch that was gathered, then the input itself.
  private @Nullable Batch pass() {
    Batch batch = rest;
    int first = restRow;
    if (batch == null) {
      batch = input.next();
      first = 0;
    }
    rest = null;
    if (batch == null) {
      return null;
    }
    int rows = batch.size() - first;
    output.begin(rows);
    for (int row = 0; row < rows; row++) {
      execution.pace().step();
      int from = first + row;
      output.put(plan.slot(), row, batch.head(plan.slot(), from), batch.body(plan.slot(), from));
      output.put(plan.sum(), row, Cell.INTEGER, before(batch, from));
    }
    output.size(rows);
    return output;
  }
}
