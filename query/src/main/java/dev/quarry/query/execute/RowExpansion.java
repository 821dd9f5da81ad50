package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The relationships of a node of each row of a batch, one row after the other. The lists of many
/// rows are looked up together.
final class RowExpansion {
  private static final long[] NONE = {};

  private final Execution execution;
  private final Reading reading;
  private final int from;
  private final Direction direction;
  private final List<String> types;
  private final @Nullable String label;
  private int labelToken;
  private long[] nodes = NONE; // as many as the batches so far have at most
  private @Nullable Catalog catalog;
  private @Nullable Expansion expansion;
  private int preparedFrom;
  private int preparedEnd;
  private int index;

  /// @param label lists that lead to no node with it are passed over; null for any
  RowExpansion(Execution execution, LogicalPlan.Expand plan, @Nullable String label) {
    this.execution = execution;
    this.reading = execution.reading();
    this.from = plan.from();
    this.direction = plan.direction();
    this.types = plan.types();
    this.label = label;
  }

  /// Begins with another batch.
  void beginBatch() {
    preparedEnd = 0;
  }

  /// Turns to a row, not before the one before; false if it has no node.
  boolean turnTo(Batch batch, int row) {
    if (Cell.tag(batch.head(from, row)) != Cell.NODE) {
      return false;
    }
    refresh();
    if (row >= preparedEnd) {
      prepare(batch, row);
    }
    index = row - preparedFrom;
    return true;
  }

  /// Types are looked up anew where the catalog has changed (rule S9).
  private void refresh() {
    if (expansion == null || catalog != reading.catalog()) {
      catalog = reading.catalog();
      labelToken = label == null ? Degrees.ANY_LABEL : catalog.label(label);
      expansion = execution.newExpansion(direction, Expand.tokens(types, catalog), labelToken);
      preparedEnd = 0;
    }
  }

  /// Looks up the lists of the nodes of this row and those after it together, as long as they lie
  /// in one arena.
  private void prepare(Batch batch, int row) {
    int count = 0;
    int most = Math.min(Expansion.PREPARED, batch.size() - row);
    if (nodes.length < most) {
      nodes = new long[Expansion.room(most)];
    }
    long arena = batch.body(from, row) & ~Ids.SLOT_MASK;
    while (count < most && Cell.tag(batch.head(from, row + count)) == Cell.NODE) {
      nodes[count] = batch.body(from, row + count);
      if ((nodes[count] & ~Ids.SLOT_MASK) != arena) {
        break;
      }
      count++;
    }
    expansion().prepare(nodes, 0, count);
    preparedFrom = row;
    preparedEnd = row + count;
  }

  /// Opens the relationships of the row.
  void open() {
    expansion().openPrepared(index);
  }

  /// Takes all relationships of the row as one slice.
  ///
  /// @return how many; -1 if they do not lie in one piece: open them then
  int slice() {
    return expansion().preparedSlice(index);
  }

  /// The node of the row.
  long node() {
    return nodes[index];
  }

  /// The token of the label as of this row, -1 for one that nobody has used, [Degrees#ANY_LABEL]
  /// for any.
  int label() {
    return labelToken;
  }

  /// What is at the row.
  Expansion expansion() {
    return Objects.requireNonNull(expansion);
  }
}
