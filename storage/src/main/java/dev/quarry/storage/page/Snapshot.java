package dev.quarry.storage.page;

import java.lang.ref.WeakReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pinned version: what it shows stays as it is until it is closed.
///
/// A reader of few steps *leaves* it instead: then the next one of the same version may use it
/// again, under a pin of its own, with what the layer above found out about that version. Between
/// the two it holds nothing but heap, and that only until the collector wants it.
///
/// Used by one thread at a time, whichever it is.
public final class Snapshot extends PageReader implements AutoCloseable {
  private final Version version;
  private final Consumer<Snapshot> onClose;
  private Pin pin;
  private boolean left;
  private @Nullable Object companion;
  private @Nullable WeakReference<Snapshot> weakly;

  /// @param pin whose slot holds the version's epoch
  /// @param onClose told once for each pin when that is over, and frees the slot
  public Snapshot(Version version, Pin pin, NodeReader nodes, Consumer<Snapshot> onClose) {
    super(nodes);
    this.version = version;
    this.pin = pin;
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

  /// The time of whoever reads it now, or read it last.
  public Pin pin() {
    return pin;
  }

  /// What the layer above left with it; null if nobody did.
  public @Nullable Object companion() {
    return companion;
  }

  /// Another version, which shows more, under the same pin. Only this snapshot is closed.
  public Snapshot showing(Version more) {
    return new Snapshot(more, pin, nodes, shown -> {});
  }

  /// Raises a typed error once the snapshot expired or was closed: called where a step begins.
  public void ensureOpen() {
    pin.ensureOpen();
  }

  @Override
  @Nullable Space space(int id) {
    ensureOpen();
    return version.space(id);
  }

  /// Is open again, for another reader of the same version.
  ///
  /// @param next whose slot holds the version's epoch
  public void begin(Pin next) {
    assert left : "somebody may still know of it";
    assert pin.ended();
    left = false;
    pin = next;
  }

  /// Ends the reader, who hands it on.
  ///
  /// @param with what the next one finds as its [#companion()]
  public void leave(Object with) {
    companion = with;
    left = true;
    close();
  }

  /// Whether its last reader handed it on.
  public boolean left() {
    return left;
  }

  /// What keeps it until the collector wants it; always the same.
  public WeakReference<Snapshot> weakly() {
    WeakReference<Snapshot> known = weakly;
    if (known == null) {
      known = new WeakReference<>(this);
      weakly = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (!pin.ended()) {
      pin.end();
      closeBuffers();
      onClose.accept(this);
    }
  }
}
