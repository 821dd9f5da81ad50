package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Loads one file of relationships: notes their ends and their properties.
final class RelationshipFile {
  /// Relationships between two points at which pages may be spilled.
  private static final int MOST_ROWS = 1 << 13;

  private static final int KNOWN_TYPES = 1 << 12;

  private final BulkTransaction transaction;
  private final LoadPlan.Source source;
  private final Map<String, IdMap> spaces;
  private final Links links;
  private final Rejects rejects;
  private final LoadProgress progress;

  RelationshipFile(
      BulkTransaction transaction,
      LoadPlan.Source source,
      Map<String, IdMap> spaces,
      Links links,
      Rejects rejects,
      LoadProgress progress) {
    this.transaction = transaction;
    this.source = source;
    this.spaces = spaces;
    this.links = links;
    this.rejects = rejects;
    this.progress = progress;
  }

  void load() {
    try (CsvFile file = new CsvFile(source.file(), source.format())) {
      progress.stage("relationships " + source.file().getFileName(), file.size());
      Rows rows = new Rows(file);
      file.forEach(transaction.mostThreads(), rows::newChunk, rows::load);
    }
  }

  /// The state of reading one file.
  private final class Rows {
    private final CsvFile file;
    private final List<Header.Column> columns;
    private final int plainType;
    private final RelationshipChunk.Layout layout;
    private final boolean hasProperties;
    private final Map<String, Integer> types = new HashMap<>();

    // Accepted rows, until they are linked.
    private final int[] rows = new int[MOST_ROWS];
    private final int[] typeOf = new int[MOST_ROWS];
    private int count;

    private final long[] keys = new long[MOST_ROWS]; // of several that are handed on at once

    Rows(CsvFile file) {
      this.file = file;
      Header header = file.header();
      this.columns = header.columns();
      int start = header.require(Header.Role.START_ID, file.path());
      int end = header.require(Header.Role.END_ID, file.path());
      int type = header.find(Header.Role.TYPE);
      if (type < 0 && source.type() == null) {
        throw new LoadException(
            ErrorCode.LOAD_HEADER,
            file.path() + ": neither the header nor the plan names a type of relationships",
            "add a column :TYPE, or give --relationships TYPE=FILE");
      }
      this.plainType = source.type() == null ? -1 : transaction.type(source.type());
      this.layout =
          new RelationshipChunk.Layout(
              columns.size(), start, end, type, plainType < 0, space(start), space(end));
      this.hasProperties = !newValues().isEmpty();
    }

    private IdMap space(int column) {
      String name = columns.get(column).space();
      IdMap ids = spaces.get(name);
      if (ids == null) {
        throw new LoadException(
            ErrorCode.LOAD_HEADER,
            file.path()
                + ": column "
                + (column + 1)
                + " speaks of the id space `"
                + name
                + "`, which no file of nodes has",
            spaces.isEmpty() ? "load nodes too" : "id spaces loaded: " + spaces.keySet());
      }
      return ids;
    }

    RelationshipChunk newChunk() {
      return new RelationshipChunk(file.newChunk(), layout, newValues());
    }

    private List<ValueColumn> newValues() {
      return ValueColumn.of(columns, transaction::key);
    }

    void load(RelationshipChunk chunk) {
      if (chunk.isBare()) {
        int pairs = chunk.count();
        links.addAll(
            chunk.sourceArena(), plainType, chunk.targetArena(), chunk.keys, pairs, chunk.bits);
        transaction.step();
        progress.rows(pairs, chunk.csv().bytesRead);
      } else {
        loadRows(chunk);
      }
    }

    private void loadRows(RelationshipChunk chunk) {
      CsvChunk csv = chunk.csv();
      int all = csv.rows();
      for (int row = 0; row < all; row++) {
        if (chunk.wrong[row] != 0) {
          reject(chunk, row, chunk.wrong[row]);
          continue;
        }
        typeOf[count] = type(csv, row);
        rows[count++] = row;
        if (count == MOST_ROWS) {
          link(chunk);
        }
      }
      link(chunk);
      progress.rows(all, csv.bytesRead);
    }

    private int type(CsvChunk csv, int row) {
      if (layout.type() < 0 || csv.isEmpty(row, layout.type())) {
        return plainType;
      }
      if (types.size() > KNOWN_TYPES) {
        types.clear();
      }
      return types.computeIfAbsent(csv.field(row, layout.type()), transaction::type);
    }

    /// Notes the accepted rows.
    private void link(RelationshipChunk chunk) {
      if (hasProperties) {
        for (int i = 0; i < count; i++) {
          int row = rows[i];
          links.add(chunk.sources[row], typeOf[i], chunk.targets[row], chunk.rows, row);
        }
      } else {
        linkBare(chunk);
      }
      count = 0;
      transaction.step();
    }

    /// Those of one kind in a row go together.
    private void linkBare(RelationshipChunk chunk) {
      for (int done = 0; done < count; ) {
        int type = typeOf[done];
        int from = Ids.arena(chunk.sources[rows[done]]);
        int to = Ids.arena(chunk.targets[rows[done]]);
        int pairs = 0;
        long bits = 0;
        while (done < count) {
          long start = chunk.sources[rows[done]];
          long end = chunk.targets[rows[done]];
          if (typeOf[done] != type || Ids.arena(start) != from || Ids.arena(end) != to) {
            break;
          }
          keys[pairs] = Ids.slot(start) << 32 | Ids.slot(end);
          bits |= keys[pairs++];
          done++;
        }
        links.addAll(from, type, to, keys, pairs, bits);
      }
    }

    private void reject(RelationshipChunk chunk, int row, int wrong) {
      CsvChunk csv = chunk.csv();
      int field = wrong - 1;
      if (wrong == NodeChunk.WRONG_COUNT) {
        String found = "expected " + columns.size() + " fields, found " + csv.fieldCount(row);
        rejects.add(file.path(), file.line(csv, row), 0, found);
        return;
      }
      String reason;
      if (field == layout.start() || field == layout.end()) {
        reason = "no node has the id `" + csv.field(row, field) + "`";
      } else if (field == layout.type()) {
        reason = "the type is empty";
      } else {
        reason = ValueColumn.reason(chunk.values, csv, row, field);
      }
      rejects.add(file.path(), file.line(csv, row), wrong, reason);
    }
  }
}
