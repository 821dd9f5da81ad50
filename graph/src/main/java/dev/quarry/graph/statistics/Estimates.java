package dev.quarry.graph.statistics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All estimates of one state. Immutable.
///
/// @param stamp how often some were made, so that two states with one stamp have the same
/// @param arenas in no order
public record Estimates(long stamp, List<ArenaEstimate> arenas) {
  /// No estimates.
  public static final Estimates NONE = new Estimates(0, List.of());

  public Estimates {
    arenas = List.copyOf(arenas);
  }

  /// The estimate of an arena, or null.
  ///
  /// @param arena its number, or the type
  public @Nullable ArenaEstimate arena(boolean ofRelationships, int arena) {
    for (int i = 0; i < arenas.size(); i++) {
      ArenaEstimate one = arenas.get(i);
      if (one.arena() == arena && one.ofRelationships() == ofRelationships) {
        return one;
      }
    }
    return null;
  }

  /// The same with some arenas estimated anew.
  public Estimates with(List<ArenaEstimate> renewed) {
    List<ArenaEstimate> all = new ArrayList<>(renewed);
    for (ArenaEstimate one : arenas) {
      boolean again =
          renewed.stream()
              .anyMatch(
                  other ->
                      other.arena() == one.arena()
                          && other.ofRelationships() == one.ofRelationships());
      if (!again) {
        all.add(one);
      }
    }
    return new Estimates(stamp + 1, all);
  }
}
