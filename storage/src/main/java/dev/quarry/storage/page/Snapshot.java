package dev.quarry.storage.page;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SnapshotExpiredException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pinned version: what it shows stays as it is until it is closed.
///
/// Used by one thread at a time, whichever it is. [#expire] comes from any thread.
public final class Snapshot extends PageReader implements AutoCloseable {
  private final Version version;
  private final Pins pins;
  private final int slot;
  private final Consumer<Snapshot> onClose;
  private boolean closed;
  private volatile boolean expired;
  private volatile boolean storeClosed;
  private volatile boolean over; // one of the three, so that a step asks one question

  /// @param slot the pin, which holds the version's epoch
  /// @param onClose told once when the snapshot is closed
  public Snapshot(
      Version version, Pins pins, int slot, NodeReader nodes, Consumer<Snapshot> onClose) {
    super(nodes);
    this.version = version;
    this.pins = pins;
    this.slot = slot;
    this.onClose = onClose;
  }

  @Override
  public long commitNumber() {
    return version.commitNumber();
  }

  @Override
  public @Nullable Object attachment() {
    return version.attachment();
  }

  @Override
  public int spaceCount() {
    return version.spaces().length;
  }

  public Version version() {
    return version;
  }

  /// The slot of its pin.
  public int slot() {
    return slot;
  }

  /// Another version, which shows more, under the same pin. Only this snapshot is closed.
  public Snapshot showing(Version more) {
    return new Snapshot(more, pins, slot, nodes, shown -> {});
  }

  /// Raises a typed error once the snapshot expired or was closed: called where a step begins.
  public void ensureOpen() {
    if (over) {
      raiseWhy();
    }
  }

  private void raiseWhy() {
    if (closed) {
      throw new StoreClosedException(
          ErrorCode.TRANSACTION_CLOSED, "this read transaction is closed", "begin a new one");
    }
    if (storeClosed) {
      throw new StoreClosedException(
          ErrorCode.STORE_CLOSED, "the store was closed", "open it again");
    }
    if (expired) {
      throw new SnapshotExpiredException(
          ErrorCode.SNAPSHOT_EXPIRED,
          "the snapshot of commit " + version.commitNumber() + " has expired",
          "begin a new read transaction");
    }
  }

  /// Lets the next step of the reader fail. The memory comes back when the reader has closed it.
  public void expire() {
    expired = true;
    over = true;
  }

  /// Lets the next step of the reader fail, because its store was closed.
  public void storeClosed() {
    storeClosed = true;
    over = true;
  }

  @Override
  @Nullable Space space(int id) {
    ensureOpen();
    return version.space(id);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      over = true;
      closeBuffers();
      Sched.point(Point.UNPIN);
      pins.unpin(slot);
      onClose.accept(this);
    }
  }
}
