package dev.quarry.graph.catalog;

import dev.quarry.storage.page.PageReader;

/// What a version of a graph keeps on the heap, as its attachment. Immutable.
///
/// @param catalog decoded from its pages
/// @param counts that no page of it has
public record VersionState(Catalog catalog, UnwrittenCounts counts) {
  /// That of a version whose counts are all in pages.
  public VersionState(Catalog catalog) {
    this(catalog, UnwrittenCounts.NONE);
  }

  /// The counts that no page of a version has.
  public static UnwrittenCounts countsOf(PageReader reader) {
    return reader.attachment() instanceof VersionState state ? state.counts : UnwrittenCounts.NONE;
  }
}
