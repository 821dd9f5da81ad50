package dev.quarry.graph.catalog;

import java.util.List;

/// The parts of a catalog, to change some of them and to make a new one: the one place that names
/// them all. Used by one thread.
final class CatalogDraft {
  List<String> labels;
  List<String> types;
  List<String> keys;
  List<Arena> arenas;
  List<Arena> edgeArenas;
  List<Flip> flips;
  List<ListKind> kinds;
  List<IndexDefinition> indexes;
  List<ConstraintDefinition> constraints;
  StatisticsSpaces statistics;
  Regions regions;
  private final int counts;

  /// The parts of a catalog as they are.
  CatalogDraft(Catalog catalog) {
    this.labels = catalog.labels();
    this.types = catalog.types();
    this.keys = catalog.keys();
    this.arenas = catalog.arenas();
    this.edgeArenas = catalog.edgeArenas();
    this.flips = catalog.flips();
    this.kinds = catalog.kinds();
    this.indexes = catalog.indexes();
    this.constraints = catalog.constraints();
    this.counts = catalog.counts();
    this.statistics = catalog.statistics();
    this.regions = catalog.regions();
  }

  Catalog catalog() {
    return new Catalog(
        labels,
        types,
        keys,
        arenas,
        edgeArenas,
        flips,
        kinds,
        indexes,
        constraints,
        counts,
        statistics,
        regions);
  }
}
