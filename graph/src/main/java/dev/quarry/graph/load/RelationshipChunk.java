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
  private final boolean hasTwins; // whether any two columns have the same key

  /// The properties.
  final List<ValueColumn> values;

  /// What is wrong with each row, see [NodeChunk#wrong].
  int[] wrong = {};

  /// Nodes at which each row starts and ends.
  long[] sources = {};

  long[] targets = {};

  /// The properties of each row; none of one with which something is wrong.
  final EncodedRows rows = new EncodedRows();

  private long[] integers = {};

  RelationshipChunk(CsvChunk csv, Layout layout, List<ValueColumn> values) {
    this.csv = csv;
    this.layout = layout;
    this.values = List.copyOf(values);
    this.hasTwins = values.stream().anyMatch(column -> !column.isFirst());
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
    if (!values.isEmpty()) {
      encode();
    }
  }

  private void encode() {
    rows.begin();
    for (int row = 0; row < csv.rows(); row++) {
      for (int i = 0; wrong[row] == 0 && i < values.size(); i++) {
        if (values.get(i).isPresent(row) && !isOverwritten(i, row)) {
          values.get(i).encode(csv, row, rows);
        }
      }
      rows.end();
    }
  }

  /// Whether a column behind it has the same key, and a value.
  private boolean isOverwritten(int column, int row) {
    for (int i = column + 1; hasTwins && i < values.size(); i++) {
      if (values.get(i).key() == values.get(column).key() && values.get(i).isPresent(row)) {
        return true;
      }
    }
    return false;
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
}
