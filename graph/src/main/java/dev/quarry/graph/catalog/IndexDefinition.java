package dev.quarry.graph.catalog;

import java.util.List;

/// An index over the nodes with a label, or over the relationships of a type, by the values of some
/// properties.
///
/// @param name unique among all indexes and constraints; an owned one has the name of its
///   constraint
/// @param ofRelationships whether it is over relationships
/// @param token of the label or of the type
/// @param keys tokens of the properties, in order, without repeats
/// @param space of its tree, see [dev.quarry.storage.tree.TreeHead]
/// @param owned whether a constraint needs it, so that it goes with the constraint only
public record IndexDefinition(
    String name, boolean ofRelationships, int token, List<Integer> keys, int space, boolean owned) {
  public IndexDefinition {
    keys = List.copyOf(keys);
  }

  /// Whether it is over these records and properties.
  public boolean covers(boolean relationships, int labelOrType, List<Integer> properties) {
    return ofRelationships == relationships && token == labelOrType && keys.equals(properties);
  }
}
