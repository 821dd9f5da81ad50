package dev.quarry;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rows of a query: forward only and borrowed, a row is valid until [#next()].
///
/// Used by one thread at a time, whichever it is; only [#cancel()] may come from any thread.
public interface Rows extends AutoCloseable {
  /// Moves to the next row; false at the end.
  boolean next();

  /// The names of the columns, in order.
  List<String> columns();

  /// What the query did so far, and all it did once the rows are at their end.
  Summary summary();

  /// The integer in `column`, counted from 0. Allocates nothing.
  ///
  /// @throws IllegalStateException if the value is not an integer
  long getLong(int column);

  /// The float in `column`; an integer is converted. Allocates nothing.
  ///
  /// @throws IllegalStateException if the value is not a number
  double getDouble(int column);

  /// Whether the value in `column` is null. Allocates nothing.
  boolean isNull(int column);

  /// The string in the column called `column`, or null.
  ///
  /// @throws IllegalStateException if the value is not a string
  @Nullable String getString(String column);

  /// The value in the column called `column`, as one of the border types.
  @Nullable Object get(String column);

  /// The value in `column`, counted from 0, as one of the border types.
  @Nullable Object get(int column);

  /// An owned copy of this row.
  Row copy();

  /// The rows that are left, owned; closes these rows.
  List<Row> toList();

  /// The rows that are left, owned, one at a time; closes these rows at its end or when closed.
  Stream<Row> stream();

  /// Asks the query to end: its next step throws
  /// [CancelledException][dev.quarry.error.CancelledException]. From any thread.
  void cancel();

  /// Gives back what the query holds. Idempotent.
  @Override
  void close();
}
