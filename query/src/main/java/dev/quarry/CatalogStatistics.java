package dev.quarry;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.Statistics;
import java.util.ArrayList;
import java.util.List;

/// What the planner asks, answered from the catalog of a snapshot. Labels are counted by what nodes
/// were created with; later changes are left out, as these are estimates.
final class CatalogStatistics implements Statistics {
  private final Reading reading;
  private final boolean usesIndexes = !"false".equals(System.getProperty("quarry.useIndexes"));

  /// What plans depend on.
  private record Schema(
      boolean usesIndexes, List<IndexDefinition> indexes, List<ConstraintDefinition> constraints) {}

  /// Plans use indexes, unless the property `quarry.useIndexes` says no, for tests.
  CatalogStatistics(Reading reading) {
    this.reading = reading;
  }

  @Override
  public double nodes() {
    double count = 0;
    for (Arena arena : reading.catalog().arenas()) {
      count += reading.nodeCount(arena.id());
    }
    return count;
  }

  @Override
  public double nodes(String label) {
    int token = reading.catalog().label(label);
    double count = 0;
    for (Arena arena : reading.catalog().arenas()) {
      count += token >= 0 && arena.hasLabel(token) ? reading.nodeCount(arena.id()) : 0;
    }
    return count;
  }

  @Override
  public double relationships() {
    Catalog catalog = reading.catalog();
    double count = 0;
    for (int type = 0; type < catalog.types().size(); type++) {
      count += reading.relationshipCount(type);
    }
    return count;
  }

  @Override
  public double relationships(String type) {
    int token = reading.catalog().type(type);
    return token < 0 ? 0 : reading.relationshipCount(token);
  }

  @Override
  public List<List<String>> indexes(boolean ofRelationships, String labelOrType) {
    Catalog catalog = reading.catalog();
    int token = ofRelationships ? catalog.type(labelOrType) : catalog.label(labelOrType);
    List<List<String>> found = new ArrayList<>();
    for (IndexDefinition index : usesIndexes ? catalog.indexes() : List.<IndexDefinition>of()) {
      if (index.ofRelationships() == ofRelationships && index.token() == token) {
        found.add(index.keys().stream().map(catalog.keys()::get).toList());
      }
    }
    return found;
  }

  @Override
  public double entries(boolean ofRelationships, String labelOrType, List<String> keys) {
    IndexDefinition index = reading.catalog().index(ofRelationships, labelOrType, keys);
    return index == null ? 0 : reading.countEntries(index);
  }

  @Override
  public double distinct(boolean ofRelationships, String labelOrType, List<String> keys) {
    IndexDefinition index = reading.catalog().index(ofRelationships, labelOrType, keys);
    return index == null ? 0 : reading.countKeys(index);
  }

  @Override
  public Object schema() {
    Catalog catalog = reading.catalog();
    return new Schema(usesIndexes, catalog.indexes(), catalog.constraints());
  }
}
