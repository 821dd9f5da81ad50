package dev.quarry.query.procedure;

import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;

/// What a running procedure may use of its query.
public interface CallContext {
  /// The graph that the query sees; not for an application's eyes, as it may be one that writes.
  Reading reading();

  /// The graph that the query writes.
  ///
  /// @throws IllegalStateException if the procedure is not of mode WRITE
  GraphWriter writer();

  /// Runs a statement that makes or drops an index or a constraint.
  ///
  /// @return whether it changed something
  /// @throws IllegalStateException if the procedure is not of mode SCHEMA
  /// @throws IllegalArgumentException if the text is no such statement
  boolean changeSchema(String statement);

  /// The account of the query.
  Budget account();

  /// The memory of the store.
  NativeMemory memory();

  /// The most threads that may share the work, the caller's among them; at least 1.
  int mostThreads();

  /// Ends the call if its query was cancelled or ran out of time.
  void check();

  /// Charges memory to the query; what was not released is given back when the call ends.
  void reserve(long bytes);

  /// Gives back memory that this call reserved.
  void release(long bytes);
}
