package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.NodeCounts;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// Makes one row of all relationships that an expansion finds to a node, and adds up for how many
/// each stands (decision 049).
///
/// It begins with a [NodeTable]. Once looking nodes up there has cost as much as clearing a number
/// for each slot, lists are added to such numbers ([NodeCounts]), if there is memory for them.
/// Else, as many nodes as the table holds are gathered; then they are handed on, and it begins
/// anew. If few nodes came twice until then, it lets all others pass as they are. So a node may
/// still come more than once.
final class Collapse extends Operator {
  private static final int LEAST_REPEATS = 2;

  /// The most relationships that are taken without a look whether the query should end.
  private static final int PIECE = 1 << 16;

  private final Reading reading;
  private final NeighbourSlices input;
  private final LogicalPlan.Collapse plan;
  private final NodeTable nodes;
  private final NodeCounts counts;
  private final Batch output;
  private long[] ids = new long[0];
  private long[] numbers = new long[0];
  private long lookedUp;
  private boolean passes;
  private boolean ended;
  private int handedOn;

  Collapse(Execution execution, NeighbourSlices input, LogicalPlan.Collapse plan, int slotCount) {
    super(execution);
    this.reading = execution.reading();
    this.input = input;
    this.plan = plan;
    this.nodes = new NodeTable(execution.newScratch());
    this.counts = new NodeCounts(reading, execution.newScratch());
    this.output = execution.newBatch(slotCount);
  }

  @Override
  void open() {
    input.open();
    nodes.begin();
    counts.clear();
    lookedUp = 0;
    handedOn = 0;
    passes = false;
    ended = false;
  }

  @Override
  @Nullable Batch next() {
    output.begin();
    if (ids.length < output.capacity()) {
      ids = new long[output.capacity()];
      numbers = new long[output.capacity()];
    }
    int size = 0;
    while (size == 0) {
      if (handedOn < nodes.count()) {
        size = handOn();
      } else if (passes && !ended) {
        size = pass();
      } else if (!ended) {
        nodes.begin();
        handedOn = 0;
        gather();
      } else {
        size = counts.take(ids, numbers, output.capacity());
        if (size == 0) {
          return null;
        }
      }
    }
    NodeRows.put(reading, output.vector(plan.slot()), 0, ids, size);
    output.vector(plan.sum()).putAll(0, Cell.INTEGER, numbers, 0, size);
    output.size(size);
    return output;
  }

  /// Takes relationships until there is no room for another node.
  private void gather() {
    long before = lookedUp;
    while (!ended && !nodes.isFull()) {
      ended = !input.next();
      if (!ended && !add()) {
        lookUp();
      }
    }
    passes = nodes.isFull() && lookedUp - before < (long) LEAST_REPEATS * nodes.count();
  }

  /// Adds a piece of a slice to the numbers of its nodes; false if they have none.
  private boolean add() {
    int count = Math.min(input.left(), PIECE);
    long most = lookedUp * NodeTable.CLEARED_BYTES;
    return switch (counts.add(input.slice(), input.at(), count, input.times(), most)) {
      case YES -> {
        input.take(count);
        yield true;
      }
      case NO_ROOM -> false;
      case TOO_MANY -> throw Multiplicity.tooMany();
    };
  }

  /// Adds a piece of a slice to the table.
  private void lookUp() {
    Expansion slice = input.slice();
    long times = input.times();
    int most = Math.min(input.left(), execution.batchRows());
    int count = 0;
    while (count < most && !nodes.isFull()) {
      long entry = nodes.find(slice.sliceNeighbour(input.at() + count));
      NodeTable.putNumber(entry, Multiplicity.plus(NodeTable.numberAt(entry), times));
      count++;
    }
    lookedUp += count;
    input.take(count);
  }

  private int handOn() {
    int size = Math.min(output.capacity(), nodes.count() - handedOn);
    for (int i = 0; i < size; i++) {
      ids[i] = nodes.node(handedOn + i);
      numbers[i] = nodes.number(handedOn + i);
    }
    handedOn += size;
    return size;
  }

  /// The other ends of relationships as they come.
  private int pass() {
    int size = 0;
    while (size < output.capacity() && !ended) {
      ended = !input.next();
      int count = ended ? 0 : Math.min(input.left(), output.capacity() - size);
      for (int i = 0; i < count; i++) {
        ids[size + i] = input.slice().sliceNeighbour(input.at() + i);
        numbers[size + i] = input.times();
      }
      input.take(count);
      size += count;
    }
    return size;
  }
}
