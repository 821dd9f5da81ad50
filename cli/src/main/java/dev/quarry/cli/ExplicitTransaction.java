package dev.quarry.cli;

import dev.quarry.Quarry;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.TransactionException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The write transaction between `BEGIN` and `COMMIT` or `ROLLBACK`, as a shell or a script holds
/// it.
///
/// ```text
///          BEGIN          a statement fails
/// (none) ────────> open ─────────────────────> doomed
///    ^              │ COMMIT, ROLLBACK            │ ROLLBACK
///    └──────────────┴─────────────────────────────┘
/// ```
///
/// On a store that does not exist yet, it takes the writer at its first statement that writes, so
/// that `BEGIN` alone makes no store. Used by one thread.
final class ExplicitTransaction {
  private final StoreLocation store;
  private boolean open;
  private boolean doomed;
  private long statements;
  private @Nullable WriteTransaction transaction;

  ExplicitTransaction(StoreLocation store) {
    this.store = store;
  }

  boolean isOpen() {
    return open;
  }

  /// Whether a statement failed, so that only a rollback is left (rule S8).
  boolean isDoomed() {
    return doomed;
  }

  /// @throws QuarryException if a transaction is open (rule S11), or the writer is busy
  void begin() {
    if (open) {
      throw new TransactionException(
          ErrorCode.WRITER_NESTED,
          "BEGIN inside of a transaction: one is open already",
          doomed ? "only ROLLBACK is left" : "end it with COMMIT or ROLLBACK");
    }
    Path path = store.path();
    if (path == null || Files.exists(path)) {
      transaction = store.open(false).beginWrite();
    }
    open = true;
    doomed = false;
    statements = 0;
  }

  /// The transaction for a statement.
  ///
  /// @param writes whether the statement may make a missing store
  WriteTransaction forStatement(boolean writes) {
    WriteTransaction current = transaction;
    if (current == null) {
      Quarry db = store.open(writes);
      current = db.beginWrite();
      transaction = current;
    }
    return current;
  }

  void statementSucceeded() {
    statements++;
  }

  void doom() {
    doomed = open;
  }

  /// @throws TransactionException if a statement failed before
  void ensureNotDoomed() {
    if (doomed) {
      throw new TransactionException(
          ErrorCode.TRANSACTION_DOOMED,
          "a statement of this transaction failed, so nothing more can run in it",
          "only ROLLBACK is left");
    }
  }

  /// Statements that succeeded in this transaction, or in the last one if none is open.
  long statements() {
    return statements;
  }

  /// Commits: durable on return.
  ///
  /// @return the number of the commit; -1 if the transaction never took the writer
  long commit() {
    ensureOpen("COMMIT");
    ensureNotDoomed();
    WriteTransaction current = transaction;
    try {
      return current == null ? -1 : current.commit();
    } finally {
      end();
    }
  }

  void rollback() {
    ensureOpen("ROLLBACK");
    end();
  }

  /// Takes back what is open; nothing if nothing is.
  void end() {
    WriteTransaction current = transaction;
    open = false;
    doomed = false;
    transaction = null;
    if (current != null) {
      current.close();
    }
  }

  private void ensureOpen(String word) {
    if (!open) {
      throw new TransactionException(
          ErrorCode.TRANSACTION_CLOSED,
          word + " without a transaction: none is open",
          "begin one with BEGIN; a statement outside of a transaction commits by itself");
    }
  }
}
