package dev.quarry.graph.catalog;

import java.util.List;
import java.util.stream.Collectors;

/// A rule that the nodes with a label, or the relationships of a type, keep at the end of every
/// statement.
///
/// @param name unique among all indexes and constraints
/// @param ofRelationships whether it is about relationships
/// @param token of the label or of the type
/// @param keys tokens of the properties, in order, without repeats
/// @param types of [ConstraintKind#TYPE]: the types, of which a value must have one; else empty
public record ConstraintDefinition(
    String name,
    boolean ofRelationships,
    int token,
    List<Integer> keys,
    ConstraintKind kind,
    List<PropertyType> types) {
  public ConstraintDefinition {
    keys = List.copyOf(keys);
    types = List.copyOf(types);
  }

  /// Whether it demands the same of the same records.
  public boolean demandsSame(ConstraintDefinition other) {
    return ofRelationships == other.ofRelationships
        && token == other.token
        && keys.equals(other.keys)
        && kind == other.kind
        && types.equals(other.types);
  }

  /// The types as statements write them: `INTEGER | FLOAT`.
  public String typesText() {
    return types.stream().map(PropertyType::text).collect(Collectors.joining(" | "));
  }
}
