package dev.quarry.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An owned copy of a relationship.
///
/// @param elementId the identity of the relationship it was copied from
/// @param start the elementId of the node it leaves
/// @param end the elementId of the node it enters
/// @param properties its properties as border values
/// @param deleted whether the relationship had been deleted by the statement that returned it
public record RelationshipValue(
    String elementId,
    String type,
    String start,
    String end,
    Map<String, Object> properties,
    boolean deleted) {
  /// Copies the properties.
  public RelationshipValue {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /// A relationship that exists.
  public RelationshipValue(
      String elementId, String type, String start, String end, Map<String, Object> properties) {
    this(elementId, type, start, end, properties, false);
  }
}
