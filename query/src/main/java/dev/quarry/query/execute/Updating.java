package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// An operator that writes. It takes all rows of its input before it writes the first, and writes
/// all before it hands on the first (rule S1); where the plan proves that nobody can tell, it goes
/// on batch by batch instead.
abstract class Updating extends Operator {
  private final Operator input;
  private final boolean streams;
  private final RowBuffer rows;
  private final RowBuffer results;
  private final Batch output;
  private boolean written;

  /// A row that is worked on: one row of a batch.
  final Batch work;

  /// @param carried slots of the input that are needed, here or later
  /// @param handedOn slots of the rows that are handed on
  /// @param streams whether nothing around it reads what it writes
  Updating(
      Execution execution,
      Operator input,
      int[] carried,
      int[] handedOn,
      int slotCount,
      boolean streams) {
    super(execution);
    this.input = input;
    this.streams = streams;
    this.rows = execution.newRowBuffer(carried);
    this.results = execution.newRowBuffer(handedOn);
    this.work = execution.newBatch(slotCount, 1);
    this.output = execution.newBatch(slotCount);
  }

  /// Prepares for rows.
  ///
  /// @param count how many there are; -1 if nobody knows
  void begin(long count) {}

  /// Writes what [#work] asks for, and calls [#handOn()] for each row that comes of it.
  abstract void update();

  /// Writes what was put off until all rows were seen.
  void finish() {}

  /// Hands on [#work] as it is now.
  final void handOn() {
    execution.pace().step();
    results.add(work, 0);
  }

  @Override
  void open() {
    input.open();
    rows.clear();
    results.clear();
    written = false;
  }

  @Override
  @Nullable Batch next() {
    while (!results.read(output)) {
      results.clear();
      if (written) {
        return null;
      }
      written = !take() || !streams;
      write();
      results.rewind();
    }
    execution.check();
    return output;
  }

  /// Takes the rows that are written together; false at the end of the input.
  private boolean take() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      for (int i = 0; i < batch.size(); i++) {
        rows.add(batch, i);
      }
      if (streams) {
        return true;
      }
    }
    return false;
  }

  private void write() {
    begin(streams ? -1 : rows.size());
    rows.rewind();
    while (rows.read(work)) {
      execution.check();
      forgetValues();
      update();
    }
    finish();
    rows.clear();
  }
}
