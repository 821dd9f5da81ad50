package dev.quarry.graph.catalog;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One state of the catalog. Immutable.
///
/// @param labels names by token
/// @param types names by token; the count of relationships of type t is counter t
/// @param keys names by token
/// @param arenas of nodes, by id
/// @param edgeArenas of relationships with properties, by id: one for each type in the default
///   region, and one for each type and other region that has such relationships
/// @param flips labels that changed after creation
/// @param kinds lists with a directory of their own; all others are in the mixed lists
/// @param indexes by the order in which they were made
/// @param constraints by the order in which they were made
/// @param counts space of the counters, 8 bytes each: those of types have even numbers, those of
///   flips and of pairs of regions odd ones
/// @param statistics spaces of what else is counted and estimated
/// @param regions parts that are dropped as a whole
public record Catalog(
    List<String> labels,
    List<String> types,
    List<String> keys,
    List<Arena> arenas,
    List<Arena> edgeArenas,
    List<Flip> flips,
    List<ListKind> kinds,
    List<IndexDefinition> indexes,
    List<ConstraintDefinition> constraints,
    int counts,
    StatisticsSpaces statistics,
    Regions regions) {
  public Catalog {
    labels = List.copyOf(labels);
    types = List.copyOf(types);
    keys = List.copyOf(keys);
    arenas = List.copyOf(arenas);
    edgeArenas = List.copyOf(edgeArenas);
    flips = List.copyOf(flips);
    kinds = List.copyOf(kinds);
    indexes = List.copyOf(indexes);
    constraints = List.copyOf(constraints);
  }

  /// In the counter of a type: some row of it remembers an ordinal, see
  /// [dev.quarry.graph.record.Ends]. The bits below are the number of relationships.
  public static final long REMEMBERS = 1L << 62;

  /// The number of the counter of relationships of a type.
  public static int typeCounter(int type) {
    return type * 2;
  }

  /// Token of a label, -1 if nobody has used it.
  public int label(String name) {
    return labels.indexOf(name);
  }

  /// Token of a relationship type, -1 if nobody has used it.
  public int type(String name) {
    return types.indexOf(name);
  }

  /// Token of a property key, -1 if nobody has used it.
  public int key(String name) {
    return keys.indexOf(name);
  }

  /// The lists of their own of a type between two arenas, or null.
  public @Nullable ListKind kind(int arena, int type, boolean out, int other) {
    for (int i = 0; i < kinds.size(); i++) {
      ListKind kind = kinds.get(i);
      if (kind.arena() == arena
          && kind.type() == type
          && kind.out() == out
          && kind.other() == other) {
        return kind;
      }
    }
    return null;
  }

  /// Whether all nodes of an arena have the labels that it was made for: none was added to one of
  /// them, or removed.
  public boolean isPure(int arena) {
    for (int i = 0; i < flips.size(); i++) {
      if (flips.get(i).arena() == arena) {
        return false;
      }
    }
    return true;
  }

  /// The flip of a label in an arena, or null.
  public @Nullable Flip flip(int arena, int label) {
    for (int i = 0; i < flips.size(); i++) { // by index: a cursor asks at every step
      Flip flip = flips.get(i);
      if (flip.arena() == arena && flip.label() == label) {
        return flip;
      }
    }
    return null;
  }

  /// A catalog of nothing.
  public static Catalog empty(int counts, StatisticsSpaces statistics) {
    List<String> names = List.of();
    List<Arena> arenas = List.of();
    return new Catalog(
        names,
        names,
        names,
        arenas,
        arenas,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        counts,
        statistics,
        Regions.NONE);
  }

  /// The arena of nodes with exactly these labels, ascending, in a region; null if there is none.
  public @Nullable Arena home(int region, List<Integer> exactLabels) {
    for (Arena arena : arenas) {
      if (arena.region() == region && !arena.isDropped() && arena.labels().equals(exactLabels)) {
        return arena;
      }
    }
    return null;
  }

  /// The arena of relationships of a type whose sources lie in a region, also what is left of a
  /// dropped one; null if there is none. The newest, where a number of regions was used again.
  public @Nullable Arena edgeArena(int type, int region) {
    for (int id = edgeArenas.size() - 1; id >= 0; id--) {
      Arena arena = edgeArenas.get(id);
      if (arena.region() == region && arena.labels().getFirst() == type) {
        return arena;
      }
    }
    return null;
  }

  /// An arena of nodes that an id from a page or from the log names.
  ///
  /// @throws CorruptPageException if there is none of that number
  public Arena arena(int id) {
    if (id < 0 || id >= arenas.size()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a node lies in arena " + id + ", there are " + arenas.size(),
          "run `quarry check`");
    }
    return arenas.get(id);
  }

  /// An arena that a record of the log names.
  ///
  /// @throws CorruptPageException if there is none of that number
  public Arena arena(boolean ofEdges, int id) {
    if (ofEdges && (id < 0 || id >= edgeArenas.size())) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a row lies in edge arena " + id + ", there are " + edgeArenas.size(),
          "run `quarry check`");
    }
    return ofEdges ? edgeArenas.get(id) : arena(id);
  }

  /// The type of a token from a page.
  ///
  /// @throws CorruptPageException if there is none of that number
  public String typeName(int token) {
    if (token >= types.size()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a relationship has type " + token + ", there are " + types.size(),
          "run `quarry check`");
    }
    return types.get(token);
  }

  /// Makes sure that what an entry of a mixed list names exists: the arena of a node, and a type.
  public void ensureNamed(int arena, int type) {
    if (arena >= arenas.size() || type >= types.size()) {
      arena(arena);
      typeName(type);
    }
  }

  /// The region of a node's arena.
  public int region(int arena) {
    return arena(arena).region();
  }

  /// The number of the next counter of flips and of pairs of regions.
  int nextCounter() {
    int last = -1;
    for (Flip flip : flips) {
      last = Math.max(last, flip.counter());
    }
    for (RegionCount count : regions.counts()) {
      last = Math.max(last, count.counter());
    }
    return last + 2;
  }

  /// The index of a name, or null.
  public @Nullable IndexDefinition index(String name) {
    for (IndexDefinition index : indexes) {
      if (index.name().equals(name)) {
        return index;
      }
    }
    return null;
  }

  /// The index over some records by exactly these properties, or null.
  public @Nullable IndexDefinition index(boolean ofRelationships, int token, List<Integer> keys) {
    for (IndexDefinition index : indexes) {
      if (index.covers(ofRelationships, token, keys)) {
        return index;
      }
    }
    return null;
  }

  /// The index over the nodes with a label by exactly one property, or null.
  public @Nullable IndexDefinition nodeIndex(int label, int key) {
    for (int i = 0; i < indexes.size(); i++) {
      IndexDefinition index = indexes.get(i);
      if (!index.ofRelationships()
          && index.token() == label
          && index.keys().size() == 1
          && index.keys().getFirst() == key) {
        return index;
      }
    }
    return null;
  }

  /// The index over some records by exactly these properties, all given by name, or null.
  public @Nullable IndexDefinition index(
      boolean ofRelationships, String labelOrType, List<String> keyNames) {
    int token = ofRelationships ? type(labelOrType) : label(labelOrType);
    for (int i = 0; token >= 0 && i < indexes.size(); i++) {
      IndexDefinition index = indexes.get(i);
      if (index.ofRelationships() == ofRelationships
          && index.token() == token
          && areKeys(keyNames, index.keys())) {
        return index;
      }
    }
    return null;
  }

  /// Whether names are those of some keys. Without a list of tokens, since each look-up of a
  /// statement comes here.
  private boolean areKeys(List<String> names, List<Integer> tokens) {
    boolean same = names.size() == tokens.size();
    for (int i = 0; same && i < names.size(); i++) {
      same = key(names.get(i)) == tokens.get(i);
    }
    return same;
  }

  /// The constraint of a name, or null.
  public @Nullable ConstraintDefinition constraint(String name) {
    for (ConstraintDefinition constraint : constraints) {
      if (constraint.name().equals(name)) {
        return constraint;
      }
    }
    return null;
  }
}
