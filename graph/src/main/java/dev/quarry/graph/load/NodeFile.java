package dev.quarry.graph.load;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.transaction.BulkTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Loads one file of nodes.
///
/// A named id column becomes a property: integers as long as all ids of the file are written like
/// integers. At the first other one, those before are turned into strings.
final class NodeFile {
  private final BulkTransaction transaction;
  private final LoadPlan.Source source;
  private final Map<String, IdMap> spaces;
  private final java.util.function.Function<String, IdMap> newSpace;
  private final Rejects rejects;
  private final LoadProgress progress;
  private final @Nullable String idType;
  private long created;

  NodeFile(
      BulkTransaction transaction,
      LoadPlan.Source source,
      Map<String, IdMap> spaces,
      java.util.function.Function<String, IdMap> newSpace,
      Rejects rejects,
      LoadProgress progress,
      @Nullable String idType) {
    this.transaction = transaction;
    this.source = source;
    this.spaces = spaces;
    this.newSpace = newSpace;
    this.rejects = rejects;
    this.progress = progress;
    this.idType = idType;
  }

  long load() {
    try (CsvRows rows = new CsvRows(source.file(), source.format())) {
      progress.stage("nodes " + source.file().getFileName(), rows.input().size());
      new Rows(rows).load();
    }
    return created;
  }

  /// The state of reading one file.
  private final class Rows {
    private final CsvRows rows;
    private final List<Header.Column> columns;
    private final int[] keys;
    private final int idColumn;
    private final int labelColumn;
    private final @Nullable IdMap ids;
    private final int plainArena;
    private boolean idsAreIntegers;
    private long firstNode = -1;

    Rows(CsvRows rows) {
      this.rows = rows;
      Header header = rows.header();
      this.columns = header.columns();
      this.idColumn = header.find(Header.Role.ID);
      this.labelColumn = header.find(Header.Role.LABEL);
      if (idColumn >= 0) {
        header.require(Header.Role.ID, rows.file());
      }
      String space = idColumn < 0 ? "" : columns.get(idColumn).space();
      this.ids = idColumn < 0 ? null : spaces.computeIfAbsent(space, newSpace);
      this.keys = new int[columns.size()];
      for (int i = 0; i < keys.length; i++) {
        Header.Column column = columns.get(i);
        boolean stored =
            column.role() == Header.Role.PROPERTY
                || column.role() == Header.Role.ID && !column.name().isEmpty();
        keys[i] = stored ? transaction.key(column.name()) : -1;
      }
      String declared = idColumn < 0 ? null : columns.get(idColumn).type();
      this.idsAreIntegers = !"string".equals(declared == null ? idType : declared);
      this.plainArena = labelColumn < 0 ? transaction.arena(source.labels()) : -1;
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
      @Nullable Object[] values = values();
      if (values == null) {
        return;
      }
      String id = idColumn < 0 ? "" : rows.field(idColumn);
      if (ids != null && (id.isEmpty() || ids.get(id) >= 0)) {
        reject(idColumn + 1, id.isEmpty() ? "the id is empty" : "duplicate id `" + id + "`");
        return;
      }
      long node = transaction.createNode(arena());
      firstNode = firstNode < 0 ? node : firstNode;
      if (ids != null) {
        ids.put(id, node);
      }
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        if (value != null) {
          transaction.putNode(node, keys[i], value);
        }
      }
      created++;
    }

    /// The values to store; null if the row was rejected.
    private @Nullable Object @Nullable [] values() {
      @Nullable Object[] values = new Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        if (keys[i] < 0) {
          continue;
        }
        String text = rows.field(i);
        Header.Column column = columns.get(i);
        if (i == idColumn) {
          Object id = id(text);
          if (id == null) {
            return null;
          }
          values[i] = id;
        } else if (!text.isEmpty()) {
          try {
            values[i] =
                FieldParser.parse(
                    text, column.type() == null ? "string" : column.type(), column.array());
          } catch (IllegalArgumentException e) {
            reject(i + 1, column.name() + ": " + e.getMessage());
            return null;
          }
        }
      }
      return values;
    }

    /// The id as a property; null if the row was rejected.
    private @Nullable Object id(String text) {
      long integer = idsAreIntegers ? IdMap.integer(text) : Long.MIN_VALUE;
      if (!idsAreIntegers || integer != Long.MIN_VALUE) {
        return idsAreIntegers ? (Object) integer : text;
      }
      boolean declared = "integer".equals(columns.get(idColumn).type()) || "integer".equals(idType);
      if (declared && !text.isEmpty()) {
        reject(idColumn + 1, "the id `" + text + "` is no integer");
        return null;
      }
      if (!text.isEmpty()) {
        turnIntoStrings();
      }
      return text;
    }

    private void turnIntoStrings() {
      idsAreIntegers = false;
      if (ids != null && firstNode >= 0) {
        ids.forEachInteger(
            (id, node) -> transaction.putNode(node, keys[idColumn], Long.toString(id)));
      }
    }

    private int arena() {
      if (labelColumn < 0) {
        return plainArena;
      }
      List<String> labels = new ArrayList<>(source.labels());
      Arrays.stream(rows.field(labelColumn).split(";"))
          .map(String::strip)
          .filter(label -> !label.isEmpty())
          .forEach(labels::add);
      return transaction.arena(labels);
    }

    private void reject(int column, String reason) {
      rejects.add(rows.file(), rows.line(), column, reason);
    }
  }
}
