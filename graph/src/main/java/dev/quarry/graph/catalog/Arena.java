package dev.quarry.graph.catalog;

import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.arena.StringSpaces;
import dev.quarry.storage.slab.ListSpaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A typed table of nodes, or of relationships with properties.
///
/// @param id its number; those of nodes and of relationships are counted apart
/// @param labels of nodes: tokens of the labels they were created with, ascending; of
///   relationships: the token of their type
/// @param columns by the order in which they were added
/// @param outgoing of nodes: the lists of relationships that leave them; of relationships: null
/// @param incoming of nodes: the lists of those that enter them
/// @param ends of relationships: space of cells of 16 bytes, source and target; else -1
public record Arena(
    int id,
    List<Integer> labels,
    SlotSpaces slots,
    StringSpaces strings,
    List<ColumnLayout> columns,
    @Nullable ListSpaces outgoing,
    @Nullable ListSpaces incoming,
    int ends) {
  public Arena {
    labels = List.copyOf(labels);
    columns = List.copyOf(columns);
  }

  /// Whether its nodes were created with a label.
  public boolean hasLabel(int label) {
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i) == label) {
        return true;
      }
    }
    return false;
  }

  /// The column of a key, or null.
  public @Nullable ColumnLayout column(int key) {
    for (ColumnLayout column : columns) {
      if (column.key() == key) {
        return column;
      }
    }
    return null;
  }

  Arena with(ColumnLayout column) {
    List<ColumnLayout> more = new ArrayList<>(columns);
    more.add(column);
    return new Arena(id, labels, slots, strings, more, outgoing, incoming, ends);
  }

  /// The lists of a direction of a node arena.
  public ListSpaces lists(boolean out) {
    ListSpaces lists = out ? outgoing : incoming;
    assert lists != null : "arena " + id + " holds relationships";
    return lists;
  }
}
