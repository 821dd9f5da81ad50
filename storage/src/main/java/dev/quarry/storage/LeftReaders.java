package dev.quarry.storage;

import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Version;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// The snapshots that readers left for the next ones of the same version, one for each slot of the
/// pins: a thread mostly gets the slot that it had before.
///
/// They are held weakly, so none keeps a version on the heap that is not the newest any more.
///
/// Threads: whoever has pinned a slot has its place here to himself. The pin orders one after the
/// other, so nothing here is volatile.
final class LeftReaders {
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  private final @Nullable WeakReference<Snapshot>[] places = new WeakReference[Pins.SLOTS];

  /// The snapshot that was left in a slot, if it shows a version.
  @Nullable Snapshot find(int slot, Version version) {
    WeakReference<Snapshot> place = places[slot];
    Snapshot found = place == null ? null : place.get();
    return found != null && found.version() == version ? found : null;
  }

  /// A reader has ended. Its snapshot takes the place if it was left, and loses it if not.
  void ended(int slot, Snapshot reader) {
    WeakReference<Snapshot> place = places[slot];
    if (reader.left()) {
      if (place != reader.weakly()) {
        places[slot] = reader.weakly();
      }
    } else if (place != null && place.refersTo(reader)) {
      places[slot] = null;
    }
  }
}
