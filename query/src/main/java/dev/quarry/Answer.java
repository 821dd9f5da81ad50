package dev.quarry;

import java.util.Iterator;
import java.util.List;

/// All rows of a statement that ran in a transaction of its own. Owned and immutable; what it says
/// is durable.
///
/// @param columns the names of the columns, in order
/// @param rows the rows
/// @param summary what the statement did
public record Answer(List<String> columns, List<Row> rows, Summary summary)
    implements Iterable<Row> {
  public Answer {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  @Override
  public Iterator<Row> iterator() {
    return rows.iterator();
  }
}
