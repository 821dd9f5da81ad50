package dev.quarry.storage.page;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SnapshotExpiredException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.error.StoreException;

/// The time of one reader: begun once, over once. Its [Snapshot] may serve a later reader, under
/// another pin; so what a reader hands out asks its pin, never the snapshot, whether it may go on,
/// and whoever ends a reader from outside ends a pin.
///
/// Threads: ended by the one that reads; [#expire] and [#storeClosed] come from any, also too late.
public final class Pin {
  private final int slot;
  private final long commitNumber;
  private boolean ended;
  private boolean revoked;
  private volatile boolean storeClosed;
  private volatile boolean over; // also where it has expired, so that a step asks one question

  /// @param slot which holds the epoch of what is read, see [dev.quarry.storage.epoch.Pins]
  /// @param commitNumber of what is read
  public Pin(int slot, long commitNumber) {
    this.slot = slot;
    this.commitNumber = commitNumber;
  }

  public int slot() {
    return slot;
  }

  /// Raises a typed error once the reader expired or ended: called where a step begins.
  public void ensureOpen() {
    if (over) {
      throw whyOver();
    }
  }

  /// The typed error of a reader that is over.
  public StoreException whyOver() {
    if (ended && !revoked) {
      return new StoreClosedException(
          ErrorCode.TRANSACTION_CLOSED, "this read transaction is closed", "begin a new one");
    }
    if (storeClosed) {
      return new StoreClosedException(
          ErrorCode.STORE_CLOSED, "the store was closed", "open it again");
    }
    return new SnapshotExpiredException(
        ErrorCode.SNAPSHOT_EXPIRED,
        "the snapshot of commit " + commitNumber + " has expired",
        "begin a new read transaction");
  }

  /// Whether its reader has ended it; an expired one still has to.
  public boolean ended() {
    return ended;
  }

  /// Lets the next step of the reader fail. The memory comes back when the reader has ended.
  public void expire() {
    over = true;
  }

  /// Somebody else ends the reader, who has let it expire or whose store was closed: that stays the
  /// reason, and nobody is told that it was closed.
  public void revoke() {
    revoked = true;
  }

  /// Lets the next step of the reader fail, because its store was closed.
  public void storeClosed() {
    storeClosed = true;
    over = true;
  }

  /// Whether its store was closed.
  public boolean isStoreClosed() {
    return storeClosed;
  }

  void end() {
    ended = true;
    over = true;
  }
}
