package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.NodeMarks;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// Makes one row of all relationships that an expansion finds to a node, as soon as it meets the
/// first, as far as it remembers. For rows of which nobody asks how many there are (decision 049).
///
/// It begins with a [NodeTable], which forgets all when it is full. Once looking nodes up there has
/// cost as much as clearing a bit for each slot, the nodes of lists are marked, if there is memory
/// for the bits.
final class DropRepeats extends Operator {
  /// Rows are handed on after so many relationships for each row that a batch has room for.
  private static final long PATIENCE = 16;

  private final Reading reading;
  private final NeighbourSlices input;
  private final int slot;
  private final NodeTable seen;
  private final NodeMarks marks;
  private final Batch output;
  private long[] found = new long[0];
  private long lookedUp;

  DropRepeats(Execution execution, NeighbourSlices input, LogicalPlan.Collapse plan, int slots) {
    super(execution);
    this.reading = execution.reading();
    this.input = input;
    this.slot = plan.slot();
    this.seen = new NodeTable(execution.newScratch());
    this.marks = new NodeMarks(reading, execution.newScratch());
    this.output = execution.newBatch(slots);
  }

  @Override
  void open() {
    input.open();
    seen.begin();
    marks.clear();
    lookedUp = 0;
  }

  @Override
  @Nullable Batch next() {
    output.begin();
    if (found.length < output.capacity()) {
      found = new long[output.capacity()];
    }
    long left = PATIENCE * execution.batchRows();
    int size = 0;
    while (size < output.capacity() && (left > 0 || size == 0) && input.next()) {
      int count = Math.min(input.left(), output.capacity() - size);
      size += add(count, size);
      input.take(count);
      left -= count;
    }
    NodeRows.put(reading, output.vector(slot), 0, found, size);
    output.size(size);
    return size == 0 ? null : output;
  }

  /// Notes the new nodes of a piece of a slice.
  ///
  /// @return how many there are
  private int add(int count, int first) {
    Expansion slice = input.slice();
    long most = lookedUp * NodeTable.CLEARED_BYTES;
    int added = marks.markNew(slice, input.at(), count, found, first, most);
    return added >= 0 ? added : lookUp(slice, count, first);
  }

  private int lookUp(Expansion slice, int count, int first) {
    int size = first;
    for (int i = 0; i < count; i++) {
      if (seen.isFull()) {
        seen.begin();
      }
      int before = seen.count();
      found[size] = slice.sliceNeighbour(input.at() + i);
      seen.find(found[size]);
      size += seen.count() - before;
    }
    lookedUp += count;
    return size - first;
  }
}
