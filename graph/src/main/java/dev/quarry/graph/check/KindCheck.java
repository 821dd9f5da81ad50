package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Counts relationships by kind, one after the other, and compares with what the graph says.
final class KindCheck {
  private final GraphSnapshot snapshot;
  private final Consumer<String> problems;
  private final Map<Kind, long[]> found = new HashMap<>();
  private Kind last = new Kind(-1, -1, -1);
  private long[] lastCount = new long[1];

  private record Kind(int source, int type, int target) {}

  KindCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
  }

  /// Counts a relationship.
  void note(long source, int type, long target) {
    int from = Ids.arena(source);
    int to = Ids.arena(target);
    if (last.source != from || last.type != type || last.target != to) {
      last = new Kind(from, type, to);
      lastCount = found.computeIfAbsent(last, kind -> new long[1]);
    }
    lastCount[0]++;
  }

  /// Compares when all were counted.
  void compare() {
    KindCounts counts = snapshot.counts().kinds();
    if (counts == null) {
      return;
    }
    counts.all(
        (source, type, target, count) -> {
          long[] walked = found.remove(new Kind(source, type, target));
          differ(source, type, target, walked == null ? 0 : walked[0], count);
        });
    found.forEach((kind, walked) -> differ(kind.source, kind.type, kind.target, walked[0], 0));
  }

  private void differ(int source, int type, int target, long walked, long count) {
    Catalog catalog = snapshot.catalog();
    if (walked != count) {
      String name = type < catalog.types().size() ? catalog.types().get(type) : "type " + type;
      problems.accept(
          "relationships of :%s from arena %d to arena %d: %d were met, the count by kind says %d"
              .formatted(name, source, target, walked, count));
    }
  }
}
