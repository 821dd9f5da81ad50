package dev.quarry.reference;

import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.RelationshipValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values of the reference as the engine would return them.
final class BorderValues {
  private BorderValues() {}

  static @Nullable Object of(@Nullable Object value) {
    return switch (value) {
      case ReferenceNode node -> of(node);
      case ReferenceRelationship relationship -> of(relationship);
      case ReferencePath path ->
          new PathValue(
              path.nodes().stream().map(BorderValues::of).toList(),
              path.relationships().stream().map(BorderValues::of).toList());
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(element -> copy.add(of(element)));
        yield copy;
      }
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, element) -> copy.put((String) key, of(element)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static NodeValue of(ReferenceNode node) {
    return node.isDeleted()
        ? NodeValue.deleted(id(node))
        : new NodeValue(id(node), node.labels(), node.properties());
  }

  private static RelationshipValue of(ReferenceRelationship relationship) {
    return new RelationshipValue(
        id(relationship),
        relationship.type(),
        id(relationship.start()),
        id(relationship.end()),
        relationship.isDeleted() ? Map.of() : relationship.properties(),
        relationship.isDeleted());
  }

  private static String id(ReferenceEntity entity) {
    return Long.toString(entity.id());
  }
}
