package dev.quarry.graph.statistics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was found of one arena.
///
/// @param ofRelationships whether its records are the rows of a type
/// @param arena its number, or the type
/// @param commit the state that was looked at
/// @param records how many it had then, exact
/// @param relationships of nodes: how many left them plus how many entered them, exact; else 0
/// @param columns those there were then, also of properties that no record had
/// @param degrees of nodes, by type and direction, those that some node has; else empty
public record ArenaEstimate(
    boolean ofRelationships,
    int arena,
    long commit,
    long records,
    long relationships,
    List<ColumnEstimate> columns,
    List<DegreeEstimate> degrees) {
  public ArenaEstimate {
    columns = List.copyOf(columns);
    degrees = List.copyOf(degrees);
  }

  /// The estimate of a property, or null.
  public @Nullable ColumnEstimate column(int key) {
    for (ColumnEstimate column : columns) {
      if (column.key() == key) {
        return column;
      }
    }
    return null;
  }

  /// The estimate of degrees, or null.
  public @Nullable DegreeEstimate degree(int type, boolean outgoing) {
    for (DegreeEstimate degree : degrees) {
      if (degree.type() == type && degree.outgoing() == outgoing) {
        return degree;
      }
    }
    return null;
  }
}
