package dev.quarry.graph.load;

import java.util.List;

/// A chunk of a file of nodes, and what its rows say.
final class NodeChunk implements CsvPiece {
  /// What is wrong with a row that has more or fewer fields than the header.
  static final int WRONG_COUNT = -1;

  private final CsvChunk csv;
  private final int fieldCount;
  private final int idField;

  /// The properties, without that which the id becomes.
  final List<ValueColumn> values;

  /// What is wrong with each row: 0 for nothing, [#WRONG_COUNT], or the number, from 1, of the
  /// column whose field is no value.
  int[] wrong = {};

  /// The integer that the id of each row is written like, or [IdMap#NONE].
  long[] integers = {};

  /// Whether nothing is wrong with any row, and all ids are integers, each greater than the one
  /// before.
  boolean isAscending;

  /// @param idField -1 if there is none
  NodeChunk(CsvChunk csv, int fieldCount, int idField, List<ValueColumn> values) {
    this.csv = csv;
    this.fieldCount = fieldCount;
    this.idField = idField;
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
      integers = new long[rows];
    }
    for (int row = 0; row < rows; row++) {
      wrong[row] = csv.fieldCount(row) == fieldCount ? 0 : WRONG_COUNT;
      if (wrong[row] == 0 && idField >= 0) {
        integers[row] = IdMap.integer(csv.text, csv.from(row, idField), csv.to(row, idField));
      }
    }
    for (ValueColumn column : values) {
      column.parse(csv, wrong);
    }
    isAscending = idField >= 0 && ascend(rows);
  }

  private boolean ascend(int rows) {
    long last = IdMap.NONE;
    int row = 0;
    while (row < rows && wrong[row] == 0 && integers[row] > last) {
      last = integers[row++];
    }
    return row == rows;
  }
}
