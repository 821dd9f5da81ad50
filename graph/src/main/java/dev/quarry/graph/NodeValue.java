package dev.quarry.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// An owned copy of a node: it stays as it was, whatever happens to the graph.
///
/// @param elementId the identity of the node it was copied from
/// @param labels its labels, in the order in which the store first saw them
/// @param properties its properties as border values
/// @param deleted whether the node had been deleted by the statement that returned it; then it has
///   neither labels nor properties
public record NodeValue(
    String elementId, Set<String> labels, Map<String, Object> properties, boolean deleted) {
  /// Copies the collections.
  public NodeValue {
    labels = Collections.unmodifiableSet(new LinkedHashSet<>(labels));
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /// A node that exists.
  public NodeValue(String elementId, Set<String> labels, Map<String, Object> properties) {
    this(elementId, labels, properties, false);
  }

  /// A node that was deleted before it could be returned: its identity is all that is left.
  public static NodeValue deleted(String elementId) {
    return new NodeValue(elementId, Set.of(), Map.of(), true);
  }
}
