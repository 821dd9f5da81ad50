package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.record.ArenaReader;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/// Saves the properties of one record after the other.
///
/// Nothing is guessed: a value is what its cell holds, and where the cell or the text behind it is
/// damaged the value is lost. Where only the null bits are damaged, a cell that is not zero holds a
/// value, since the cells of absent properties are zero.
final class PropertySalvage {
  private final Catalog catalog;
  private final Losses losses;

  /// Takes a value.
  interface Sink {
    void put(int key, Object value);
  }

  PropertySalvage(Catalog catalog, Losses losses) {
    this.catalog = catalog;
    this.losses = losses;
  }

  void copy(ArenaReader reader, long slot, String of, Sink sink) {
    for (int key : reader.keys()) {
      Object value;
      try {
        value = reader.property(slot, key);
      } catch (CorruptPageException e) {
        value = rescue(reader, slot, key, of);
      } catch (IllegalArgumentException | DateTimeException | UncheckedIOException e) {
        value = null;
        lost(key, of, true);
      }
      if (value != null) {
        sink.put(key, value);
      }
    }
  }

  /// Whether a record that may be gone has a value that can be read, or had to have one.
  boolean hasValue(ArenaReader reader, long slot, int key) {
    try {
      return reader.hasCell(slot, key) || reader.property(slot, key) != null;
    } catch (CorruptPageException e) {
      return false;
    }
  }

  private @Nullable Object rescue(ArenaReader reader, long slot, int key, String of) {
    boolean inCell;
    try {
      inCell = reader.hasCell(slot, key);
    } catch (CorruptPageException nullsAreDamaged) {
      return withoutNulls(reader, slot, key, of);
    }
    lost(key, of, inCell); // of one without a cell nobody knows whether it has a value at all
    return null;
  }

  private @Nullable Object withoutNulls(ArenaReader reader, long slot, int key, String of) {
    Object value = null;
    try {
      value = reader.salvage(slot, key);
    } catch (CorruptPageException e) {
      // lost as well
    }
    if (value == null) {
      lost(key, of, false);
    }
    return value;
  }

  private void lost(int key, String of, boolean exact) {
    String property = "property " + catalog.keys().get(key) + " of " + of;
    losses.add(Losses.Kind.PROPERTIES, property, 1, exact);
  }
}
