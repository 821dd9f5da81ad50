package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.ConstraintDefinition;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What constraints have to be looked at when the statement ends (rule S6): for each, the records
/// that a change may have made violate it.
///
/// Memory is bounded: a constraint with more than [#MOST] records is looked at as a whole. Used by
/// the writer's thread.
final class Touched {
  /// Stands for all relationships of a type that have no properties.
  static final long BARE = -1;

  /// Records that are noted for a constraint before all of it counts as touched.
  static final int MOST = 50_000;

  private Map<ConstraintDefinition, Set<Long>> records = Map.of(); // until there are some
  private Set<ConstraintDefinition> whole = Set.of();

  /// @param record a node, an edge slot, or [#BARE]
  void note(ConstraintDefinition constraint, long record) {
    if (records.isEmpty()) {
      records = new LinkedHashMap<>();
    }
    Set<Long> noted = records.computeIfAbsent(constraint, key -> new HashSet<>());
    if (whole.contains(constraint)) {
      return;
    }
    noted.add(record);
    if (noted.size() > MOST) {
      if (whole.isEmpty()) {
        whole = new HashSet<>();
      }
      whole.add(constraint);
      noted.clear();
    }
  }

  /// The constraint is gone.
  void forget(ConstraintDefinition constraint) {
    if (records.containsKey(constraint)) {
      records.remove(constraint);
    }
    if (whole.contains(constraint)) {
      whole.remove(constraint);
    }
  }

  /// Looks at all that was noted, and forgets it.
  ///
  /// @throws dev.quarry.error.GraphException for the first violation; nothing is forgotten then
  void verify(ConstraintCheck check) {
    if (records.isEmpty()) {
      return;
    }
    records.forEach(
        (constraint, noted) -> {
          if (whole.contains(constraint)) {
            check.whole(constraint);
          } else {
            noted.forEach(record -> check.one(constraint, record));
          }
        });
    records = Map.of();
    whole = Set.of();
  }
}
