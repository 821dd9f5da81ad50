package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An operator that makes any number of rows out of each row of its input.
///
/// Rows keep the order of the input. A batch never holds rows of two batches of the input: cells
/// that were copied point into the input's scratch. The rows of one input row may fill several
/// batches, and `values` is emptied before each: what [#begin] computes for a row lies elsewhere.
///
/// Inside of an EXISTS it passes over what is left of an argument row that has a match.
abstract class FlatMap extends Operator {
  private static final int[] NONE = {};

  private final Operator input;
  private final int[] carried;
  private final Batch output;
  private @Nullable FirstMatches matches;
  private int numberSlot;
  private boolean matching;
  private int[] sources = NONE;
  private @Nullable Batch source;
  private int row;
  private boolean inRow;

  /// @param carried slots of the input that are needed later
  FlatMap(Execution execution, Operator input, int[] carried, int slotCount) {
    super(execution);
    this.input = input;
    this.carried = carried;
    this.output = execution.newBatch(slotCount);
  }

  /// Lets it stop at the first match of each argument row.
  ///
  /// @param argumentSlot where its input says which argument row a row belongs to
  /// @param itself whether each row that it makes is a match, as nothing above may drop it
  final void stopAt(FirstMatches known, int argumentSlot, boolean itself) {
    matches = known;
    numberSlot = argumentSlot;
    matching = itself;
  }

  /// Begins with a batch of the input: what was noted of rows of another one is void.
  void beginBatch() {}

  /// Begins with a row; false if it gives no rows.
  abstract boolean begin(Batch batch, int atRow);

  /// Writes the next row that the input row gives, at `to` of the output; false if there is none.
  abstract boolean produce(Batch batch, int atRow, Batch into, int to);

  /// Writes some of the next rows, from `to` of the output on; returns how many, 0 if there is
  /// none.
  ///
  /// @param most how many at most
  int produceSome(Batch batch, int atRow, Batch into, int to, int most) {
    return produce(batch, atRow, into, to) ? 1 : 0;
  }

  @Override
  void open() {
    input.open();
    source = null;
    inRow = false;
  }

  @Override
  @Nullable Batch next() {
    execution.check();
    forgetValues();
    output.begin();
    while (true) {
      Batch batch = source;
      if (batch == null) {
        batch = input.next();
        if (batch == null) {
          return null;
        }
        source = batch;
        row = 0;
        inRow = false;
        beginBatch();
      }
      fill(batch);
      if (output.size() > 0) {
        return output;
      }
    }
  }

  private void fill(Batch batch) {
    if (carried.length > 0 && sources.length < output.capacity()) {
      sources = new int[output.capacity()];
    }
    int size = 0;
    while (size < output.capacity()) {
      execution.pace().step();
      if (!inRow) {
        if (row == batch.size()) {
          source = null;
          break;
        }
        if (isDone(batch) || !begin(batch, row)) {
          row++;
          continue;
        }
        inRow = true;
      }
      int produced = some(batch, size);
      execution.pace().steps(produced);
      if (carried.length > 0) {
        Arrays.fill(sources, size, size + produced, row);
      }
      size += produced;
      if (produced > 0) {
        noteMatch(batch);
      } else {
        inRow = false;
        row++;
      }
    }
    output.copyRows(batch, sources, size, carried);
    output.size(size);
  }

  /// Where one match is enough, rows are made one at a time.
  private int some(Batch batch, int to) {
    if (matches == null) {
      return produceSome(batch, row, output, to, output.capacity() - to);
    }
    return isDone(batch) ? 0 : produceSome(batch, row, output, to, 1);
  }

  private boolean isDone(Batch batch) {
    return matches != null && matches.has((int) batch.body(numberSlot, row));
  }

  private void noteMatch(Batch batch) {
    if (matching && matches != null) {
      matches.add((int) batch.body(numberSlot, row));
    }
  }
}
