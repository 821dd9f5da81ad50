package dev.quarry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a repair saved, and what it could not.
///
/// @param target the new store
/// @param commitNumber of the state that was read
/// @param nodes that were saved
/// @param relationships that were saved
/// @param damagedPages damaged pages that were found
/// @param pages the first 100 of them, in words
/// @param losses what is missing, by kind and by what it belongs to; empty if nothing is
/// @param notes what else should be known
public record RepairReport(
    Path target,
    long commitNumber,
    long nodes,
    long relationships,
    long damagedPages,
    List<String> pages,
    List<Loss> losses,
    List<String> notes,
    Duration time) {
  public RepairReport {
    pages = List.copyOf(pages);
    losses = List.copyOf(losses);
    notes = List.copyOf(notes);
  }

  /// Whether the new store has all that the damaged one had, as far as anyone can say.
  public boolean isComplete() {
    return losses.isEmpty();
  }

  /// What can be lost.
  public enum Kind {
    /// Nodes, with labels, properties and relationships.
    NODES,
    /// Relationships.
    RELATIONSHIPS,
    /// Values of properties, of records that were saved.
    PROPERTIES,
    /// Whether nodes have a label; they have it if they were created with it.
    LABELS,
    /// Parts of an `elementId`, of records that were saved.
    IDS,
    /// Commits that only the log held, or that came after the state that could be read.
    COMMITS,
    /// Indexes and constraints.
    SCHEMA
  }

  /// One loss.
  ///
  /// @param of what it belongs to, in words: `property name of nodes :Person`
  /// @param count how many; 0 where nobody can say
  /// @param exact whether it is just that many, and not at most, or an unknown number
  public record Loss(Kind kind, String of, long count, boolean exact) {}
}
