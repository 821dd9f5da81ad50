package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import dev.quarry.bench.peers.kit.Workload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;

/// What Quarry set out to reach: walks of some steps, and work on the whole graph, in a fifth of
/// the time of the fastest other database.
///
/// @param fastest the database that comes nearest to Quarry, or is ahead
/// @param ratio of its time and ours
record Gates(Row row, String fastest, Spread ratio) {
  static final double TIMES = 5;

  private static final EnumSet<Workload> ABOUT = EnumSet.range(Workload.HOP_1, Workload.SCAN);

  boolean holds() {
    return ratio.median() >= TIMES;
  }

  /// One for each workload of this kind that Quarry and another database have done.
  ///
  /// @param databases who counts
  static List<Gates> of(Results results, Collection<String> databases) {
    List<Gates> gates = new ArrayList<>();
    for (Workload workload : ABOUT) {
      Row row = Rows.of(workload);
      results.contestants().stream()
          .filter(name -> !name.equals(Contestant.QUARRY) && databases.contains(name))
          .flatMap(name -> of(results, row, name).stream())
          .min(Comparator.comparingDouble(gate -> gate.ratio().median()))
          .ifPresent(gates::add);
    }
    return gates;
  }

  private static List<Gates> of(Results results, Row row, String name) {
    Spread ratio = Ranking.ratio(results, row, name);
    return ratio == null ? List.of() : List.of(new Gates(row, name, ratio));
  }

  /// How many of them hold, as a sentence.
  static String summary(List<Gates> gates) {
    return "%d of %d walks and works on the whole graph take the fastest other database at least %.0f times as long."
        .formatted(gates.stream().filter(Gates::holds).count(), gates.size(), TIMES);
  }
}
