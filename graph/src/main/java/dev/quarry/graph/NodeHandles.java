package dev.quarry.graph;

import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// The one handle of each node that someone holds: a hash table with chains that holds them weakly.
///
/// ```text
/// table ─► entry ─► …                    a look-up makes no object, and a handle is its own key:
///            └ weakly ─► handle          with the entry that was made with it, it takes a line
/// ```
///
/// There are two buckets for each entry, since each step along a chain waits for memory. For the
/// same reason the buckets of eight nodes side by side lie side by side: lists of neighbours
/// ascend.
///
/// Entries whose handle is gone find nothing. Whoever makes a handle looks for some of them and
/// takes them out, bucket after bucket: so they need no reference queue, which would take a lock
/// for each of them, and nobody waits until all were looked at.
///
/// Threads: any. A look-up takes no lock; a handle is made under the monitor, where it is looked up
/// once more. A look-up beside a change may miss what is there, which costs that second one: so it
/// reads buckets and entries without a fence, and finds nothing where it comes too early. It comes
/// to an end: in a table that grows it goes on among entries that were moved before the one it met,
/// never back to those that were not.
final class NodeHandles {
  private static final int FIRST_LENGTH = 64;
  private static final int EXPUNGED = 4; // buckets for each handle that is made
  private static final int TOGETHER = 7; // low bits of ids whose buckets lie side by side

  private volatile @Nullable Entry[] table = new Entry[FIRST_LENGTH];
  private int size;
  private int next; // bucket to be looked at

  private static final class Entry extends WeakReference<Node> {
    private volatile @Nullable Entry next;

    Entry(Node node, @Nullable Entry next) {
      super(node);
      this.next = next;
    }
  }

  /// The handle of a node, made if nobody holds it.
  Node get(Handles handles, long id, int generation) {
    Node known = find(id, generation);
    return known != null ? known : findOrMake(handles, id, generation);
  }

  private @Nullable Node find(long id, int generation) {
    @Nullable Entry[] all = table;
    Entry entry = all[bucket(id, generation, all.length)];
    while (entry != null) {
      Node node = entry.get();
      if (node != null && node.id == id && node.generation == generation) {
        return node;
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
      expunge(next++ & table.length - 1);
    }
    if (2 * size >= table.length) {
      grow();
    }
    Node node = new Node(handles, id, generation);
    enter(new Entry(node, null), node, table);
    size++;
    return node;
  }

  /// Puts an entry before all others of its bucket.
  private static void enter(Entry entry, Node node, @Nullable Entry[] into) {
    int bucket = bucket(node.id, node.generation, into.length);
    entry.next = into[bucket];
    VarHandle.releaseFence(); // whoever finds it finds what it has
    into[bucket] = entry;
  }

  /// How many nodes have a handle that someone may still hold.
  synchronized int size() {
    for (int i = 0; i < table.length; i++) {
      expunge(i);
    }
    return size;
  }

  /// How many entries there are, with those of handles that are gone.
  synchronized int entries() {
    return size;
  }

  /// Moves all entries to a longer table, but for those whose handle is gone.
  private void grow() {
    @Nullable Entry[] longer = new Entry[2 * table.length];
    int moved = 0;
    for (Entry first : table) {
      for (Entry entry = first; entry != null; ) {
        Entry following = entry.next;
        Node node = entry.get();
        if (node != null) {
          enter(entry, node, longer);
          moved++;
        }
        entry = following;
      }
    }
    size = moved;
    table = longer;
  }

  /// Takes out entries of a bucket whose handle is gone.
  private void expunge(int bucket) {
    @Nullable Entry[] all = table;
    Entry before = null;
    for (Entry entry = all[bucket]; entry != null; entry = entry.next) {
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

  private static int bucket(long id, int generation, int length) {
    long others = id >>> 3 ^ (long) generation << 20;
    int spread = (int) (others * 0x9E3779B97F4A7C15L >>> 32);
    return (spread ^ (int) id & TOGETHER) & length - 1;
  }
}
