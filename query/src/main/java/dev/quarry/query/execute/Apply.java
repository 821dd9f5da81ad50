package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs a nested plan for the rows of its input (rule S22): for a whole batch at once, each row
/// with its number, or row by row where the nested plan gathers rows.
final class Apply extends Operator {
  private final Operator input;
  private final Operator nested;
  private final List<Sources.Argument> arguments;
  private final LogicalPlan.Apply.Kind kind;
  private final boolean rowByRow;
  private final int numberSlot;
  private final int slot;
  private final int valueSlot;
  private final int[] outerSlots;
  private final int[] nestedSlots;
  private final Batch output;
  private final Scratch lists;
  private final @Nullable FirstMatches matches;
  private @Nullable Batch outer;
  private int nextRow;
  private int runEnd;
  private boolean running;
  private @Nullable Batch inner;
  private int innerRow;

  /// @param outerSlots what is needed of the rows of the input
  /// @param nestedSlots what is needed of nested rows
  /// @param matches of an EXISTS, what the nested steps stop at; else null
  Apply(
      Execution execution,
      Operator input,
      Operator nested,
      List<Sources.Argument> arguments,
      LogicalPlan.Apply plan,
      boolean rowByRow,
      int numberSlot,
      int[] outerSlots,
      int[] nestedSlots,
      @Nullable FirstMatches matches,
      int slotCount) {
    super(execution);
    this.input = input;
    this.nested = nested;
    this.arguments = arguments;
    this.kind = plan.kind();
    this.rowByRow = rowByRow;
    this.numberSlot = numberSlot;
    this.slot = plan.slot();
    this.valueSlot = plan.value();
    this.outerSlots = outerSlots;
    this.nestedSlots = nestedSlots;
    this.output = execution.newBatch(slotCount);
    this.matches = matches;
    this.lists = execution.newScratch();
  }

  @Override
  void open() {
    input.open();
    outer = null;
    running = false;
    inner = null;
  }

  @Override
  @Nullable Batch next() {
    execution.check();
    return switch (kind) {
      case JOIN, OPTIONAL -> join();
      case EXISTS, COUNT, COLLECT -> reduce();
      case RUN -> run();
    };
  }

  // Rows as they are, once the nested plan has run for each.

  private @Nullable Batch run() {
    Batch rows = input.next();
    runEnd = 0;
    while (rows != null && runEnd < rows.size()) {
      start(rows);
      while (nested.next() != null) {
        execution.check();
      }
    }
    return rows;
  }

  // Rows of the nested plan, each with what is needed of its outer row.

  private @Nullable Batch join() {
    output.begin();
    while (true) {
      Batch rows = outer;
      if (rows == null) {
        rows = input.next();
        if (rows == null) {
          return null;
        }
        outer = rows;
        nextRow = 0;
        runEnd = 0;
        running = false;
      }
      fill(rows);
      if (output.size() > 0) {
        return output;
      }
    }
  }

  /// `nextRow` is the first outer row for which nothing was written yet.
  private void fill(Batch rows) {
    int size = 0;
    while (size < output.capacity()) {
      if (!running) {
        if (runEnd == rows.size()) {
          outer = null;
          break;
        }
        start(rows);
      }
      Batch found = inner;
      if (found == null) {
        if (size > 0) {
          break;
        }
        found = nested.next();
        inner = found;
        innerRow = 0;
      }
      if (found == null || innerRow == found.size()) {
        inner = null;
        if (found == null) {
          size = optionalUpTo(rows, runEnd, size);
          running = nextRow < runEnd && kind == LogicalPlan.Apply.Kind.OPTIONAL;
          nextRow = running ? nextRow : runEnd;
        }
        continue;
      }
      int row = rowByRow ? runEnd - 1 : (int) found.body(numberSlot, innerRow);
      size = optionalUpTo(rows, row, size);
      if (size == output.capacity()) {
        break;
      }
      output.copyRow(rows, row, size, outerSlots);
      output.copyRow(found, innerRow, size, nestedSlots);
      size++;
      innerRow++;
      nextRow = row + 1;
    }
    output.size(size);
  }

  private void start(Batch rows) {
    execution.pace().step();
    int from = runEnd;
    runEnd = rowByRow ? from + 1 : rows.size();
    for (Sources.Argument argument : arguments) {
      argument.bind(rows, from, runEnd);
    }
    if (matches != null) {
      matches.begin(from, runEnd);
    }
    nested.open();
    running = true;
    inner = null;
  }

  /// Writes rows with nulls for outer rows before `end` that the nested plan passed over.
  private int optionalUpTo(Batch rows, int end, int size) {
    int to = size;
    if (kind == LogicalPlan.Apply.Kind.OPTIONAL) {
      while (nextRow < end && to < output.capacity()) {
        output.copyRow(rows, nextRow, to, outerSlots);
        for (int nestedSlot : nestedSlots) {
          output.put(nestedSlot, to, Cell.NULL, 0);
        }
        to++;
        nextRow++;
      }
    }
    return to;
  }

  // One value per outer row.

  private @Nullable Batch reduce() {
    Batch rows = input.next();
    if (rows == null) {
      return null;
    }
    lists.reset();
    boolean collects = kind == LogicalPlan.Apply.Kind.COLLECT;
    for (int row = 0; !collects && row < rows.size(); row++) {
      rows.put(slot, row, kind == LogicalPlan.Apply.Kind.EXISTS ? Cell.BOOLEAN : Cell.INTEGER, 0);
    }
    long states = collects ? lists.allocateZeroed((long) rows.size() * CellChunks.BYTES) : 0;
    runEnd = 0;
    while (runEnd < rows.size()) {
      start(rows);
      for (Batch found = next(nested); found != null; found = next(nested)) {
        for (int i = 0; i < found.size(); i++) {
          int row = rowByRow ? runEnd - 1 : (int) found.body(numberSlot, i);
          execution.pace().step();
          add(rows, row, found, i, states);
        }
      }
    }
    for (int row = 0; collects && row < rows.size(); row++) {
      long list = states + (long) row * CellChunks.BYTES;
      long cells = CellChunks.contiguous(list, lists);
      rows.put(slot, row, Cell.listHead(cells, CellChunks.count(list)), cells);
    }
    return rows;
  }

  /// The next rows of the nested plan; null also where nobody asks for more matches.
  private @Nullable Batch next(Operator of) {
    return matches != null && matches.isComplete() ? null : of.next();
  }

  private void add(Batch rows, int row, Batch found, int at, long states) {
    switch (kind) {
      case EXISTS -> {
        rows.put(slot, row, Cell.BOOLEAN, 1);
        java.util.Objects.requireNonNull(matches).add(row);
      }
      case COUNT -> rows.put(slot, row, Cell.INTEGER, rows.body(slot, row) + 1);
      default -> {
        long list = states + (long) row * CellChunks.BYTES;
        CellChunks.add(list, found.head(valueSlot, at), found.body(valueSlot, at), lists);
      }
    }
  }
}
