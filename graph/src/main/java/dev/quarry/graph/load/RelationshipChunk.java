package dev.quarry.graph.load;

import java.util.List;

/// A chunk of a file of relationships, and what its rows say: also which nodes they join, since
/// nobody adds ids any more when relationships are read.
final class RelationshipChunk implements CsvPiece {
  /// Where a row says what; shared by all chunks of a file.
  ///
  /// @param fieldCount of a row
  /// @param type field of the type, -1 if there is none
  /// @param mustHaveType whether a row without a type is wrong
  record Layout(
      int fieldCount,
      int start,
      int end,
      int type,
      boolean mustHaveType,
      IdMap starts,
      IdMap ends) {}

  private final CsvChunk csv;
  private final Layout layout;

  /// The properties.
  final List<ValueColumn> values;

  /// What is wrong with each row, see [NodeChunk#wrong].
  int[] wrong = {};

  /// Nodes at which each row starts and ends.
  long[] sources = {};

  long[] targets = {};

  private long[] integers = {};

  RelationshipChunk(CsvChunk csv, Layout layout, List<ValueColumn> values) {
    this.csv = csv;
    this.layout = layout;
    this.values = List.copyOf(values);
  }

  @Override
  public CsvChunk csv() {
    return csv;
  }

  @Override
  public void parse() {
    int rows = csv.rows();
    if (wrong.length < rows) {
      wrong = new int[rows];
      sources = new long[rows];
      targets = new long[rows];
      integers = new long[rows];
    }
    for (int row = 0; row < rows; row++) {
      wrong[row] = csv.fieldCount(row) == layout.fieldCount ? 0 : NodeChunk.WRONG_COUNT;
    }
    resolve(layout.starts, layout.start, sources);
    resolve(layout.ends, layout.end, targets);
    for (int row = 0; layout.mustHaveType && row < rows; row++) {
      if (wrong[row] == 0 && csv.isEmpty(row, layout.type)) {
        wrong[row] = layout.type + 1;
      }
    }
    for (ValueColumn column : values) {
      column.parse(csv, wrong);
    }
  }

  private void resolve(IdMap ids, int field, long[] nodes) {
    int rows = csv.rows();
    for (int row = 0; row < rows; row++) {
      integers[row] =
          wrong[row] == 0
              ? IdMap.integer(csv.text, csv.from(row, field), csv.to(row, field))
              : IdMap.NONE;
    }
    ids.getAll(integers, nodes, rows);
    for (int row = 0; row < rows; row++) {
      if (wrong[row] == 0) {
        if (integers[row] == IdMap.NONE) {
          int from = csv.from(row, field);
          nodes[row] = ids.get(IdMap.NONE, csv.text, from, csv.to(row, field));
        }
        wrong[row] = nodes[row] < 0 ? field + 1 : 0;
      }
    }
  }

  /// Whether a row has any property.
  boolean hasValues(int row) {
    for (ValueColumn column : values) {
      if (column.isPresent(row)) {
        return true;
      }
    }
    return false;
  }
}
