package dev.quarry.graph.record;

import dev.quarry.storage.arena.Dictionary;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.arena.Strings;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.slab.Lists;
import org.jspecify.annotations.Nullable;

/// Reads the records of one arena. Used by one thread at a time.
public final class ArenaReader {
  // Of so few records each is asked whether it lacks a property, and not the page.
  private static final int FEW = 8;

  private final PageReader reader;
  private final Arena arena;
  private final Slots slots;
  private final Scratch scratch;
  private final @Nullable Cells[] cells; // made when asked for: many transactions touch few columns
  private @Nullable Strings strings;
  private final int[] keys;
  private @Nullable Lists outgoing; // made when asked for, as the cells
  private @Nullable Lists incoming;
  private final @Nullable Column ends;

  /// Where the values of a property lie.
  static final class Cells {
    final ColumnLayout layout;
    final Column values;
    final Column nulls;
    final @Nullable Dictionary dictionary;
    private @Nullable Column
        overflow; // made when asked for: most values are of their column's kind

    Cells(ColumnLayout layout, PageReader reader) {
      this.layout = layout;
      this.values = new Column(reader, layout.values(), layout.tag().cellBytes());
      this.nulls = new Column(reader, layout.nulls(), 0);
      this.dictionary =
          layout.dictionary().exist() ? new Dictionary(reader, layout.dictionary()) : null;
    }

    /// The cell of a slot's value, which may be an entry of a dictionary.
    long cell(long slot) {
      Dictionary shared = dictionary;
      int code = shared == null ? 0 : shared.code(slot);
      return shared == null || code == 0 ? values.address(slot) : shared.entry(slot, code);
    }

    /// The cells of values that are of another kind than the column's.
    Column overflow(PageReader reader) {
      Column known = overflow;
      if (known == null) {
        known = new Column(reader, layout.overflow(), 16);
        overflow = known;
      }
      return known;
    }

    /// Whether some slot of a page of values has no value, in use or not.
    boolean hasNull(long firstSlot) {
      long bits = 0;
      for (long slot = firstSlot; slot < firstSlot + values.slotsPerPage(); slot += 64) {
        bits |= nulls.bits(slot);
      }
      return bits != 0;
    }
  }

  /// @param scratch for strings that do not lie in one piece
  public ArenaReader(PageReader reader, Arena arena, Scratch scratch) {
    this.reader = reader;
    this.arena = arena;
    this.slots = new Slots(reader, arena.slots());
    this.scratch = scratch;
    this.cells = new Cells[arena.columns().size()];
    this.keys = new int[cells.length];
    for (int i = 0; i < cells.length; i++) {
      keys[i] = arena.columns().get(i).key();
    }
    this.ends = arena.ends() < 0 ? null : new Column(reader, arena.ends(), 16);
  }

  public Arena arena() {
    return arena;
  }

  /// Tokens of the keys of its columns; do not change it.
  public int[] keys() {
    return keys;
  }

  public Slots slots() {
    return slots;
  }

  /// The lists of a node arena in a direction.
  public Lists lists(boolean out) {
    Lists known = out ? outgoing : incoming;
    return known != null ? known : makeLists(out);
  }

  private Lists makeLists(boolean out) {
    if ((out ? arena.outgoing() : arena.incoming()) == null) {
      throw new IllegalStateException("arena " + arena.id() + " has no lists");
    }
    Lists made = new Lists(reader, arena.lists(out));
    if (out) {
      outgoing = made;
    } else {
      incoming = made;
    }
    return made;
  }

  public Strings strings() {
    Strings known = strings;
    if (known == null) {
      known = new Strings(reader, arena.strings());
      strings = known;
    }
    return known;
  }

  /// The node that a relationship leaves.
  public long source(long slot) {
    return Memory.getLong(endsCell(slot)) & Ends.NODE;
  }

  /// The node that a relationship enters.
  public long target(long slot) {
    return Memory.getLong(endsCell(slot) + 8) & Ends.NODE;
  }

  /// The ordinal that a relationship had before it got its first property; -1 if it was created
  /// with properties.
  public long origin(long slot) {
    long cell = endsCell(slot);
    return Ends.origin(Memory.getLong(cell), Memory.getLong(cell + 8));
  }

  private long endsCell(long slot) {
    Column column = ends;
    if (column == null) {
      throw new IllegalStateException("arena " + arena.id() + " has no ends");
    }
    return column.address(slot);
  }

  /// A property as a border value; null if the record lacks it.
  public @Nullable Object property(long slot, int key) {
    Cells column = column(key);
    if (column == null) {
      return null;
    }
    if (!column.nulls.bit(slot)) {
      return value(column.layout.tag(), column.cell(slot));
    }
    long overflow = column.overflow(reader).address(slot);
    return Strings.length(overflow) == 0 ? null : ValueCodec.decode(bytes(overflow));
  }

  /// What the cells of a property hold, for salvage where its null bit cannot be read: of a record
  /// that lacks it they are zero, and so may be a value of zero.
  ///
  /// @return null if both cells are zero
  public @Nullable Object salvage(long slot, int key) {
    Cells column = column(key);
    if (column == null) {
      return null;
    }
    long overflow = column.overflow(reader).address(slot);
    if (Strings.length(overflow) != 0) {
      return ValueCodec.decode(bytes(overflow));
    }
    Tag tag = column.layout.tag();
    long cell = column.cell(slot);
    boolean zero = true;
    for (int i = 0; i < tag.cellBytes(); i++) {
      zero &= Memory.getByte(cell + i) == 0;
    }
    return zero ? null : value(tag, cell);
  }

  /// Whether a record has a value in the cell of a column, by its null bit.
  ///
  /// @throws dev.quarry.error.CorruptPageException if that cannot be read
  public boolean hasCell(long slot, int key) {
    Cells column = column(key);
    return column != null && !column.nulls.bit(slot);
  }

  /// Gives a property to a sink, without an object for it.
  public void read(long slot, int key, PropertySink sink) {
    Cells column = column(key);
    if (column == null) {
      sink.absent();
    } else if (column.nulls.bit(slot)) {
      long overflow = column.overflow(reader).address(slot);
      if (Strings.length(overflow) == 0) {
        sink.absent();
      } else {
        give(overflow, false, sink);
      }
    } else {
      long cell = column.cell(slot);
      switch (column.layout.tag()) {
        case BOOLEAN -> sink.bool(Memory.getByte(cell) != 0);
        case INTEGER -> sink.integer(Memory.getLong(cell));
        case FLOAT -> sink.floating(Memory.getDouble(cell));
        case STRING -> give(cell, true, sink);
        default -> give(cell, false, sink);
      }
    }
  }

  /// Copies an integer property of records in slots in a row, all of one page of its column.
  ///
  /// @param first the first slot of the page
  /// @param into becomes their values; of a slot that is not in use whatever is there
  /// @return false if nothing was copied: the column is of another kind, or some record of the page
  ///   has no integer
  public boolean integers(int key, long first, int count, long[] into) {
    Cells column = column(key);
    if (column == null || column.layout.tag() != Tag.INTEGER || column.hasNull(first)) {
      return false;
    }
    assert (first & column.values.slotsPerPage() - 1) == 0 : first;
    assert count <= column.values.slotsPerPage() : count;
    Memory.getLongs(column.values.address(first), into, 0, count);
    return true;
  }

  /// The tag of the column of a property, which most values have; null if no record has a value.
  public @Nullable Tag tag(int key) {
    Cells column = column(key);
    return column == null ? null : column.layout.tag();
  }

  /// Reads a property of many records, whose column is of booleans, integers or floats, and puts
  /// its values where the slots of the records lie. Records that lie side by side are read fastest.
  ///
  /// ```text
  /// words   ┌────────┬────────┐      ┌─────────┬─────────┐    a boolean as 0 or 1, a float as
  ///         │ slot 0 │ slot 1 │  =>  │ value 0 │ 0       │    its bits, 0 where there is none
  ///         └────────┴────────┘      └─────────┴─────────┘
  /// nulls       0   0           =>         0   1
  /// ```
  ///
  /// @param words address of 8 bytes a record
  /// @param nulls address of a byte a record, zero; it becomes 1 where a record lacks the property
  /// @return how many records lack it; -1 if one has a value of another kind, and `words` is lost
  public int readAll(int key, long words, long nulls, int count) {
    Cells column = column(key);
    assert column != null : key;
    int lacking = 0;
    long page = -column.values.slotsPerPage();
    for (int from = 0; from < count; ) {
      int rows = Memory.alike(words + from * 8L, count - from, page);
      int lackingOfPage = readPage(column, words + from * 8L, nulls + from, rows);
      if (lackingOfPage < 0) {
        return -1;
      }
      lacking += lackingOfPage;
      from += rows;
    }
    return lacking;
  }

  private int readPage(Cells column, long words, long nulls, int count) {
    Tag tag = column.layout.tag();
    assert tag == Tag.BOOLEAN || tag == Tag.INTEGER || tag == Tag.FLOAT : tag;
    long inPage = column.values.slotsPerPage() - 1;
    long firstSlot = Memory.getLong(words) & ~inPage;
    boolean marks = count <= FEW || column.hasNull(firstSlot);
    int lacking = marks ? markNulls(column, words, nulls, count) : 0;
    if (lacking < 0) {
      return -1;
    }
    long cells = column.values.address(firstSlot);
    if (tag == Tag.BOOLEAN) {
      gatherBooleans(words, count, cells, inPage);
    } else {
      Memory.gather(words, count, cells, inPage);
    }
    for (int i = 0; lacking > 0 && i < count; i++) {
      if (Memory.getByte(nulls + i) != 0) {
        Memory.putLong(words + i * 8L, 0);
      }
    }
    return lacking;
  }

  /// Marks the records that lack the property; -1 if one has a value of another kind.
  private int markNulls(Cells column, long words, long nulls, int count) {
    long bits = 0;
    long bitsFrom = -1;
    int lacking = 0;
    for (int i = 0; i < count; i++) {
      long slot = Memory.getLong(words + i * 8L);
      if ((slot & ~63) != bitsFrom) {
        bitsFrom = slot & ~63;
        bits = column.nulls.bits(bitsFrom);
      }
      if ((bits >>> slot & 1) != 0) {
        if (Strings.length(column.overflow(reader).address(slot)) != 0) {
          return -1;
        }
        Memory.putByte(nulls + i, (byte) 1);
        lacking++;
      }
    }
    return lacking;
  }

  private static void gatherBooleans(long words, int count, long cells, long mask) {
    for (int i = 0; i < count; i++) {
      long cell = Memory.getLong(words + i * 8L) & mask;
      Memory.putLong(words + i * 8L, Memory.getByte(cells + cell) & 1);
    }
  }

  private void give(long cell, boolean text, PropertySink sink) {
    long mark = scratch.mark();
    long bytes = strings().bytes(cell, scratch);
    if (text) {
      sink.text(bytes, Strings.length(cell));
    } else {
      sink.encoded(bytes, Strings.length(cell));
    }
    scratch.release(mark);
  }

  /// Whether a condition holds for the string in a cell.
  boolean holds(long cell, StringCondition condition) {
    if (!condition.mayHold(Memory.getLong(cell))) {
      return false;
    }
    long mark = scratch.mark();
    boolean holds = condition.holds(strings().bytes(cell, scratch), Strings.length(cell));
    scratch.release(mark);
    return holds;
  }

  /// Whether an integer can be had of a property by [#getLong].
  public boolean isInteger(long slot, int key) {
    Cells column = column(key);
    return column != null && column.layout.tag() == Tag.INTEGER && !column.nulls.bit(slot);
  }

  /// An integer property, without an object. Ask [#isInteger] before.
  public long getLong(long slot, int key) {
    Cells column = column(key);
    assert column != null : key;
    return column.values.getLong(slot);
  }

  /// Whether a float can be had of a property by [#getDouble].
  public boolean isFloat(long slot, int key) {
    Cells column = column(key);
    return column != null && column.layout.tag() == Tag.FLOAT && !column.nulls.bit(slot);
  }

  /// A float property, without an object. Ask [#isFloat] before.
  public double getDouble(long slot, int key) {
    Cells column = column(key);
    assert column != null : key;
    return Memory.getDouble(column.values.address(slot));
  }

  /// Whether a record lacks a property.
  public boolean isNull(long slot, int key) {
    Cells column = column(key);
    return column == null
        || column.nulls.bit(slot) && Strings.length(column.overflow(reader).address(slot)) == 0;
  }

  private Object value(Tag tag, long cell) {
    return switch (tag) {
      case BOOLEAN -> Memory.getByte(cell) != 0;
      case INTEGER -> Memory.getLong(cell);
      case FLOAT -> Memory.getDouble(cell);
      case STRING -> text(cell);
      default -> ValueCodec.decode(bytes(cell));
    };
  }

  private String text(long cell) {
    long mark = scratch.mark();
    String text = Memory.utf8(strings().bytes(cell, scratch), Strings.length(cell));
    scratch.release(mark);
    return text;
  }

  private byte[] bytes(long cell) {
    long mark = scratch.mark();
    long address = strings().bytes(cell, scratch); // first, since a length may be forged
    byte[] bytes = new byte[Strings.length(cell)];
    Memory.getBytes(address, bytes, 0, bytes.length);
    scratch.release(mark);
    return bytes;
  }

  /// The cells of values that are of another kind than their column's.
  Column overflow(Cells column) {
    return column.overflow(reader);
  }

  @Nullable Cells column(int key) {
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] == key) {
        Cells known = cells[i];
        return known != null ? known : make(i);
      }
    }
    return null;
  }

  private Cells make(int i) {
    Cells column = new Cells(arena.columns().get(i), reader);
    cells[i] = column;
    return column;
  }
}
