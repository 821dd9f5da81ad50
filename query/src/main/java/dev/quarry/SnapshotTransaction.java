package dev.quarry;

import dev.quarry.graph.transaction.ReadView;
import dev.quarry.graph.transaction.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Hands the reading of a graph on to the engine below; what is special to writing is in
/// [WritingTransaction].
class SnapshotTransaction extends ReadView implements ReadTransaction {
  final Engine engine;
  private @Nullable List<RowsOfRun> open; // many transactions run no statement

  SnapshotTransaction(Engine engine, Reading reading) {
    super(reading);
    this.engine = engine;
  }

  @Override
  public Rows query(String cypher, Map<String, ?> parameters) {
    reading().ensureOpen();
    return query(PreparedQuery.of(cypher), parameters, QueryOptions.DEFAULT);
  }

  @Override
  public Rows query(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    return runReading(query, parameters, options);
  }

  /// Runs a statement that only reads.
  final RowsOfRun runReading(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    reading().ensureOpen();
    if (engine.writes(query)) {
      throw Engine.onlyReads();
    }
    return keep(engine.run(query, parameters, options, reading(), null));
  }

  final RowsOfRun keep(RowsOfRun rows) {
    if (open == null) {
      open = new ArrayList<>(1);
    }
    open.add(rows);
    rows.onClose(this::forget);
    return rows;
  }

  /// Rows that were begun last are mostly closed first.
  private void forget(RowsOfRun closed) {
    if (open != null) {
      int at = open.size() - 1;
      while (at >= 0 && open.get(at) != closed) {
        at--;
      }
      if (at >= 0) {
        open.remove(at);
      }
    }
  }

  @Override
  public long commitNumber() {
    return commitRead();
  }

  final void closeRows() {
    if (open != null) {
      for (RowsOfRun rows : List.copyOf(open)) {
        rows.end();
      }
    }
  }

  @Override
  public void close() {
    engine
        .store()
        .scoped(
            () -> {
              try {
                closeRows();
              } finally {
                end();
              }
            });
  }
}
