package dev.quarry.query.execute;

import dev.quarry.error.CancelledException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.query.value.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What the threads of a shared run have, each for itself: operators, memory of the query's
/// account, and a reader of the same commit. The first is the query's own thread.
///
/// Who cannot have that is left out, and the others do its work. Closed by the query's thread, when
/// no other one runs any more.
final class Parts implements AutoCloseable {
  private final Execution whole;
  private final Morsels morsels;
  private final Together together = new Together();
  private final List<GraphSnapshot> readers = new ArrayList<>();
  private final List<Execution> executions = new ArrayList<>();
  private final List<Aggregate> aggregates = new ArrayList<>();

  Parts(Execution whole, Morsels morsels) {
    this.whole = whole;
    this.morsels = morsels;
  }

  /// Makes the part of one more thread.
  ///
  /// @return false if there is no memory for it, or no reader
  boolean add(GraphSnapshot snapshot, Function<Execution, Aggregate> operators) {
    Execution part = null;
    try {
      GraphSnapshot reader = snapshot;
      if (!executions.isEmpty()) {
        reader = snapshot.another();
        readers.add(reader);
      }
      part = whole.part(reader, morsels.another(), together::look);
      executions.add(part);
      Aggregate aggregate = operators.apply(part);
      aggregate.open();
      aggregates.add(aggregate);
      return true;
    } catch (CancelledException e) {
      throw e;
    } catch (QuarryException e) {
      if (part != null) {
        part.close();
      }
      return false;
    }
  }

  /// How many threads there are.
  int size() {
    return aggregates.size();
  }

  /// Gathers all rows.
  void gather() {
    List<Runnable> work = new ArrayList<>();
    for (Aggregate aggregate : aggregates) {
      work.add(() -> gather(aggregate));
    }
    together.run(work);
  }

  private static void gather(Aggregate aggregate) {
    Pace before = Pace.enter(aggregate.execution.pace());
    try {
      aggregate.gather();
    } finally {
      Pace.enter(before);
    }
  }

  /// What was gathered, good until this is closed.
  List<Aggregate> aggregates() {
    return aggregates;
  }

  @Override
  public void close() {
    executions.forEach(Execution::close);
    readers.forEach(GraphSnapshot::close);
  }
}
