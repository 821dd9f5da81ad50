package dev.quarry.graph.kernel;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The part of a graph that a kernel is about: some nodes, and the relationships between them of
/// some types, as seen in a direction.
///
/// @param labels tokens: nodes with at least one of these labels; null for all nodes
/// @param types tokens of types; null for all
/// @param direction in which relationships are gone along; [Direction#BOTH] makes each of them go
///   both ways, a self-loop one way
public record Subgraph(
    @Nullable List<Integer> labels, @Nullable List<Integer> types, Direction direction) {
  private static final int MENTIONED = 10;

  /// All of a graph, along the direction of its relationships.
  public static final Subgraph ALL = new Subgraph(null, null, Direction.OUTGOING);

  /// The part that names say; none of labels, or of types, means all.
  ///
  /// @throws GraphException if nobody has used one of the names
  public static Subgraph named(
      Catalog catalog, Collection<String> labels, Collection<String> types, Direction direction) {
    return new Subgraph(
        tokens("label", labels, catalog.labels()),
        tokens("relationship type", types, catalog.types()),
        direction);
  }

  private static @Nullable List<Integer> tokens(
      String what, Collection<String> names, List<String> known) {
    return names.isEmpty()
        ? null
        : names.stream().map(name -> token(what, name, known)).distinct().toList();
  }

  private static int token(String what, String name, List<String> known) {
    int token = known.indexOf(name);
    if (token < 0) {
      String some =
          known.stream().sorted().limit(MENTIONED).collect(Collectors.joining("`, `", "`", "`"));
      String more = known.size() > MENTIONED ? " and more" : "";
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "this graph has no " + what + " `" + name + "`",
          known.isEmpty() ? "it has none at all" : "it has " + some + more);
    }
    return token;
  }

  int @Nullable [] typeTokens() {
    return types == null ? null : types.stream().mapToInt(Integer::intValue).toArray();
  }

  /// The same part, seen in another direction.
  Subgraph along(Direction other) {
    return new Subgraph(labels, types, other);
  }
}
