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
/// Entries whose handle is gone find nothing. They are taken out once the table is full: so they
/// need no reference queue, which would take a lock for each of them.
///
/// Threads: any. A look-up takes no lock; a handle is made under the monitor, where it is looked up
/// once more. A look-up beside a change may miss what is there, which costs that second one. It
/// comes to an end: in a table that changes its length it goes on among entries that were moved
/// before the one it met, never back to those that were not.
final class NodeHandles {
  private static final int FIRST_LENGTH = 64;

  private volatile AtomicReferenceArray<@Nullable Entry> table =
      new AtomicReferenceArray<>(FIRST_LENGTH);
  private int size;

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
    if (size == table.length()) {
      makeRoom();
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
    expunge();
    return size;
  }

  /// Takes out entries whose handle is gone; if few are, the table grows, if most are, it shrinks.
  private void makeRoom() {
    expunge();
    int length = table.length();
    if (2 * size > length) {
      move(2 * length);
    } else if (8 * size < length && length > FIRST_LENGTH) {
      move(length / 2);
    }
  }

  private void move(int length) {
    AtomicReferenceArray<@Nullable Entry> old = table;
    AtomicReferenceArray<@Nullable Entry> moved = new AtomicReferenceArray<>(length);
    for (int i = 0; i < old.length(); i++) {
      for (Entry entry = old.get(i); entry != null; ) {
        Entry next = entry.next;
        int bucket = bucket(moved, entry.id, entry.generation);
        entry.next = moved.get(bucket);
        moved.set(bucket, entry);
        entry = next;
      }
    }
    table = moved;
  }

  private void expunge() {
    AtomicReferenceArray<@Nullable Entry> all = table;
    for (int i = 0; i < all.length(); i++) {
      Entry before = null;
      for (Entry entry = all.get(i); entry != null; entry = entry.next) {
        if (!entry.refersTo(null)) {
          before = entry;
          continue;
        }
        if (before == null) {
          all.set(i, entry.next);
        } else {
          before.next = entry.next;
        }
        size--;
      }
    }
  }

  private static int bucket(AtomicReferenceArray<?> table, long id, int generation) {
    return (int) Memory.mix(id ^ (long) generation << 48) & table.length() - 1;
  }
}
