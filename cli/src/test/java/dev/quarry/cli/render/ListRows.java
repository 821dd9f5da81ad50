package dev.quarry.cli.render;

import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.Summary;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rows out of a list, for tests.
final class ListRows implements Rows {
  private final List<String> columns;
  private final List<? extends List<? extends @Nullable Object>> rows;
  private int at = -1;

  ListRows(List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    this.columns = columns;
    this.rows = rows;
  }

  @Override
  public boolean next() {
    return ++at < rows.size();
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Summary summary() {
    return new Summary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", Duration.ZERO, 0);
  }

  @Override
  public long getLong(int column) {
    return get(column) instanceof Long number ? number : 0;
  }

  @Override
  public double getDouble(int column) {
    return get(column) instanceof Double number ? number : 0;
  }

  @Override
  public boolean isNull(int column) {
    return get(column) == null;
  }

  @Override
  public @Nullable String getString(String column) {
    return (String) get(column);
  }

  @Override
  public @Nullable Object get(String column) {
    return get(columns.indexOf(column));
  }

  @Override
  public @Nullable Object get(int column) {
    return rows.get(at).get(column);
  }

  @Override
  public Row copy() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Row> toList() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Stream<Row> stream() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void cancel() {}

  @Override
  public void close() {}
}
