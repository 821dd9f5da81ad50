package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan.Intersect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// That the relationship of a side of an [Intersect] is another one than that of a second side, or
/// one that is bound already (rule S19).
///
/// @param second null if it is bound already
/// @param slot where it lies then
/// @param known what is known of it if it does not lie there; else null
record MustDiffer(
    IntersectSide side, @Nullable IntersectSide second, int slot, Intersect.@Nullable Known known) {
  static List<MustDiffer> of(List<Intersect.Different> pairs, IntersectSide[] sides) {
    List<MustDiffer> all = new ArrayList<>();
    for (Intersect.Different pair : pairs) {
      IntersectSide side = java.util.Objects.requireNonNull(find(sides, pair.relationship()));
      all.add(new MustDiffer(side, find(sides, pair.other()), pair.other(), pair.known()));
    }
    return all;
  }

  private static @Nullable IntersectSide find(IntersectSide[] sides, int relationship) {
    for (IntersectSide side : sides) {
      if (side.planned() == relationship) {
        return side;
      }
    }
    return null;
  }
}
