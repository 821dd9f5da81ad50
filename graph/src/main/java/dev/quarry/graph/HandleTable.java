package dev.quarry.graph;

import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// The one handle of each record that someone holds: a hash table with chains that holds them
/// weakly.
///
/// ```text
/// table ─► entry ─► …                    a handle is its own key: with the entry that was made
///            └ weakly ─► handle          with it, it takes a line of the cache
/// ```
///
/// There are two buckets for each entry, since each step along a chain waits for memory.
///
/// Entries whose handle is gone find nothing. Once the collector ran, whoever makes a handle looks
/// for some of them and takes them out, bucket after bucket: so they need no reference queue, which
/// would take a lock for each of them, and nobody waits until all were looked at.
///
/// Threads: any. A look-up takes no lock; a handle is made under the monitor, where it is looked up
/// once more. A look-up beside a change may miss what is there, which costs that second one: so it
/// reads buckets and entries without a fence, and finds nothing where it comes too early. It comes
/// to an end: in a table that grows it goes on among entries that were moved before the one it met,
/// never back to those that were not.
///
/// @param <H> the handles
abstract class HandleTable<H> {
  private static final int FIRST_LENGTH = 64;
  private static final int EXPUNGED = 4; // buckets for each handle that is made

  private volatile @Nullable Entry<H>[] table = newTable(FIRST_LENGTH);
  private int size;
  private int left; // buckets to be looked at, from the last one down
  private WeakReference<Object> sinceCollected = new WeakReference<>(new Object());

  /// A link of a chain.
  static final class Entry<H> extends WeakReference<H> {
    private volatile @Nullable Entry<H> next;

    private Entry(H handle) {
      super(handle);
    }

    /// The one behind it; null at the end of the chain.
    @Nullable Entry<H> next() {
      return next;
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a type with parameters
  private static <H> @Nullable Entry<H>[] newTable(int length) {
    return new Entry[length];
  }

  /// What chooses the bucket of a handle: its low bits count.
  abstract int hash(H handle);

  /// The first entry of the chain of a hash; null if there is none.
  final @Nullable Entry<H> first(int hash) {
    @Nullable Entry<H>[] all = table;
    return all[hash & all.length - 1];
  }

  /// Adds a handle that is not there. Under the monitor.
  final void add(H handle) {
    assert Thread.holdsLock(this);
    expungeSome();
    if (2 * size >= table.length) {
      grow();
    }
    enter(new Entry<>(handle), handle, table);
    size++;
  }

  private void expungeSome() {
    if (sinceCollected.refersTo(null)) {
      sinceCollected = new WeakReference<>(new Object());
      left = table.length;
    }
    int until = Math.max(0, left - EXPUNGED);
    while (left > until) {
      expunge(--left);
    }
  }

  /// Puts an entry before all others of its bucket.
  private void enter(Entry<H> entry, H handle, @Nullable Entry<H>[] into) {
    int bucket = hash(handle) & into.length - 1;
    entry.next = into[bucket];
    VarHandle.releaseFence(); // whoever finds it finds what it has
    into[bucket] = entry;
  }

  /// How many records have a handle that someone may still hold.
  final synchronized int size() {
    for (int i = 0; i < table.length; i++) {
      expunge(i);
    }
    return size;
  }

  /// How many entries there are, with those of handles that are gone.
  final synchronized int entries() {
    return size;
  }

  /// Moves all entries to a longer table, but for those whose handle is gone.
  private void grow() {
    @Nullable Entry<H>[] longer = newTable(2 * table.length);
    int moved = 0;
    for (Entry<H> first : table) {
      for (Entry<H> entry = first; entry != null; ) {
        Entry<H> following = entry.next;
        H handle = entry.get();
        if (handle != null) {
          enter(entry, handle, longer);
          moved++;
        }
        entry = following;
      }
    }
    size = moved;
    table = longer;
    left = 0; // none whose handle was gone is there
  }

  /// Takes out entries of a bucket whose handle is gone.
  private void expunge(int bucket) {
    @Nullable Entry<H>[] all = table;
    Entry<H> before = null;
    for (Entry<H> entry = all[bucket]; entry != null; entry = entry.next) {
      if (!entry.refersTo(null)) {
        before = entry;
        continue;
      }
      if (before == null) {
        all[bucket] = entry.next;
      } else {
        before.next = entry.next;
      }
      size--;
    }
  }
}
