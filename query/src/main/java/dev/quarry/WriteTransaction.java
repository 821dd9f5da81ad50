package dev.quarry;

import dev.quarry.graph.GraphWriter;

/// The transaction that writes; there is one at a time. It sees its own changes.
///
/// After a statement that failed only [#rollback()] is left.
public interface WriteTransaction extends ReadTransaction, GraphWriter {
  /// Commits: durable and visible on return.
  ///
  /// @return the new commit number
  long commit();

  /// Takes all changes back. Idempotent; also what [#close()] does without a commit.
  void rollback();
}
