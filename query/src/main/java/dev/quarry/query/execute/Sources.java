package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where rows begin.
final class Sources {
  private Sources() {}

  /// One row without values.
  static final class Start extends Operator {
    private final Batch batch;
    private boolean done;

    Start(Execution execution, int slotCount) {
      super(execution);
      this.batch = execution.newBatch(slotCount, 1);
    }

    @Override
    void open() {
      done = false;
    }

    @Override
    @Nullable Batch next() {
      if (done) {
        return null;
      }
      done = true;
      batch.begin();
      batch.size(1);
      return batch;
    }
  }

  /// One row without values for each piece of the scan above that this part of a run takes. What
  /// comes of the row of a piece is done before the next one is taken, as no step holds rows of two
  /// batches of its input.
  static final class Pieces extends Operator {
    private final Morsels morsels;
    private final Batch batch;

    Pieces(Execution execution, Morsels morsels, int slotCount) {
      super(execution);
      this.morsels = morsels;
      this.batch = execution.newBatch(slotCount, 1);
    }

    @Override
    void open() {}

    @Override
    @Nullable Batch next() {
      if (!morsels.next()) {
        return null;
      }
      batch.begin();
      batch.size(1);
      return batch;
    }
  }

  /// One row with an exact count, looked up when the row is asked for (rule S9).
  static final class CountStored extends Operator {
    private final LogicalPlan.CountStored plan;
    private final Reading reading;
    private final Batch batch;
    private boolean done;

    CountStored(Execution execution, LogicalPlan.CountStored plan, int slotCount) {
      super(execution);
      this.plan = plan;
      this.reading = execution.reading();
      this.batch = execution.newBatch(slotCount, 1);
    }

    @Override
    void open() {
      done = false;
    }

    @Override
    @Nullable Batch next() {
      if (done) {
        return null;
      }
      done = true;
      execution.check();
      long count = plan.relationships() ? relationships() : nodes();
      plan.slots().forEach(slot -> batch.put(slot, 0, Cell.INTEGER, count));
      batch.size(1);
      return batch;
    }

    private long nodes() {
      if (plan.label() != null) {
        int label = reading.catalog().label(plan.label());
        return label < 0 ? 0 : reading.counts().nodes(label);
      }
      long count = 0;
      for (int arena = 0; arena < reading.catalog().arenas().size(); arena++) {
        count += reading.nodeCount(arena);
      }
      return count;
    }

    private long relationships() {
      long count = 0;
      List<String> types = reading.catalog().types();
      for (int type = 0; type < types.size(); type++) {
        boolean counted = plan.types().isEmpty() || plan.types().contains(types.get(type));
        count += counted ? reading.counts().relationships(type) : 0;
      }
      return count;
    }
  }

  /// The rows that an Apply hands to its nested plan.
  static final class Argument extends Operator {
    private final Batch batch;
    private final int[] carried;
    private final int numberSlot;
    private @Nullable Batch rows;
    private int from;
    private int to;

    /// @param carried slots to hand on
    /// @param numberSlot where the number of the row goes
    Argument(Execution execution, int[] carried, int numberSlot, int slotCount) {
      super(execution);
      this.carried = carried;
      this.numberSlot = numberSlot;
      this.batch = execution.newBatch(slotCount);
    }

    void bind(Batch newRows, int newFrom, int newTo) {
      rows = newRows;
      from = newFrom;
      to = newTo;
    }

    @Override
    void open() {
      batch.size(0);
    }

    @Override
    @Nullable Batch next() {
      Batch source = rows;
      if (source == null || from == to) {
        return null;
      }
      batch.begin(to - from);
      for (int row = from; row < to; row++) {
        batch.copyRow(source, row, row - from, carried);
        batch.put(numberSlot, row - from, Cell.INTEGER, row);
      }
      batch.size(to - from);
      from = to;
      return batch;
    }
  }
}
