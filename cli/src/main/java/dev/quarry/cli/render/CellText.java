package dev.quarry.cli.render;

import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.Point;
import dev.quarry.graph.RelationshipValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The text of one value in one cell: strings plainly, all that has parts as JSON.
final class CellText {
  private CellText() {}

  static String of(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case String text -> text;
      case List<?> list -> JsonText.of(list);
      case Map<?, ?> map -> JsonText.of(map);
      case NodeValue node -> JsonText.of(node);
      case RelationshipValue relationship -> JsonText.of(relationship);
      case PathValue path -> JsonText.of(path);
      case Point point -> JsonText.of(point);
      default -> value.toString();
    };
  }
}
