package dev.quarry;

import dev.quarry.graph.GraphReader;
import java.util.Map;

/// A transaction that reads one snapshot, as it stays until this is closed.
///
/// Queries and cursors see the same state. Used by one thread at a time, whichever it is. One with
/// a lease may be ended before it is closed, see [Quarry#beginRead(Lease)].
public interface ReadTransaction extends GraphReader, AutoCloseable {
  /// Runs a statement. Its rows stream here; in a [WriteTransaction] it is complete on return.
  ///
  /// @param parameters by name, values are border types
  /// @throws dev.quarry.error.QueryException if the statement is wrong or fails
  Rows query(String cypher, Map<String, ?> parameters);

  /// Runs a statement without parameters.
  default Rows query(String cypher) {
    return query(cypher, Map.of());
  }

  /// Runs a prepared statement with limits of its own.
  Rows query(PreparedQuery query, Map<String, ?> parameters, QueryOptions options);

  /// The number of the commit that is read.
  long commitNumber();

  /// Ends the transaction and closes its rows. Idempotent.
  @Override
  void close();
}
