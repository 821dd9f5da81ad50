package dev.quarry.reference;

import java.util.List;

/// A path: nodes, and the relationships between them, one fewer (rule S21).
record ReferencePath(List<ReferenceNode> nodes, List<ReferenceRelationship> relationships) {
  ReferencePath {
    nodes = List.copyOf(nodes);
    relationships = List.copyOf(relationships);
    assert nodes.size() == relationships.size() + 1 : nodes + " " + relationships;
  }
}
