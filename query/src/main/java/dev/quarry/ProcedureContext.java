package dev.quarry;

import dev.quarry.graph.GraphReader;
import dev.quarry.graph.GraphWriter;

/// What a call of a procedure shares with the query that it is part of: the graph, the memory, the
/// end. Used by the thread of the query, until the call ends.
public interface ProcedureContext {
  /// The graph as the query sees it: its snapshot, or what its transaction has written so far.
  GraphReader graph();

  /// The graph to write to; what is written counts in the query's summary.
  ///
  /// @throws IllegalStateException if the procedure is not of mode WRITE
  GraphWriter writer();

  /// The indexes and constraints to change; what is changed counts in the query's summary.
  ///
  /// @throws IllegalStateException if it is used by a procedure that is not of mode SCHEMA
  SchemaWriter schema();

  /// Ends the call, with a typed error that the procedure lets pass, if its query was cancelled or
  /// ran out of time. Asked for each row anyway; cheap enough for every step of a loop.
  void check();

  /// Charges memory that the procedure is about to use to the budget of the query. What was not
  /// released is given back when the call ends.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if it does not fit; nothing is charged then
  void reserve(long bytes);

  /// Gives back memory that was charged.
  ///
  /// @throws IllegalArgumentException if the call holds less
  void release(long bytes);
}
