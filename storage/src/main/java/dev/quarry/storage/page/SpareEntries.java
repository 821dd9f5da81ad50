package dev.quarry.storage.page;

import dev.quarry.storage.epoch.Pins;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Arrays of entries that belonged to nodes which newer ones replaced, to be used again once nobody
/// sees those nodes: so a lone commit copies nodes into arrays that lie in the cache, and leaves no
/// garbage for them.
///
/// They are few, since most nodes are replaced one commit after the other; what does not fit is
/// left to the collector. An array of a node that a reader keeps goes behind the others.
///
/// Invariant: no version from the newest visible one on has a node with an array that is here.
/// Threads: the caller's lock.
final class SpareEntries {
  /// The most arrays that are kept, 2 KiB each.
  static final int MOST = 32;

  private static final long[] NONE = {};
  private static final long POISON = 0xDDDD_DDDD_DDDD_D000L | Node.FRAME;

  private final Pins pins;
  private final long[][] arrays = new long[MOST][];
  private final long[] births = new long[MOST];
  private final long[] deaths = new long[MOST];
  private int first;
  private int count;

  SpareEntries(Pins pins) {
    this.pins = pins;
  }

  /// Adds the array of a node that versions in `[birth, death)` reach. Where there is no room the
  /// oldest one is forgotten.
  void add(long[] entries, long birth, long death) {
    assert birth < death : birth + " to " + death;
    if (count == MOST) {
      dropFirst();
    }
    int at = (first + count++) % MOST;
    arrays[at] = entries;
    births[at] = birth;
    deaths[at] = death;
  }

  /// The oldest array, if nobody sees its node any more. It holds anything.
  ///
  /// @param newest the number of the newest version that is visible
  long @Nullable [] take(long newest) {
    if (count == 0) {
      return null;
    }
    long[] entries = arrays[first];
    long birth = births[first];
    long death = deaths[first];
    dropFirst();
    if (death > newest || pins.anyIn(birth, death)) {
      add(entries, birth, death);
      return null;
    }
    assert poison(entries);
    return entries;
  }

  /// So that in tests whoever still looks at it finds no address that there is.
  private static boolean poison(long[] entries) {
    Arrays.fill(entries, POISON);
    return true;
  }

  private void dropFirst() {
    arrays[first] = NONE;
    first = (first + 1) % MOST;
    count--;
  }
}
