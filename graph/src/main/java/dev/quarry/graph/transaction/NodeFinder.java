package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.Lookup;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.value.Comparison;
import java.util.List;

/// Finds nodes with a label by the value of one property, which an index has. A reader keeps it for
/// the next look-up of the same kind: applications look up many nodes one by one.
///
/// An integer is looked for without an object, other values by an [IndexSeek]. Used by one thread
/// at a time.
final class NodeFinder {
  static final long NONE = -1;

  private final Reading reading;
  private final Catalog catalog;
  private final String label;
  private final String key;
  private final IndexDefinition index;
  private final IndexCursor cursor;

  NodeFinder(Reading reading, String label, String key, IndexDefinition index) {
    this.reading = reading;
    this.catalog = reading.catalog();
    this.label = label;
    this.key = key;
    this.index = index;
    this.cursor = new IndexCursor(reading.pages(), index.space());
  }

  /// Whether it finds what is meant, in a state of the graph with this catalog.
  boolean isFor(Catalog now, String aLabel, String aKey) {
    return now == catalog && aLabel.equals(label) && aKey.equals(key);
  }

  /// Some node with an integer, or a float that equals it.
  ///
  /// @return its id, or [#NONE]
  long find(long number) {
    long order = IndexKey.order(number);
    long hash = IndexKey.hashOfOne(number);
    cursor.open(order, hash);
    while (cursor.next() && cursor.order() == order && cursor.hash() == hash) {
      long node = cursor.record();
      if (has(node, number) && !reading.isDropped(index, node) && !reading.isLeaving(node)) {
        return node;
      }
    }
    return NONE;
  }

  private boolean has(long node, long number) {
    ArenaReader arena = reading.nodeArena(node);
    long slot = Ids.slot(node);
    int property = index.keys().getFirst();
    if (arena.isInteger(slot, property)) {
      return arena.getLong(slot, property) == number;
    }
    Object other = arena.property(slot, property);
    return other != null && Comparison.equal(other, number);
  }

  /// Some node with a value.
  ///
  /// @param wanted in its canonical form
  /// @return its id, or [#NONE]
  long find(Object wanted) {
    long[] found = new long[1];
    try (IndexSeek seek = reading.seek(index, Lookup.equal(List.of(wanted)))) {
      return seek.fill(found, 1) == 0 ? NONE : found[0];
    }
  }
}
