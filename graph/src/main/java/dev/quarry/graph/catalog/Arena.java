package dev.quarry.graph.catalog;

import static dev.quarry.storage.page.PageReader.NO_SPACE;

import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.arena.StringSpaces;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.RunSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A typed table of nodes, or of relationships with properties.
///
/// Of a dropped region's arena only number, region and labels are left: its spaces are
/// [PageReader#NO_SPACE], so it reads as an arena in which nobody ever was. A number is never used
/// again, so a handle or an entry that was kept meets no other record.
///
/// @param id its number; those of nodes and of relationships are counted apart
/// @param region of its nodes, or of the nodes that its relationships leave
/// @param labels of nodes: tokens of the labels they were created with, ascending; of
///   relationships: the token of their type
/// @param columns by the order in which they were added
/// @param outgoing of nodes: the lists of relationships that leave them; of relationships: null
/// @param incoming of nodes: the lists of those that enter them
/// @param ends of relationships: space of cells of 16 bytes, source and target; else -1
public record Arena(
    int id,
    int region,
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
    return new Arena(id, region, labels, slots, strings, more, outgoing, incoming, ends);
  }

  /// The same with another column of the same key.
  Arena withInstead(ColumnLayout column) {
    List<ColumnLayout> others = new ArrayList<>(columns);
    others.replaceAll(one -> one.key() == column.key() ? column : one);
    return new Arena(id, region, labels, slots, strings, others, outgoing, incoming, ends);
  }

  /// The same with other lists of a direction.
  Arena withLists(boolean out, ListSpaces lists) {
    ListSpaces leaving = out ? lists : outgoing;
    ListSpaces entering = out ? incoming : lists;
    return new Arena(id, region, labels, slots, strings, columns, leaving, entering, ends);
  }

  Arena inRegion(int other) {
    return new Arena(id, other, labels, slots, strings, columns, outgoing, incoming, ends);
  }

  /// Whether it went with its region.
  public boolean isDropped() {
    return slots.live() == NO_SPACE;
  }

  /// Drops its spaces; returns what is left of it.
  Arena drop(PageTransaction transaction) {
    slots.drop(transaction);
    strings.drop(transaction);
    for (ColumnLayout column : columns) {
      transaction.dropSpace(column.values());
      transaction.dropSpace(column.nulls());
      transaction.dropSpace(column.overflow());
      column.dictionary().drop(transaction);
    }
    if (outgoing != null) {
      outgoing.drop(transaction);
    }
    if (incoming != null) {
      incoming.drop(transaction);
    }
    if (ends >= 0) {
      transaction.dropSpace(ends);
    }
    return dropped(id, region, labels, outgoing != null);
  }

  /// What is left of an arena.
  static Arena dropped(int id, int region, List<Integer> labels, boolean ofNodes) {
    SlabSpaces slabs = new SlabSpaces(NO_SPACE, NO_SPACE, NO_SPACE);
    ListSpaces lists =
        ofNodes ? new ListSpaces(16, NO_SPACE, slabs, NO_SPACE, RunSpaces.NONE) : null;
    SlotSpaces slots = new SlotSpaces(NO_SPACE, NO_SPACE, NO_SPACE);
    StringSpaces strings = new StringSpaces(slabs);
    return new Arena(id, region, labels, slots, strings, List.of(), lists, lists, NO_SPACE);
  }

  /// The lists of a direction of a node arena.
  public ListSpaces lists(boolean out) {
    ListSpaces lists = out ? outgoing : incoming;
    assert lists != null : "arena " + id + " holds relationships";
    return lists;
  }
}
