package dev.quarry;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One row of a result, owned: it outlives its transaction. Immutable.
///
/// Values are the border types: `null`, [Boolean], [Long], [Double], [String], [List], [Map],
/// `java.time` values, and those of `dev.quarry.graph`.
public interface Row {
  /// The names of the columns, in order.
  List<String> columns();

  /// The value in `column`, counted from 0.
  @Nullable Object get(int column);

  /// The value in the column called `column`.
  ///
  /// @throws IllegalArgumentException if there is no such column
  @Nullable Object get(String column);

  /// All values by the name of their column, in order.
  Map<String, @Nullable Object> asMap();
}
