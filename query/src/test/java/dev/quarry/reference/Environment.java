package dev.quarry.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an expression sees: the names of a row, and the rows that an aggregate gathers.
///
/// @param group null where there is nothing to gather
record Environment(
    Map<String, @Nullable Object> row, @Nullable List<Map<String, @Nullable Object>> group) {
  static Environment of(Map<String, @Nullable Object> row) {
    return new Environment(row, null);
  }

  /// With one more name, which hides an outer one.
  Environment with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(row);
    more.put(name, value);
    return new Environment(more, group);
  }
}
