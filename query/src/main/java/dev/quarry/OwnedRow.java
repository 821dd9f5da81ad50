package dev.quarry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row with its values.
final class OwnedRow implements Row {
  private final List<String> columns;
  private final @Nullable Object[] values;

  OwnedRow(List<String> columns, @Nullable Object[] values) {
    this.columns = columns;
    this.values = values;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public @Nullable Object get(int column) {
    return values[column];
  }

  @Override
  public @Nullable Object get(String column) {
    return values[RowsOfRun.index(columns, column)];
  }

  @Override
  public Map<String, @Nullable Object> asMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(columns.get(i), values[i]);
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OwnedRow row
        && row.columns.equals(columns)
        && java.util.Arrays.equals(row.values, values);
  }

  @Override
  public int hashCode() {
    return columns.hashCode() * 31 + java.util.Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
