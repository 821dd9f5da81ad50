package dev.quarry.graph;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import java.util.List;

/// An owned path: nodes and the relationships between them, one fewer.
///
/// @param nodes at least one
/// @param relationships relationship i joins node i and node i + 1, in either direction
public record PathValue(List<NodeValue> nodes, List<RelationshipValue> relationships) {
  /// Copies the lists and checks their lengths.
  public PathValue {
    nodes = List.copyOf(nodes);
    relationships = List.copyOf(relationships);
    if (nodes.size() != relationships.size() + 1) {
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "a path of "
              + relationships.size()
              + " relationships has "
              + nodes.size()
              + " nodes, not one more");
    }
  }

  /// The number of relationships.
  public int length() {
    return relationships.size();
  }
}
