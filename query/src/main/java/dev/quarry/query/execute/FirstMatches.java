package dev.quarry.query.execute;

import java.util.Arrays;

/// For which argument rows an EXISTS has found a match, so that the steps inside of it do not look
/// for another one.
final class FirstMatches {
  private boolean[] found = {};
  private int left;

  /// Begins with other argument rows, of which none has a match yet.
  ///
  /// @param from the first of them
  /// @param to one more than the last
  void begin(int from, int to) {
    if (found.length < to) {
      found = new boolean[to];
    }
    Arrays.fill(found, from, to, false);
    left = to - from;
  }

  boolean has(int row) {
    return found[row];
  }

  void add(int row) {
    if (!found[row]) {
      found[row] = true;
      left--;
    }
  }

  /// Whether no argument row is without a match.
  boolean isComplete() {
    return left == 0;
  }
}
