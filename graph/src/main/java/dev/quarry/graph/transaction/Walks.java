package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.IndexCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What walks and look-ups are made of, by calls and by statements: applications walk from many
/// nodes one after the other, mostly along the same types in the same direction. So the expansion
/// of a walk that has ended is kept for the next one, with what it knows of the lists of an arena,
/// and so are the cursor over an index, the tokens of names, and the place where a set had its
/// nodes.
///
/// One of each is kept at most; who walks from a node while another walk goes on has one made. Sets
/// of nodes that are open end with their transaction. Used by one thread at a time, the one that
/// uses its [RecordReading].
final class Walks {
  private static final int BUFFER = 256;

  private final RecordReading reading;
  private @Nullable Expansion free;
  private @Nullable IndexCursor freeCursor;
  private @Nullable IndexDefinition freeIndex; // that it walks
  private @Nullable Catalog of; // of the tokens
  private String[] names = {};
  private int @Nullable [] tokens;
  private @Nullable LiveArenas live; // until there are sets
  private @Nullable OrderedIds freeIds;
  private long @Nullable [] buffer; // made when asked for
  private List<AddedNodes> sets = List.of(); // until there are some

  Walks(RecordReading reading) {
    this.reading = reading;
  }

  /// An expansion along some types; without names, along all.
  Expansion take(Direction direction, String[] types) {
    return take(direction, tokens(types), Degrees.ANY_LABEL);
  }

  /// The same by tokens, for nodes with a label.
  Expansion take(Direction direction, int @Nullable [] wanted, int label) {
    Expansion known = free;
    if (known != null && known.isFor(direction, wanted, label)) {
      free = null;
      return known;
    }
    return new Expansion(reading, direction, wanted, label);
  }

  /// A walk has ended, and never uses its expansion again.
  void giveBack(Expansion ended) {
    free = ended;
  }

  /// A cursor over an index.
  IndexCursor take(IndexDefinition index) {
    IndexCursor known = freeCursor;
    if (known != null && freeIndex == index) {
      freeCursor = null;
      return known;
    }
    return new IndexCursor(reading.pages(), index.space());
  }

  /// A look-up has ended, and never uses its cursor again.
  void giveBack(IndexDefinition index, IndexCursor ended) {
    freeCursor = ended;
    freeIndex = index;
  }

  /// Room for some other ends, for who uses it before anybody else does.
  long[] buffer() {
    long[] known = buffer;
    if (known == null) {
      known = new long[BUFFER];
      buffer = known;
    }
    return known;
  }

  /// The tokens of types, -1 for one that nobody has used; null for all of them. The same array for
  /// the same names, as long as the catalog stays.
  int @Nullable [] tokens(String[] types) {
    if (of != reading.catalog() || !Arrays.equals(names, types)) {
      look(types);
    }
    return tokens;
  }

  /// A new set of nodes.
  ///
  /// @param reader whose walks these are
  AddedNodes newSet(Reading reader) {
    LiveArenas known = live;
    if (known == null) {
      known = new LiveArenas(reading);
      live = known;
      sets = new ArrayList<>(2);
    }
    OrderedIds ids = freeIds;
    freeIds = null;
    if (ids == null) {
      ids = new OrderedIds(reading.scratch());
    }
    AddedNodes set = new AddedNodes(reader, known, ids);
    sets.add(set);
    return set;
  }

  /// A set was closed.
  void ended(AddedNodes set) {
    sets.remove(set);
    freeIds = set.ids();
  }

  /// Closes the sets that are open; the transaction is over.
  void close() {
    while (!sets.isEmpty()) {
      sets.removeLast().close();
    }
  }

  private void look(String[] types) {
    Catalog catalog = reading.catalog();
    names = types.clone();
    tokens = types.length == 0 ? null : new int[types.length];
    for (int i = 0; i < types.length; i++) {
      tokens[i] = catalog.type(types[i]);
    }
    of = catalog;
  }
}
