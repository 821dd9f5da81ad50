package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import java.util.List;

/// A nested plan, and where rows from outside come in.
record Nested(Operator operator, List<Sources.Argument> arguments) {
  /// Runs a plan that gives one row for each.
  ///
  /// @param row a batch of one row
  /// @return the row that it gives, valid until the next run
  Batch ofRow(Batch row) {
    for (Sources.Argument argument : arguments) {
      argument.bind(row, 0, 1);
    }
    operator.open();
    Batch given = operator.next();
    if (given == null) {
      throw new IllegalStateException("a nested plan gave no row");
    }
    assert given.size() == 1 : given.size();
    return given;
  }
}
