package dev.quarry.graph.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a transaction did to bare relationships that have equals, so that their ordinals stay what
/// they were until it ends, also for walks that were opened before.
///
/// A bare relationship is one of the entries that look alike: type, source, target. Its ordinal is
/// counted, so without this the second of two would become the first as soon as the first is gone.
/// Relationships without equals need no note: what is created after one of its type was deleted
/// gets a row, and with it an identity of its own. Used by the writer's thread.
final class BareEdits {
  private record Ends(int type, long source, long target) {}

  private record Edit(long ordinal, int stamp, boolean promoted) {}

  private Map<Ends, List<Edit>> edits = Map.of(); // until there are some
  private Set<Integer> typesWithDeletes = Set.of();
  private int stamp;

  /// Counts changes; a walk notes it when it opens.
  int stamp() {
    return stamp;
  }

  boolean isEmpty() {
    return stamp == 0;
  }

  /// A bare relationship, or one that was bare once, is gone.
  ///
  /// @param hasEquals whether others look alike
  void deleted(int type, long source, long target, long ordinal, boolean hasEquals) {
    if (typesWithDeletes.isEmpty()) {
      typesWithDeletes = new HashSet<>();
    }
    typesWithDeletes.add(type);
    if (hasEquals || edits.containsKey(new Ends(type, source, target))) {
      add(type, source, target, new Edit(ordinal, stamp, false));
    }
    stamp++;
  }

  /// A bare relationship got a row.
  void promoted(int type, long source, long target, long ordinal) {
    add(type, source, target, new Edit(ordinal, stamp, true));
    stamp++;
  }

  private void add(int type, long source, long target, Edit edit) {
    if (edits.isEmpty()) {
      edits = new HashMap<>();
    }
    edits.computeIfAbsent(new Ends(type, source, target), key -> new ArrayList<>()).add(edit);
  }

  /// Whether a new relationship of a type could be taken for one that this transaction deleted.
  boolean hasDeleted(int type) {
    return stamp != 0 && typesWithDeletes.contains(type);
  }

  /// Puts right which ordinals are taken, from those that rows remember now to what was so when a
  /// walk opened: adds what had been deleted by then, leaves out what got a row since.
  void correct(Set<Long> taken, int type, long source, long target, int opened) {
    for (Edit edit : edits.getOrDefault(new Ends(type, source, target), List.of())) {
      boolean before = edit.stamp < opened;
      if (!edit.promoted && before) {
        taken.add(edit.ordinal);
      } else if (edit.promoted && !before) {
        taken.remove(edit.ordinal);
      }
    }
  }
}
