package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where Quarry is not first: a measure, who is ahead, and by how much.
///
/// Ratios are theirs by ours in the same round: below 1 they are ahead. What waits for the disk and
/// what does not are different rows, so they are never compared.
///
/// @param ratio of their figure and ours
/// @param certain whether they were ahead in every round
record Ranking(Row row, String contestant, Spread ratio, boolean certain) {
  /// The losses, worst first; of each measure the one who is furthest ahead.
  ///
  /// @param among the peers that are looked at
  static List<Ranking> losses(Results results, Collection<String> among) {
    List<Ranking> losses = new ArrayList<>();
    for (Row row : results.rows()) {
      results.contestants().stream()
          .filter(name -> !name.equals(Contestant.QUARRY) && among.contains(name))
          .flatMap(name -> ahead(results, row, name).stream())
          .min(Comparator.comparingDouble(loss -> loss.ratio().median()))
          .ifPresent(losses::add);
    }
    losses.sort(Comparator.comparingDouble(loss -> loss.ratio().median()));
    return losses;
  }

  private static List<Ranking> ahead(Results results, Row row, String name) {
    Spread ratio = ratio(results, row, name);
    return ratio == null || ratio.median() >= 1
        ? List.of()
        : List.of(new Ranking(row, name, ratio, ratio.greatest() < 1));
  }

  /// What a contestant reached by what Quarry did in the same round; null if one of them has
  /// nothing.
  static @Nullable Spread ratio(Results results, Row row, String name) {
    return Spread.ratios(
        results.cell(row, name).figures(), results.cell(row, Contestant.QUARRY).figures());
  }

  /// The measures that peers reached something in and Quarry did not.
  static List<Row> missing(Results results) {
    return results.rows().stream()
        .filter(row -> results.cell(row, Contestant.QUARRY).figures().isEmpty())
        .filter(
            row ->
                results.contestants().stream()
                    .anyMatch(name -> !results.cell(row, name).figures().isEmpty()))
        .toList();
  }
}
