package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ListKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides which relationships get lists of their own.
///
/// A kind gets them with its first relationship, as long as its arenas have few others: a node with
/// no more than three relationships of a kind then takes 16 bytes a direction, and each further one
/// 4, against 16 in a mixed list. The relationships of all other kinds share the mixed lists of
/// their arenas, so that a thousand rare types cost what they hold; compaction gives lists of their
/// own to those that became dense. Used by the writer's thread.
final class OwnLists {
  /// Kinds of an arena in a direction that get lists for the asking; the property `quarry.ownLists`
  /// changes it, for tests.
  private static final int MOST = 16;

  private @Nullable List<ListKind> decidedOf;
  private int decidedSource;
  private int decidedType;
  private int decidedTarget;

  /// Whether lists are to be made before a relationship is created. Says so until there are some.
  boolean areDue(Catalog catalog, long source, int type, long target) {
    int from = Ids.arena(source);
    int to = Ids.arena(target);
    if (decidedOf == catalog.kinds()
        && decidedSource == from
        && decidedType == type
        && decidedTarget == to) {
      return false;
    }
    boolean due = decide(catalog, from, type, to);
    if (!due) {
      decidedOf = catalog.kinds();
      decidedSource = from;
      decidedType = type;
      decidedTarget = to;
    }
    return due;
  }

  private boolean decide(Catalog catalog, int from, int type, int to) {
    int outgoing = 0;
    int incoming = 0;
    for (ListKind kind : catalog.kinds()) {
      if (kind.out() && kind.arena() == from) {
        if (kind.type() == type && kind.other() == to) {
          return false;
        }
        outgoing++;
      } else if (!kind.out() && kind.arena() == to) {
        incoming++;
      }
    }
    int most = Integer.getInteger("quarry.ownLists", MOST);
    return outgoing < most && incoming < most;
  }
}
