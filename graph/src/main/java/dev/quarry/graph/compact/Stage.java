package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// What a compaction does to one [Target] after the other. Used by one thread.
interface Stage {
  /// Looks at a target before a walk over it.
  ///
  /// @param pass how often it was walked over before
  /// @return whether there is, or may be, something to do
  boolean begin(PageReader state, Catalog catalog, Target target, int pass);

  /// Does one step, of about a millisecond.
  ///
  /// @return where to go on; null at the end
  @Nullable Position step(PageTransaction pages, Catalog catalog, Target target, Position from);

  /// Things that all steps have moved.
  long moved();

  /// How far a walk is.
  ///
  /// @param part which of the target's spaces of cells
  /// @param cell the next one in it
  record Position(int part, long cell) {
    static final Position START = new Position(0, 0);
  }
}
