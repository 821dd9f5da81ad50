package dev.quarry.graph;

import dev.quarry.storage.memory.Memory;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The one handle of each node that someone holds: a hash table with chains that holds them weakly.
///
/// ```text
/// table ─► entry: id, generation, next ─► …        a look-up makes no object, and an entry is
///            └ weakly ─► handle                    its own key
/// ```
///
/// There are two buckets for each entry, since each step along a chain waits for memory.
///
/// Entries whose handle is gone find nothing. Whoever makes a handle looks for some of them and
/// takes them out, bucket after bucket: so they need no reference queue, which would take a lock
/// for each of them, and nobody waits until all were looked at.
///
/// Threads: any. A look-up takes no lock; a handle is made under the monitor, where it is looked up
/// once more. A look-up beside a change may miss what is there, which costs that second one. It
/// comes to an end: in a table that grows it goes on among entries that were moved before the one
/// it met, never back to those that were not.
final class NodeHandles {
  private static final int FIRST_LENGTH = 64;
  private static final int EXPUNGED = 4; // buckets for each handle that is made

  private volatile AtomicReferenceArray<@Nullable Entry> table =
      new AtomicReferenceArray<>(FIRST_LENGTH);
  private int size;
  private int next; // bucket to be looked at

  private static final class Entry extends WeakReference<Node> {
    private final long id;
    private final int generation;
    private volatile @Nullable Entry next;

    Entry(Node node, @Nullable Entry next) {
      super(node);
      this.id = node.id;
      this.generation = node.generation;
      this.next = next;
    }
  }

  /// The handle of a node, made if nobody holds it.
  Node get(Handles handles, long id, int generation) {
    Node known = find(id, generation);
    return known != null ? known : findOrMake(handles, id, generation);
  }

  private @Nullable Node find(long id, int generation) {
    AtomicReferenceArray<@Nullable Entry> all = table;
    Entry entry = all.get(bucket(all, id, generation));
    while (entry != null) {
      if (entry.id == id && entry.generation == generation) {
        Node node = entry.get();
        if (node != null) {
          return node;
        }
      }
      entry = entry.next;
    }
    return null;
  }

  private synchronized Node findOrMake(Handles handles, long id, int generation) {
    Node known = find(id, generation);
    if (known != null) {
      return known;
    }
    for (int i = 0; i < EXPUNGED; i++) {
      expunge(next++ & table.length() - 1);
    }
    if (2 * size >= table.length()) {
      grow();
    }
    Node node = new Node(handles, id, generation);
    AtomicReferenceArray<@Nullable Entry> all = table;
    int bucket = bucket(all, id, generation);
    all.set(bucket, new Entry(node, all.get(bucket)));
    size++;
    return node;
  }

  /// How many nodes have a handle that someone may still hold.
  synchronized int size() {
    for (int i = 0; i < table.length(); i++) {
      expunge(i);
    }
    return size;
  }

  /// How many entries there are, with those of handles that are gone.
  synchronized int entries() {
    return size;
  }

  private void grow() {
    AtomicReferenceArray<@Nullable Entry> old = table;
    AtomicReferenceArray<@Nullable Entry> longer = new AtomicReferenceArray<>(2 * old.length());
    for (int i = 0; i < old.length(); i++) {
      for (Entry entry = old.get(i); entry != null; ) {
        Entry following = entry.next;
        int bucket = bucket(longer, entry.id, entry.generation);
        entry.next = longer.get(bucket);
        longer.set(bucket, entry);
        entry = following;
      }
    }
    table = longer;
  }

  /// Takes out entries of a bucket whose handle is gone.
  private void expunge(int bucket) {
    Entry before = null;
    for (Entry entry = table.get(bucket); entry != null; entry = entry.next) {
      if (!entry.refersTo(null)) {
        before = entry;
        continue;
      }
      if (before == null) {
        table.set(bucket, entry.next);
      } else {
        before.next = entry.next;
      }
      size--;
    }
  }

  private static int bucket(AtomicReferenceArray<?> table, long id, int generation) {
    return (int) Memory.mix(id ^ (long) generation << 48) & table.length() - 1;
  }
}
