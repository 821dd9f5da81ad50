package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.slab.Lists;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lists of the nodes of one arena in one direction that may hold relationships of some types:
/// for work that goes over lists as they lie. Good until the arena or the catalog changes. Used by
/// one thread at a time, the one that uses its [RecordReading].
public final class ArenaLists {
  /// Lists of their own.
  ///
  /// @param other arena of the nodes at the other end, whose slots their entries are
  /// @param entryBytes of those lists that [Lists#locate] finds
  public record Kind(int other, Lists lists, int entryBytes) {}

  private final RecordReading reading;
  private final int @Nullable [] types;
  private final List<Kind> kinds = new ArrayList<>();
  private final @Nullable Lists mixed;

  /// @param types tokens of types, -1 for one that nobody has used; null for all
  public ArenaLists(RecordReading reading, int arena, boolean out, int @Nullable [] types) {
    this.reading = reading;
    this.types = types;
    long first = Ids.node(arena, 0);
    for (KnownKind one : reading.kinds(first, out)) {
      if (matches(one.kind().type())) {
        kinds.add(new Kind(one.kind().other(), one.lists(), one.kind().spaces().entryBytes()));
      }
    }
    Lists lists = reading.lists(first, out);
    this.mixed = lists.isEmpty() ? null : lists;
  }

  /// Those of their own.
  public List<Kind> kinds() {
    return kinds;
  }

  /// The mixed lists, with entries of 16 bytes: a node, and what [#isWanted] takes; null if there
  /// are none.
  public @Nullable Lists mixed() {
    return mixed;
  }

  /// Whether an entry of a mixed list is of a type that is asked for.
  ///
  /// @param node its first word
  /// @param entry its second word
  public boolean isWanted(long node, long entry) {
    Catalog catalog = reading.catalog();
    catalog.ensureNamed(Ids.arena(node), Ids.type(entry));
    return matches(Ids.type(entry));
  }

  private boolean matches(int type) {
    int[] wanted = types;
    if (wanted == null) {
      return true;
    }
    for (int one : wanted) {
      if (one == type) {
        return true;
      }
    }
    return false;
  }
}
