package dev.quarry.graph.repair;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a salvage could not save, by kind and by what it belongs to. Used by one thread.
public final class Losses {
  /// What is lost.
  public enum Kind {
    /// Nodes, with their labels, properties and relationships.
    NODES,
    /// Relationships.
    RELATIONSHIPS,
    /// Values of properties, of records that were saved.
    PROPERTIES,
    /// Whether nodes that were saved have a label: they have it if they were created with it.
    LABELS,
    /// The generation of records that were saved, a part of their elementId.
    IDS,
    /// Commits that only the log held, or that came after the state that could be read.
    COMMITS,
    /// Indexes and constraints.
    SCHEMA
  }

  /// One kind of loss.
  ///
  /// @param of what it belongs to, in words: `property name of nodes :Person`
  /// @param count how many; 0 where nobody can say
  /// @param exact whether it is that many, and not at most or an unknown number
  public record Loss(Kind kind, String of, long count, boolean exact) {}

  private final Map<String, Loss> losses = new LinkedHashMap<>();

  void add(Kind kind, String of, long count, boolean exact) {
    losses.merge(
        kind + of,
        new Loss(kind, of, count, exact),
        (a, b) -> new Loss(kind, of, a.count() + b.count(), a.exact() && b.exact()));
  }

  List<Loss> list() {
    return new ArrayList<>(losses.values());
  }
}
