package dev.quarry.graph.transaction;

import dev.quarry.graph.statistics.DegreeSketch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Degrees that were gathered while lists were written, so that nobody has to read these lists to
/// estimate them. Used by the writer's thread.
final class KnownDegrees {
  private record OfArena(int arena, DegreeSketch sketch) {}

  private final List<OfArena> known = new ArrayList<>();

  /// Notes what was gathered of some lists of the nodes of an arena.
  void add(int arena, DegreeSketch sketch) {
    known.add(new OfArena(arena, sketch));
  }

  /// A sketch that has all relationships of a type and direction that nodes of an arena have, and
  /// not only those of some of its lists; null if there is none.
  ///
  /// @param count how many there are
  @Nullable DegreeSketch complete(int arena, int type, boolean outgoing, long count) {
    for (OfArena one : known) {
      DegreeSketch sketch = one.sketch;
      if (one.arena == arena
          && sketch.type() == type
          && sketch.isOutgoing() == outgoing
          && sketch.relationships() == count) {
        return sketch;
      }
    }
    return null;
  }
}
