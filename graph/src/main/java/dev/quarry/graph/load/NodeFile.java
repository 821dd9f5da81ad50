package dev.quarry.graph.load;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.record.Cells;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.value.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Loads one file of nodes.
///
/// A named id column becomes a property: integers as long as all ids of the file are written like
/// integers. At the first other one, those before are turned into strings. Nodes with the same
/// labels are created many at a time, in slots in a row, and their properties column by column.
final class NodeFile {
  /// Rows between two points at which pages may be spilled.
  private static final int MOST_ROWS = 1 << 13;

  private static final int KNOWN_LABELS = 1 << 9;

  private final BulkTransaction transaction;
  private final LoadPlan.Source source;
  private final Map<String, IdMap> spaces;
  private final Function<String, IdMap> newSpace;
  private final Rejects rejects;
  private final LoadProgress progress;
  private final @Nullable String idType;

  NodeFile(
      BulkTransaction transaction,
      LoadPlan.Source source,
      Map<String, IdMap> spaces,
      Function<String, IdMap> newSpace,
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

  /// Returns how many nodes were made.
  long load() {
    try (CsvFile file = new CsvFile(source.file(), source.format())) {
      progress.stage("nodes " + source.file().getFileName(), file.size());
      Rows rows = new Rows(file);
      file.forEach(transaction.mostThreads(), rows::newChunk, rows::load);
      return rows.created;
    }
  }

  /// Rows of the chunk at hand that become nodes of one arena, in slots from the next one on.
  private static final class Group {
    private final int arena;
    private int[] rows = new int[16];
    private int count;
    private long first;

    Group(int arena) {
      this.arena = arena;
    }

    void add(int row) {
      if (count == rows.length) {
        rows = Arrays.copyOf(rows, 2 * count);
      }
      rows[count++] = row;
    }

    /// Adds rows one behind the other.
    void addAll(int from, int many) {
      if (count + many > rows.length) {
        rows = Arrays.copyOf(rows, Math.max(2 * count, count + many));
      }
      for (int i = 0; i < many; i++) {
        rows[count++] = from + i;
      }
    }
  }

  /// The state of reading one file.
  private final class Rows {
    private final CsvFile file;
    private final List<Header.Column> columns;
    private final int idColumn;
    private final int idKey;
    private final int labelColumn;
    private final @Nullable IdMap ids;
    private final int plainArena;
    private final Map<String, Integer> arenas = new HashMap<>();
    private final Map<Integer, Group> groups = new LinkedHashMap<>();
    private final Cells idCells = new Cells();
    private boolean idsAreIntegers;
    private int waiting; // rows in all groups
    private long created;

    Rows(CsvFile file) {
      this.file = file;
      Header header = file.header();
      this.columns = header.columns();
      this.idColumn = header.find(Header.Role.ID);
      this.labelColumn = header.find(Header.Role.LABEL);
      if (idColumn >= 0) {
        header.require(Header.Role.ID, file.path());
      }
      String space = idColumn < 0 ? "" : columns.get(idColumn).space();
      this.ids = idColumn < 0 ? null : spaces.computeIfAbsent(space, newSpace);
      ValueColumn.of(columns, transaction::key); // tokens in the order of the header
      String idName = idColumn < 0 ? "" : columns.get(idColumn).name();
      this.idKey = idName.isEmpty() ? -1 : transaction.key(idName);
      String declared = idColumn < 0 ? null : columns.get(idColumn).type();
      this.idsAreIntegers = !"string".equals(declared == null ? idType : declared);
      this.plainArena = labelColumn < 0 ? transaction.arena(source.labels()) : -1;
    }

    NodeChunk newChunk() {
      List<ValueColumn> values = ValueColumn.of(columns, transaction::key);
      return new NodeChunk(file.newChunk(), columns.size(), idColumn, values);
    }

    void load(NodeChunk chunk) {
      int rows = chunk.csv().rows();
      if (ids != null && labelColumn < 0 && isNew(chunk, ids)) {
        acceptAll(chunk, ids);
      } else {
        acceptEach(chunk);
      }
      progress.rows(rows, chunk.csv().bytesRead);
    }

    /// Whether every row is right and has an id that no row before has, since it is greater.
    private boolean isNew(NodeChunk chunk, IdMap known) {
      return chunk.isAscending
          && chunk.csv().rows() > 0
          && chunk.integers[0] > known.greatestInteger();
    }

    private void acceptAll(NodeChunk chunk, IdMap known) {
      int rows = chunk.csv().rows();
      for (int from = 0; from < rows; from += MOST_ROWS) {
        int count = Math.min(MOST_ROWS, rows - from);
        Group group = group(chunk.csv(), from);
        known.putAscending(chunk.integers, from, count, Ids.node(group.arena, group.first));
        group.addAll(from, count);
        create(chunk);
      }
    }

    private void acceptEach(NodeChunk chunk) {
      int rows = chunk.csv().rows();
      for (int row = 0; row < rows; row++) {
        if (isAccepted(chunk, row) && ++waiting == MOST_ROWS) {
          create(chunk);
        }
      }
      create(chunk);
    }

    /// Whether a row becomes a node; it is in its group then, and its id is noted.
    private boolean isAccepted(NodeChunk chunk, int row) {
      CsvChunk csv = chunk.csv();
      int wrong = chunk.wrong[row];
      if (wrong == NodeChunk.WRONG_COUNT) {
        String found = "expected " + columns.size() + " fields, found " + csv.fieldCount(row);
        return reject(csv, row, 0, found);
      }
      boolean idComesFirst = wrong == 0 || idColumn < wrong - 1;
      if (idKey >= 0 && idComesFirst && !isProperty(chunk, row)) {
        return false;
      }
      if (wrong > 0) {
        return reject(csv, row, wrong, ValueColumn.reason(chunk.values, csv, row, wrong - 1));
      }
      return ids == null ? join(csv, row) : join(chunk, row, ids);
    }

    private boolean join(CsvChunk csv, int row) {
      group(csv, row).add(row);
      return true;
    }

    private boolean join(NodeChunk chunk, int row, IdMap known) {
      CsvChunk csv = chunk.csv();
      if (csv.isEmpty(row, idColumn)) {
        return reject(csv, row, idColumn + 1, "the id is empty");
      }
      long integer = chunk.integers[row];
      int from = csv.from(row, idColumn);
      int to = csv.to(row, idColumn);
      // The labels of a row that is rejected are not made.
      boolean isKnown = labelColumn >= 0 && known.get(integer, csv.text, from, to) >= 0;
      if (!isKnown) {
        Group group = group(csv, row);
        long node = Ids.node(group.arena, group.first + group.count);
        isKnown = known.put(integer, csv.text, from, to, node) >= 0;
        if (!isKnown) {
          group.add(row);
          return true;
        }
      }
      return reject(csv, row, idColumn + 1, "duplicate id `" + csv.field(row, idColumn) + "`");
    }

    /// Whether the id can be a property; if not, the row was rejected.
    private boolean isProperty(NodeChunk chunk, int row) {
      CsvChunk csv = chunk.csv();
      if (!idsAreIntegers || chunk.integers[row] != IdMap.NONE || csv.isEmpty(row, idColumn)) {
        return true;
      }
      if ("integer".equals(columns.get(idColumn).type()) || "integer".equals(idType)) {
        String id = csv.field(row, idColumn);
        return reject(csv, row, idColumn + 1, "the id `" + id + "` is no integer");
      }
      turnIntoStrings(chunk);
      return true;
    }

    private void turnIntoStrings(NodeChunk chunk) {
      create(chunk);
      idsAreIntegers = false;
      if (ids != null && created > 0) {
        ids.forEachInteger(
            (id, node) -> {
              transaction.putNode(node, idKey, Long.toString(id));
              transaction.step();
            });
      }
    }

    private Group group(CsvChunk csv, int row) {
      int arena =
          labelColumn < 0
              ? plainArena
              : arenas.computeIfAbsent(csv.field(row, labelColumn), this::arena);
      Group group = groups.computeIfAbsent(arena, Group::new);
      if (group.count == 0) {
        group.first = transaction.nextSlot(arena);
      }
      return group;
    }

    private int arena(String field) {
      List<String> labels = new ArrayList<>(source.labels());
      Arrays.stream(field.split(";"))
          .map(String::strip)
          .filter(label -> !label.isEmpty())
          .forEach(labels::add);
      return transaction.arena(labels);
    }

    /// Creates the nodes that wait.
    private void create(NodeChunk chunk) {
      for (Group group : groups.values()) {
        if (group.count > 0) {
          create(chunk, group);
        }
      }
      waiting = 0;
      if (groups.size() > KNOWN_LABELS || arenas.size() > KNOWN_LABELS) {
        groups.clear();
        arenas.clear();
      }
    }

    private void create(NodeChunk chunk, Group group) {
      long first = transaction.createNodes(group.arena, group.count);
      assert first == group.first : first + ", not " + group.first;
      if (idKey >= 0) {
        transaction.putNodes(group.arena, first, idKey, ids(chunk, group));
      }
      for (ValueColumn column : chunk.values) {
        Cells cells = column.cells(chunk.csv(), group.rows, group.count);
        transaction.putNodes(group.arena, first, column.key(), cells);
      }
      created += group.count;
      group.count = 0;
      transaction.step();
    }

    private Cells ids(NodeChunk chunk, Group group) {
      CsvChunk csv = chunk.csv();
      idCells.begin(idsAreIntegers ? Tag.INTEGER : Tag.STRING, csv.text);
      int first = group.rows[0];
      if (idsAreIntegers && group.rows[group.count - 1] - first == group.count - 1) {
        idCells.addWords(chunk.integers, first, group.count);
        return idCells;
      }
      for (int i = 0; i < group.count; i++) {
        int row = group.rows[i];
        if (idsAreIntegers) {
          idCells.addWord(chunk.integers[row]);
        } else {
          idCells.addText(csv.from(row, idColumn), csv.to(row, idColumn));
        }
      }
      return idCells;
    }

    /// Rejects a row; false.
    private boolean reject(CsvChunk csv, int row, int column, String reason) {
      rejects.add(file.path(), file.line(csv, row), column, reason);
      return false;
    }
  }
}
