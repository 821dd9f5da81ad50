package dev.quarry.query.execute;

/// The paths that lead over a node which both sides of a search have reached, one after the other:
/// a choice of a link at each step, and the next path is the next choice.
///
/// ```text
/// source ── ··· ── link 1 ── link 0 ── middle ── link f ── link f+1 ── ··· ── target
/// ```
///
/// There can be exponentially many paths; what is kept is one link a step.
final class LinkedPaths {
  private long[] chosen = new long[16];
  private long sourceSide;
  private long targetSide;
  private int forward;
  private int length;

  /// Chooses the first path.
  ///
  /// @param middle the node as it was reached from the source
  /// @param same the same node as it was reached from the target
  void begin(long middle, long same) {
    sourceSide = middle;
    targetSide = same;
    forward = Math.toIntExact(SearchSide.depth(middle));
    length = forward + Math.toIntExact(SearchSide.depth(same));
    if (chosen.length < length) {
      chosen = new long[Math.max(length, chosen.length * 2)];
    }
    chooseFrom(0);
  }

  private void chooseFrom(int step) {
    for (int i = step; i < length; i++) {
      long reached =
          i == 0 && forward > 0
              ? sourceSide
              : i == forward ? targetSide : SearchSide.from(chosen[i - 1]);
      chosen[i] = SearchSide.firstLink(reached);
      assert chosen[i] != 0 : i;
    }
  }

  /// Chooses the next path; false if there is none.
  boolean advance() {
    for (int i = length - 1; i >= 0; i--) {
      long next = SearchSide.nextLink(chosen[i]);
      if (next != 0) {
        chosen[i] = next;
        chooseFrom(i + 1);
        return true;
      }
    }
    return false;
  }

  int length() {
    return length;
  }

  /// What stands for a relationship of the path, counted from the source.
  long relationship(int index) {
    return SearchSide.relationship(index < forward ? chosen[forward - 1 - index] : chosen[index]);
  }
}
