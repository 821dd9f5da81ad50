package dev.quarry.graph.check;

import java.util.ArrayList;
import java.util.List;

/// What a check found: the first in words, all of them as a number.
///
/// Used by one thread.
final class Findings {
  private static final int MOST = 100;

  private final List<String> first = new ArrayList<>();
  private long count;

  /// Notes something that is wrong; what was said already in these words is not said again.
  void add(String text) {
    if (first.contains(text)) {
      return;
    }
    count++;
    if (first.size() < MOST) {
      first.add(text);
    }
  }

  List<String> first() {
    return List.copyOf(first);
  }

  long count() {
    return count;
  }
}
