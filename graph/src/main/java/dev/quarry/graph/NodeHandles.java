package dev.quarry.graph;

import dev.quarry.storage.memory.Memory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/// The one handle of each node that someone holds: a hash table with chains that holds them weakly.
///
/// ```text
/// table ─► entry: id, generation, next ─► …        a look-up makes no object, and an entry is
///            └ weakly ─► handle                    its own key
/// ```
///
/// Entries whose handle is gone are taken out at the next call; until then they find nothing. Used
/// under the monitor of [Handles].
final class NodeHandles {
  private static final int FIRST_LENGTH = 64;

  private final ReferenceQueue<Node> cleared = new ReferenceQueue<>();
  private @Nullable Entry[] table = new Entry[FIRST_LENGTH];
  private int size;

  private static final class Entry extends WeakReference<Node> {
    private final long id;
    private final int generation;
    private @Nullable Entry next;

    Entry(Node node, @Nullable Entry next, ReferenceQueue<Node> cleared) {
      super(node, cleared);
      this.id = node.id;
      this.generation = node.generation;
      this.next = next;
    }
  }

  /// The handle of a node, made if nobody holds it.
  Node get(Handles handles, long id, int generation) {
    expunge();
    int bucket = bucket(id, generation);
    for (Entry entry = table[bucket]; entry != null; entry = entry.next) {
      if (entry.id == id && entry.generation == generation) {
        Node node = entry.get();
        if (node != null) {
          return node;
        }
      }
    }
    Node node = new Node(handles, id, generation);
    table[bucket] = new Entry(node, table[bucket], cleared);
    if (++size > table.length) {
      grow();
    }
    return node;
  }

  /// How many nodes have a handle that someone may still hold.
  int size() {
    expunge();
    return size;
  }

  private void grow() {
    @Nullable Entry[] old = table;
    table = new Entry[2 * old.length];
    for (Entry first : old) {
      for (Entry entry = first; entry != null; ) {
        Entry next = entry.next;
        int bucket = bucket(entry.id, entry.generation);
        entry.next = table[bucket];
        table[bucket] = entry;
        entry = next;
      }
    }
  }

  private void expunge() {
    while (cleared.poll() instanceof Entry entry) {
      remove(entry);
    }
  }

  private void remove(Entry gone) {
    int bucket = bucket(gone.id, gone.generation);
    Entry before = null;
    Entry entry = table[bucket];
    while (entry != gone) {
      assert entry != null : "an entry is in its chain until it is taken out";
      before = entry;
      entry = entry.next;
    }
    if (before == null) {
      table[bucket] = gone.next;
    } else {
      before.next = gone.next;
    }
    size--;
  }

  private int bucket(long id, int generation) {
    return (int) Memory.mix(id ^ (long) generation << 48) & table.length - 1;
  }
}
