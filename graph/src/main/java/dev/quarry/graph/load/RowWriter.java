package dev.quarry.graph.load;

import dev.quarry.graph.record.Cells;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes rows to new slots of edge arenas, many at a time and column by column; those of one kind
/// after the other, from [#begin] to [#flush()].
final class RowWriter implements RowTarget {
  /// Rows between two points at which pages may be spilled.
  private static final int MOST_ROWS = 1 << 13;

  private static final int USUAL_TEXT = 1 << 17;
  private static final int KNOWN_COLUMNS = 1 << 9;

  private final BulkTransaction transaction;
  private int sourceArena;
  private int type;
  private int targetArena;

  // Rows that wait to be written.
  private final long[] sources = new long[MOST_ROWS];
  private final long[] targets = new long[MOST_ROWS];
  private final List<Column> columns = new ArrayList<>();
  private byte[] text = new byte[USUAL_TEXT]; // their strings
  private int textEnd;
  private ByteBuffer bytes = ByteBuffer.allocate(0); // of the row at hand
  private int count;
  private long first;

  /// The values of one property that are of one kind.
  private static final class Column {
    private final int property; // key << 8 | tag
    private final Cells cells = new Cells();
    private boolean isInUse;
    private boolean isNew; // whether no other column in use has the same key

    Column(int property) {
      this.property = property;
    }
  }

  RowWriter(BulkTransaction transaction) {
    this.transaction = transaction;
  }

  /// Begins with the rows of a kind.
  void begin(int newSourceArena, int newType, int newTargetArena) {
    assert count == 0 : count + " rows wait";
    sourceArena = newSourceArena;
    type = newType;
    targetArena = newTargetArena;
  }

  @Override
  public long add(long ends, byte[] row, int length) {
    if (count == MOST_ROWS || textEnd + length > text.length) {
      flush();
    }
    if (count == 0) {
      first = transaction.nextRow(sourceArena, type);
      text = text.length < length ? new byte[length] : text;
    }
    sources[count] = Ids.node(sourceArena, ends >>> 32);
    targets[count] = Ids.node(targetArena, ends & 0xFFFF_FFFFL);
    if (bytes.array() != row) {
      bytes = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
    }
    int at = 0;
    for (int i = 0; at < length; i++) {
      at = add(column(bytes.getInt(at), i), at + 4);
    }
    return first + count++;
  }

  /// @param likely index in the columns, where rows have the same properties in the same order
  private Column column(int property, int likely) {
    if (likely < columns.size() && columns.get(likely).property == property) {
      return used(columns.get(likely));
    }
    for (Column column : columns) {
      if (column.property == property) {
        return used(column);
      }
    }
    columns.add(new Column(property));
    return used(columns.getLast());
  }

  private Column used(Column column) {
    if (!column.isInUse) {
      column.isNew = true;
      for (Column other : columns) {
        column.isNew &= !other.isInUse || other.property >>> 8 != column.property >>> 8;
      }
      column.isInUse = true;
      column.cells.begin(tag(column), text);
    }
    return column;
  }

  private static Tag tag(Column column) {
    return Tag.of(column.property & 0xFF);
  }

  /// Adds the value that stands at a place of the row; returns where it ends.
  private int add(Column column, int at) {
    fill(column);
    if (column.cells.isNumbers()) {
      column.cells.addWord(bytes.getLong(at));
      return at + 8;
    }
    int from = at + 4;
    int length = bytes.getInt(at);
    if (column.cells.tag() == Tag.STRING) {
      System.arraycopy(bytes.array(), from, text, textEnd, length);
      column.cells.addText(textEnd, textEnd + length);
      textEnd += length;
    } else {
      byte[] value = Arrays.copyOfRange(bytes.array(), from, from + length);
      column.cells.addObject(ValueCodec.decode(value));
    }
    return from + length;
  }

  /// The rows before that are left have no value in a column.
  private void fill(Column column) {
    while (column.cells.count() < count) {
      column.cells.addNothing();
    }
  }

  @Override
  public void flush() {
    if (count == 0) {
      return;
    }
    long created = transaction.createRows(type, sources, targets, count);
    assert created == first : created + ", not " + first;
    columns.forEach(column -> put(column, true));
    columns.forEach(column -> put(column, false));
    if (columns.size() > KNOWN_COLUMNS) {
      columns.clear();
    }
    count = 0;
    textEnd = 0;
    transaction.step();
  }

  private void put(Column column, boolean isNew) {
    if (column.isInUse && column.isNew == isNew) {
      fill(column);
      transaction.putRows(type, first, column.property >>> 8, column.cells, isNew);
      column.isInUse = false;
    }
  }
}
