package dev.quarry.query.execute;

import dev.quarry.storage.memory.Memory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Sorted runs of rows in spill files, and the merge of them: rows that are equal come in the order
/// in which their runs were added.
///
/// Few runs are open at a time. Whenever a level has [#FAN_IN] of them, they become one run of the
/// next level, so a row is written once per level.
///
/// ```text
/// level 1   run 1…16                      the oldest rows
/// level 0   run 17   run 18   run 19      the newest
/// ```
final class SortRuns implements AutoCloseable {
  /// Blocks of so many runs fit into a quarter of the query's account.
  private static final int FAN_IN = 16;

  private final Execution execution;
  private final int cells;
  private final RowOrder order;
  private final List<List<SpilledRows>> levels = new ArrayList<>();
  private final PriorityQueue<Cursor> heads;
  private @Nullable Cursor taken;

  /// Compares two rows, given where their cells lie side by side.
  interface RowOrder {
    int compare(long rowA, long rowB);
  }

  /// @param cells of a row
  SortRuns(Execution execution, int cells, RowOrder order) {
    this.execution = execution;
    this.cells = cells;
    this.order = order;
    this.heads =
        new PriorityQueue<>(
            Comparator.<Cursor>naturalOrder().thenComparingInt(cursor -> cursor.number));
  }

  /// The next row of a run.
  private final class Cursor implements Comparable<Cursor> {
    private final SpilledRows run;
    private final int number;
    private long row;

    Cursor(SpilledRows run, int number) {
      this.run = run;
      this.number = number;
    }

    boolean next() {
      row = run.next();
      if (row == 0 && run.nextBlock()) {
        row = run.next();
      }
      return row != 0;
    }

    @Override
    public int compareTo(Cursor other) {
      return order.compare(row, other.row);
    }
  }

  boolean isEmpty() {
    return levels.isEmpty();
  }

  /// Adds a run.
  ///
  /// @param addresses of rows, in order
  void add(long addresses, long count) {
    SpilledRows run = newRun(0);
    for (long i = 0; i < count; i++) {
      run.add(Memory.getLong(addresses + i * 8));
    }
    run.rewind();
    for (int level = 0; level < levels.size(); level++) {
      if (levels.get(level).size() == FAN_IN) {
        mergeLevel(level);
      }
    }
  }

  private SpilledRows newRun(int level) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    SpilledRows run = execution.newSpilledRows(execution.newScratch(), cells);
    levels.get(level).add(run);
    return run;
  }

  /// Makes all runs of a level one run, the last of the next level.
  private void mergeLevel(int level) {
    List<SpilledRows> runs = levels.get(level);
    open(runs);
    SpilledRows merged = newRun(level + 1);
    for (long row = next(); row != 0; row = next()) {
      execution.check();
      merged.add(row);
    }
    merged.rewind();
    runs.forEach(SpilledRows::close);
    runs.clear();
  }

  /// Begins to read all rows; no run may be added then.
  void beginReading() {
    for (int level = 0; level + 1 < levels.size() && runs().size() > FAN_IN; level++) {
      mergeLevel(level);
    }
    open(runs());
  }

  /// All runs, the oldest first.
  private List<SpilledRows> runs() {
    return levels.reversed().stream().flatMap(List::stream).toList();
  }

  private void open(List<SpilledRows> runs) {
    heads.clear();
    taken = null;
    for (int i = 0; i < runs.size(); i++) {
      runs.get(i).rewind();
      enter(new Cursor(runs.get(i), i));
    }
  }

  private void enter(Cursor cursor) {
    if (cursor.next()) {
      heads.add(cursor);
    }
  }

  /// The cells of the next row, side by side and good until the next call; 0 at the end.
  long next() {
    if (taken != null) {
      enter(taken);
    }
    taken = heads.poll();
    return taken == null ? 0 : taken.row;
  }

  /// Deletes all runs.
  @Override
  public void close() {
    levels.forEach(level -> level.forEach(SpilledRows::close));
    levels.clear();
    heads.clear();
    taken = null;
  }
}
