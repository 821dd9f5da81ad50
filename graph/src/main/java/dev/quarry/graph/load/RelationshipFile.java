package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.transaction.BulkTransaction;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Loads one file of relationships: notes their ends, and writes the rows of those with properties.
final class RelationshipFile {
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
    try (CsvRows rows = new CsvRows(source.file(), source.format())) {
      progress.stage("relationships " + source.file().getFileName(), rows.input().size());
      new Rows(rows).load();
    }
  }

  /// The state of reading one file.
  private final class Rows {
    private final CsvRows rows;
    private final List<Header.Column> columns;
    private final int[] keys;
    private final int start;
    private final int end;
    private final int typeColumn;
    private final int plainType;
    private final boolean hasProperties;
    private final IdMap starts;
    private final IdMap ends;

    Rows(CsvRows rows) {
      this.rows = rows;
      Header header = rows.header();
      this.columns = header.columns();
      this.start = header.require(Header.Role.START_ID, rows.file());
      this.end = header.require(Header.Role.END_ID, rows.file());
      this.typeColumn = header.find(Header.Role.TYPE);
      if (typeColumn < 0 && source.type() == null) {
        throw new LoadException(
            ErrorCode.LOAD_HEADER,
            rows.file() + ": neither the header nor the plan names a type of relationships",
            "add a column :TYPE, or give --relationships TYPE=FILE");
      }
      this.plainType = source.type() == null ? -1 : transaction.type(source.type());
      this.keys = new int[columns.size()];
      boolean any = false;
      for (int i = 0; i < keys.length; i++) {
        boolean stored = columns.get(i).role() == Header.Role.PROPERTY;
        keys[i] = stored ? transaction.key(columns.get(i).name()) : -1;
        any |= stored;
      }
      this.hasProperties = any;
      this.starts = space(start);
      this.ends = space(end);
    }

    private IdMap space(int column) {
      String name = columns.get(column).space();
      IdMap ids = spaces.get(name);
      if (ids == null) {
        throw new LoadException(
            ErrorCode.LOAD_HEADER,
            rows.file()
                + ": column "
                + (column + 1)
                + " speaks of the id space `"
                + name
                + "`, which no file of nodes has",
            spaces.isEmpty() ? "load nodes too" : "id spaces loaded: " + spaces.keySet());
      }
      return ids;
    }

    void load() {
      while (rows.next()) {
        row();
        transaction.step();
        progress.row(rows.input().bytesRead());
      }
    }

    private void row() {
      if (rows.fieldCount() != columns.size()) {
        reject(0, "expected " + columns.size() + " fields, found " + rows.fieldCount());
        return;
      }
      long from = starts.get(rows.field(start));
      if (from < 0) {
        reject(start + 1, "no node has the id `" + rows.field(start) + "`");
        return;
      }
      long to = ends.get(rows.field(end));
      if (to < 0) {
        reject(end + 1, "no node has the id `" + rows.field(end) + "`");
        return;
      }
      String typeName = typeColumn < 0 ? "" : rows.field(typeColumn);
      if (typeName.isEmpty() && plainType < 0) {
        reject(typeColumn + 1, "the type is empty");
        return;
      }
      @Nullable Object[] values = values();
      if (values == null) {
        return;
      }
      int type = typeName.isEmpty() ? plainType : transaction.type(typeName);
      links.add(from, type, to, hasProperties, slot(type, from, to, values));
    }

    /// The row of a relationship with properties, -1 without.
    private long slot(int type, long from, long to, @Nullable Object[] values) {
      long slot = -1;
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        if (value != null) {
          slot = slot < 0 ? transaction.createRow(type, from, to) : slot;
          transaction.putRow(type, slot, keys[i], value);
        }
      }
      return slot;
    }

    private @Nullable Object @Nullable [] values() {
      @Nullable Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        String text = keys[i] < 0 ? "" : rows.field(i);
        if (!text.isEmpty()) {
          Header.Column column = columns.get(i);
          String type = column.type() == null ? "string" : column.type();
          try {
            values[i] = FieldParser.parse(text, type, column.array());
          } catch (IllegalArgumentException e) {
            reject(i + 1, column.name() + ": " + e.getMessage());
            return null;
          }
        }
      }
      return values;
    }

    private void reject(int column, String reason) {
      rejects.add(rows.file(), rows.line(), column, reason);
    }
  }
}
