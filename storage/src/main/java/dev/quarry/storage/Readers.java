package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreClosedException;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.page.NodeReader;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.page.Pin;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who reads a store. What they may still look at is given back when the store is closed and the
/// last of them is.
///
/// A reader pins the epoch of the newest version, and looks at the newest version again until both
/// agree: then nothing that it reaches is used again before the pin is given back.
///
/// Whoever has a slot of the pins has the same slot of the other arrays to himself.
///
/// Threads: any. A reader takes no lock before its end.
final class Readers {
  private final Newest newest;
  private final Pins pins;
  private final NodeReader nodes;
  private final Runnable release;
  private final AtomicReferenceArray<@Nullable Pin> readers = // by slot
      new AtomicReferenceArray<>(Pins.SLOTS);
  private final LeftReaders left = new LeftReaders();
  private final Consumer<Snapshot> ended = this::ended; // one object for all readers
  private volatile boolean closed;
  private boolean written;
  private boolean released;

  /// @param release gives back what readers look at; called once
  Readers(Parts parts, @Nullable PageFile pages, Runnable release) {
    this.newest = parts.newest();
    this.pins = parts.pins();
    this.nodes = new NodeReader(parts.frames(), pages);
    this.release = release;
  }

  /// Begins to read the newest commit.
  Snapshot begin() {
    return begin(false);
  }

  /// The same with the snapshot that a reader of the same version left, if there is one.
  Snapshot beginAgain() {
    return begin(true);
  }

  private Snapshot begin(boolean again) {
    ensureOpen();
    int slot = pins.pin(newest::epoch);
    Sched.point(Point.PINNED);
    Version version = newest.get();
    while (version.epoch() != pins.epoch(slot)) {
      pins.move(slot, version.epoch());
      Sched.point(Point.PINNED);
      version = newest.get();
    }
    Pin pin = new Pin(slot, version.commitNumber());
    Snapshot found = again ? left.find(slot, version) : null;
    if (found == null) {
      return begun(new Snapshot(version, pin, nodes, ended));
    }
    found.begin(pin);
    return begun(found);
  }

  /// Begins to read what another reader reads, which must not end meanwhile: its pin keeps all that
  /// the new one may look at before it has one.
  Snapshot beginLike(Snapshot other) {
    ensureOpen();
    other.ensureOpen();
    Version version = other.version();
    Pin pin = new Pin(pins.pin(version::epoch), version.commitNumber());
    return begun(new Snapshot(version, pin, nodes, ended));
  }

  /// Lets whoever closes the store know of a reader, before that looks whether somebody does.
  private Snapshot begun(Snapshot reader) {
    readers.set(reader.pin().slot(), reader.pin());
    if (closed) {
      reader.close();
      ensureOpen();
    }
    return reader;
  }

  void ensureOpen() {
    if (closed) {
      throw new StoreClosedException(
          ErrorCode.STORE_CLOSED, "the store is closed", "open it again");
    }
  }

  /// Whether the store is closed, or is being closed.
  boolean closed() {
    return closed;
  }

  boolean none() {
    for (int slot = 0; slot < readers.length(); slot++) {
      if (readers.get(slot) != null) {
        return false;
      }
    }
    return true;
  }

  /// The store is being closed: nobody begins any more, and who reads gets an error at the next
  /// step.
  void close() {
    closed = true;
    for (int slot = 0; slot < readers.length(); slot++) {
      if (readers.get(slot) instanceof Pin reader) {
        reader.storeClosed();
      }
    }
  }

  /// The file is written; before, what was read last must not take the memory away.
  void leave() {
    if (lastToLeave(true)) {
      release.run();
    }
  }

  /// Gives the slot back, last of all.
  private void ended(Snapshot reader) {
    int slot = reader.pin().slot();
    left.ended(slot, reader);
    readers.setRelease(slot, null);
    Sched.point(Point.UNPIN);
    pins.unpin(slot);
    if (closed && lastToLeave(false)) {
      release.run();
    }
  }

  private synchronized boolean lastToLeave(boolean isWritten) {
    written |= isWritten;
    if (released || !written || !none()) {
      return false;
    }
    released = true;
    return true;
  }
}
