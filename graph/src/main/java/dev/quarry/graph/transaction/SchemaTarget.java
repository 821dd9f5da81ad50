package dev.quarry.graph.transaction;

import java.util.List;

/// What an index or a constraint is about, by names.
///
/// @param ofRelationships whether it is about relationships
/// @param labelOrType label of the nodes, or type of the relationships
/// @param keys names of the properties, in order
public record SchemaTarget(boolean ofRelationships, String labelOrType, List<String> keys) {
  public SchemaTarget {
    keys = List.copyOf(keys);
  }

  public static SchemaTarget nodes(String label, String... keys) {
    return new SchemaTarget(false, label, List.of(keys));
  }

  public static SchemaTarget relationships(String type, String... keys) {
    return new SchemaTarget(true, type, List.of(keys));
  }
}
