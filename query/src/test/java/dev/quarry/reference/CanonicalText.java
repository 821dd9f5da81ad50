package dev.quarry.reference;

import dev.quarry.ReadTransaction;
import dev.quarry.graph.Direction;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The text of values, equal for what both sides may give. Entities are told by their contents,
/// which for those of a [RandomGraph] hold a `uid`.
///
/// @param listsOrdered whether the order of lists counts
/// @param exactNumbers whether 1 differs from 1.0; it cannot where one of several equivalent values
///   was kept, as by DISTINCT
record CanonicalText(boolean listsOrdered, boolean exactNumbers) {
  /// The text of a border value.
  String of(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case String text -> "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
      case Double number -> of(number.doubleValue());
      case List<?> list -> of(list);
      case Map<?, ?> map -> of(map);
      case NodeValue node -> of(node);
      case RelationshipValue relationship -> of(relationship);
      case PathValue path -> of(path);
      default -> value.toString();
    };
  }

  private String of(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e15;
    if (whole && !exactNumbers) {
      return Long.toString((long) number);
    }
    return number == 0 ? "0.0" : Double.toString(number);
  }

  private String of(List<?> list) {
    Stream<String> elements = list.stream().map(this::of);
    return (listsOrdered ? elements : elements.sorted()).toList().toString();
  }

  private String of(Map<?, ?> map) {
    Map<String, String> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, of(value)));
    return sorted.toString();
  }

  private String of(NodeValue node) {
    String labels = String.join(":", new TreeSet<>(node.labels()));
    return node.deleted() ? "(deleted)" : "(" + labels + of(node.properties()) + ")";
  }

  private String of(RelationshipValue relationship) {
    return relationship.deleted()
        ? "[deleted]"
        : "[" + relationship.type() + of(relationship.properties()) + "]";
  }

  private String of(PathValue path) {
    StringBuilder text = new StringBuilder("<");
    for (int i = 0; i < path.nodes().size(); i++) {
      if (i > 0) {
        RelationshipValue relationship = path.relationships().get(i - 1);
        boolean forward = relationship.start().equals(path.nodes().get(i - 1).elementId());
        text.append(forward ? "-" : "<-").append(of(relationship)).append(forward ? "->" : "-");
      }
      text.append(of(path.nodes().get(i)));
    }
    return text.append('>').toString();
  }

  /// A whole graph, a line for each entity, sorted.
  String of(ReadTransaction transaction) {
    List<String> lines = new ArrayList<>();
    try (NodeCursor nodes = transaction.nodes()) {
      while (nodes.next()) {
        String start = of(transaction.copy(nodes.node()));
        lines.add(start);
        try (RelationshipCursor out = transaction.relationships(nodes.node(), Direction.OUTGOING)) {
          while (out.next()) {
            String end = of(transaction.copy(out.neighbourNode()));
            lines.add(start + "-" + of(transaction.copy(out.relationship())) + "->" + end);
          }
        }
      }
    }
    return sorted(lines);
  }

  /// A whole graph, a line for each entity, sorted.
  String of(ReferenceGraph graph) {
    List<String> lines = new ArrayList<>();
    graph.nodes().forEach(node -> lines.add(of(BorderValues.of((Object) node))));
    for (ReferenceRelationship relationship : graph.relationships()) {
      lines.add(
          of(BorderValues.of((Object) relationship.start()))
              + "-"
              + of(BorderValues.of((Object) relationship))
              + "->"
              + of(BorderValues.of((Object) relationship.end())));
    }
    return sorted(lines);
  }

  private static String sorted(List<String> lines) {
    return String.join("\n", lines.stream().sorted().toList());
  }
}
