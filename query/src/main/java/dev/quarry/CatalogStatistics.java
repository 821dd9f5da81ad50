package dev.quarry;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.Statistics;
import java.util.List;

/// What the planner asks, answered from the catalog of a snapshot. Labels are counted by what nodes
/// were created with; later changes are left out, as these are estimates.
final class CatalogStatistics implements Statistics {
  private final Reading reading;

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
  public Object schema() {
    return List.of();
  }
}
