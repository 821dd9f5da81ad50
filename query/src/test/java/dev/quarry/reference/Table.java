package dev.quarry.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What flows from one clause to the next: rows, and the names that each of them binds.
///
/// @param names in the order of the columns where a RETURN made them
record Table(List<String> names, List<Map<String, @Nullable Object>> rows) {
  /// One row that binds nothing: where a query begins.
  static Table start() {
    return of(Map.of());
  }

  /// One row.
  static Table of(Map<String, @Nullable Object> row) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    rows.add(new LinkedHashMap<>(row));
    return new Table(List.copyOf(row.keySet()), rows);
  }

  /// The names of this and more.
  List<String> namesWith(Iterable<String> more) {
    Set<String> all = new LinkedHashSet<>(names);
    more.forEach(all::add);
    return List.copyOf(all);
  }
}
