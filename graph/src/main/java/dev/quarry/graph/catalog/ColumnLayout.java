package dev.quarry.graph.catalog;

import dev.quarry.storage.arena.DictionarySpaces;
import dev.quarry.graph.value.Tag;

/// One property of an arena.
///
/// @param key token of its name
/// @param tag the kind of its values, for good
/// @param values space of the cells
/// @param nulls space of a bit per slot: 1 where the cell holds no value of this kind
/// @param overflow space of cells of 16 bytes for values of other kinds, encoded
/// @param dictionary of a column of strings of bytes: where those lie that were frozen, if any
public record ColumnLayout(
    int key, Tag tag, int values, int nulls, int overflow, DictionarySpaces dictionary) {
  /// The same with dictionaries.
  ColumnLayout with(DictionarySpaces spaces) {
    return new ColumnLayout(key, tag, values, nulls, overflow, spaces);
  }
}
