package dev.quarry.query.execute;

import dev.quarry.error.CancelledException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An aggregate whose rows several threads gather, where it reads a snapshot and there is more than
/// one piece of the scan; see [dev.quarry.query.plan.LogicalPlan.Gather].
///
/// ```text
/// pieces of the scan   0 1 2 3 4 5 6 7 8 …
///                      │ │     │
///   Morsels            ▼ ▼     ▼          whoever is free takes the next
///                    thread  thread       Parts: own operators, reader, memory
///                      │       │
///                    groups  groups       Aggregate.join: in the order of pieces
///                       └───┬───┘
///                         whole
/// ```
///
/// Until the last row is gathered nothing was handed on and nothing was changed. So where it fails,
/// for want of memory, by an error in an expression, or because the order of rows would show
/// ([OrderMatters]), what was done is dropped, and one thread does all of it: answers and errors
/// are those of one thread. Only a cancel, and a fault of the store, end it at once.
final class Gather extends Operator {
  private final Aggregate whole;
  private final LogicalPlan.Gather plan;
  private final Function<Execution, Aggregate> operators;
  private boolean begun;

  /// @param whole gathers alone, or takes over what parts of the rows gave
  /// @param operators makes the same for a part
  Gather(
      Execution execution,
      Aggregate whole,
      LogicalPlan.Gather plan,
      Function<Execution, Aggregate> operators) {
    super(execution);
    this.whole = whole;
    this.plan = plan;
    this.operators = operators;
  }

  @Override
  void open() {
    whole.open();
    begun = false;
  }

  @Override
  @Nullable Batch next() {
    if (!begun) {
      begun = true;
      if (execution.reading() instanceof GraphSnapshot snapshot && execution.helpers().most() > 1) {
        share(snapshot);
      }
    }
    return whole.next();
  }

  private void share(GraphSnapshot snapshot) {
    HelperThreads.Share helpers = execution.helpers();
    Morsels morsels = Morsels.of(scan(snapshot), helpers.most());
    int wanted = (int) Math.min(helpers.most(), morsels.count()) - 1;
    int taken = helpers.take(wanted);
    try {
      if (taken > 0) {
        gather(snapshot, morsels, 1 + taken);
      }
    } finally {
      helpers.give(taken);
    }
  }

  private void gather(GraphSnapshot snapshot, Morsels morsels, int threads) {
    try (Parts parts = new Parts(execution, morsels)) {
      while (parts.size() < threads && parts.add(snapshot, operators)) {}
      if (parts.size() > 1) {
        execution.helpers().noteShared();
        parts.gather();
        whole.join(parts.aggregates());
        return;
      }
    } catch (CancelledException e) {
      throw e;
    } catch (QuarryException | OrderMatters e) {
      execution.helpers().noteRepeated();
    }
    whole.open();
  }

  /// The scan at the beginning.
  private NodeScan scan(GraphSnapshot snapshot) {
    LogicalPlan first = plan.input();
    while (!(first.input() instanceof LogicalPlan.Start)) {
      first = java.util.Objects.requireNonNull(first.input());
    }
    return switch (first) {
      case LogicalPlan.ScanNodes p -> Morsels.scan(snapshot, p.label());
      case LogicalPlan.ScanColumns p -> Morsels.scan(snapshot, p.label());
      default -> throw new AssertionError(first);
    };
  }
}
