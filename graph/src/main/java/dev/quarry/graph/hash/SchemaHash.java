package dev.quarry.graph.hash;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.storage.memory.Memory;
import java.util.List;

/// Hashes indexes and constraints with their names, whatever the order in which they were made.
final class SchemaHash {
  private SchemaHash() {}

  static long of(Catalog catalog) {
    long sum = 0;
    for (IndexDefinition index : catalog.indexes()) {
      long what = head(catalog, index.name(), index.ofRelationships(), index.token(), index.keys());
      sum += Memory.mix(what + (index.owned() ? 1 : 2));
    }
    for (ConstraintDefinition constraint : catalog.constraints()) {
      long what =
          head(
              catalog,
              constraint.name(),
              constraint.ofRelationships(),
              constraint.token(),
              constraint.keys());
      long types = 0;
      for (PropertyType type : constraint.types()) {
        types += GraphHash.hash(type.text(), 4);
      }
      sum += Memory.mix(what + GraphHash.hash(constraint.kind().name(), 5) + types);
    }
    return Memory.mix(sum);
  }

  private static long head(
      Catalog catalog, String name, boolean ofRelationships, int token, List<Integer> keys) {
    List<String> names = ofRelationships ? catalog.types() : catalog.labels();
    long hash = GraphHash.hash(name, 6);
    hash = Memory.mix(hash + GraphHash.hash(names.get(token), ofRelationships ? 2 : 1));
    for (int key : keys) {
      hash = Memory.mix(hash + GraphHash.hash(catalog.keys().get(key), 3));
    }
    return hash;
  }
}
