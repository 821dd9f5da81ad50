package dev.quarry.graph.catalog;

import dev.quarry.storage.arena.Column;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.tree.TreeWriter;

/// The spaces of statistics beside the counters; -1 where a catalog of an older version has none.
///
/// @param kinds a tree: the exact numbers of relationships by kind
/// @param estimates what was found when estimates were made last, see `EstimatesFormat`
public record StatisticsSpaces(int kinds, int estimates) {
  /// Those of a catalog that has none.
  public static final StatisticsSpaces NONE = new StatisticsSpaces(-1, -1);

  static StatisticsSpaces create(PageTransaction transaction) {
    return new StatisticsSpaces(
        TreeWriter.createSpace(transaction), Column.createSpace(transaction));
  }
}
