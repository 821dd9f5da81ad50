package dev.quarry.graph.record;

import dev.quarry.storage.arena.Dictionary;
import dev.quarry.storage.arena.DictionarySpaces;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.ColumnWriter;
import dev.quarry.storage.arena.SlotsWriter;
import dev.quarry.storage.arena.Strings;
import dev.quarry.storage.arena.StringsWriter;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListWriter;
import org.jspecify.annotations.Nullable;

/// Writes the records of one arena.
///
/// A cell holds a value of its column's kind, or the column's null bit is set; then the overflow
/// cell may hold an encoded value of another kind. Used by the writer's thread.
public final class ArenaWriter {
  private final PageTransaction transaction;
  private final SlotsWriter slots;
  private final StringsWriter strings;
  private final Scratch scratch;
  private final @Nullable ListWriter outgoing;
  private final @Nullable ListWriter incoming;
  private final int ends;
  private Arena arena;

  /// @param scratch for the bytes of values
  public ArenaWriter(PageTransaction transaction, Arena arena, Scratch scratch) {
    this.transaction = transaction;
    this.arena = arena;
    this.scratch = scratch;
    this.slots = new SlotsWriter(transaction, arena.slots());
    this.strings = new StringsWriter(transaction, arena.strings());
    this.outgoing =
        arena.outgoing() == null ? null : new ListWriter(transaction, arena.lists(true)).reuse();
    this.incoming =
        arena.incoming() == null ? null : new ListWriter(transaction, arena.lists(false)).reuse();
    this.ends = arena.ends();
  }

  /// The arena has got a column.
  public void arena(Arena grown) {
    arena = grown;
  }

  public SlotsWriter slots() {
    return slots;
  }

  /// The lists of a node arena in a direction.
  public ListWriter lists(boolean out) {
    ListWriter lists = out ? outgoing : incoming;
    if (lists == null) {
      throw new IllegalStateException("arena " + arena.id() + " has no lists");
    }
    return lists;
  }

  public void putEnds(long slot, long source, long target) {
    putEnds(slot, source, target, -1);
  }

  /// @param origin see [Ends]; -1 for a relationship that was created with properties
  public void putEnds(long slot, long source, long target, long origin) {
    assert origin <= Ends.MOST_ORIGIN : origin;
    long cell = new ColumnWriter(transaction, ends, 16).writable(slot);
    Memory.putLong(cell, Ends.low(source, origin));
    Memory.putLong(cell + 8, Ends.high(target, origin));
  }

  /// Prepares the cells of a slot that was just taken: no property has a value.
  public void clear(long slot) {
    for (ColumnLayout column : arena.columns()) {
      putNull(column, slot, true);
    }
  }

  /// The same for slots in a row.
  public void clear(long first, int count) {
    for (ColumnLayout column : arena.columns()) {
      new ColumnWriter(transaction, column.nulls(), 0).putBits(first, first + count, true);
    }
  }

  /// Sets a property of slots in a row that were just taken and prepared, and do not have it yet.
  public void putNew(ColumnLayout column, long first, Cells cells) {
    if (cells.tag() != column.tag()) {
      putEach(column, first, cells);
    } else if (cells.isNumbers()) {
      putNumbers(column, first, cells);
    } else if (cells.tag() == Tag.STRING) {
      putTexts(column, first, cells);
    } else {
      putEach(column, first, cells);
    }
  }

  private void putEach(ColumnLayout column, long first, Cells cells) {
    for (int i = 0; i < cells.count(); i++) {
      if (cells.isPresent(i)) {
        putNew(column, first + i, cells.value(i));
      }
    }
  }

  private void putNumbers(ColumnLayout column, long first, Cells cells) {
    int count = cells.count();
    ColumnWriter nulls = new ColumnWriter(transaction, column.nulls(), 0);
    nulls.putBits(first, first + count, false);
    for (int i = 0; cells.present() < count && i < count; i++) {
      if (!cells.isPresent(i)) {
        nulls.putBit(first + i, true);
      }
    }
    new ColumnWriter(transaction, column.values(), 8).putLongs(first, cells.words(), count);
  }

  private void putTexts(ColumnLayout column, long first, Cells cells) {
    ColumnWriter nulls = new ColumnWriter(transaction, column.nulls(), 0);
    ColumnWriter values = new ColumnWriter(transaction, column.values(), 16);
    for (int i = 0; i < cells.count(); i++) {
      if (cells.isPresent(i)) {
        long mark = scratch.mark();
        int length = cells.to(i) - cells.from(i);
        long copy = scratch.allocate(length);
        Memory.putBytes(cells.text(), cells.from(i), copy, length);
        nulls.putBit(first + i, false);
        strings.write(values.writable(first + i), copy, length);
        scratch.release(mark);
      }
    }
  }

  /// Prepares a new column: no record has a value.
  public void clear(ColumnLayout column) {
    new ColumnWriter(transaction, column.nulls(), 0).putBits(0, slots.slots().highWater(), true);
  }

  /// Frees what the properties of a slot own.
  public void release(long slot) {
    for (ColumnLayout column : arena.columns()) {
      remove(column, slot);
    }
  }

  /// Sets a property.
  ///
  /// @param value in its canonical form; null removes it
  public void put(ColumnLayout column, long slot, @Nullable Object value) {
    remove(column, slot);
    if (value != null) {
      putNew(column, slot, value);
    }
  }

  private void putNew(ColumnLayout column, long slot, Object value) {
    long mark = scratch.mark();
    if (ValueCodec.tagOf(value) == column.tag()) {
      putNull(column, slot, false);
      long cell =
          new ColumnWriter(transaction, column.values(), column.tag().cellBytes()).writable(slot);
      putCell(cell, value);
    } else {
      byte[] bytes = ValueCodec.encode(value);
      putBytes(new ColumnWriter(transaction, column.overflow(), 16).writable(slot), bytes);
    }
    scratch.release(mark);
  }

  private void putCell(long cell, Object value) {
    switch (value) {
      case Boolean truth -> Memory.putByte(cell, (byte) (truth ? 1 : 0));
      case Long number -> Memory.putLong(cell, number);
      case Double number -> Memory.putDouble(cell, number);
      case String text -> putBytes(cell, ValueCodec.utf8(text));
      default -> putBytes(cell, ValueCodec.encode(value));
    }
  }

  private void putBytes(long cell, byte[] bytes) {
    long copy = scratch.allocate(bytes.length);
    Memory.putBytes(bytes, 0, copy, bytes.length);
    strings.write(cell, copy, bytes.length);
  }

  private void remove(ColumnLayout column, long slot) {
    Column nulls = new Column(transaction, column.nulls(), 0);
    if (nulls.bit(slot)) {
      long overflow = new Column(transaction, column.overflow(), 16).address(slot);
      if (Strings.length(overflow) != 0) {
        strings.free(overflow);
        long cell = new ColumnWriter(transaction, column.overflow(), 16).writable(slot);
        Memory.fill(cell, 16, (byte) 0);
      }
      return;
    }
    putNull(column, slot, true);
    if (isFrozen(column, slot)) {
      new ColumnWriter(transaction, column.dictionary().codes(), 2).putShort(slot, (short) 0);
      return;
    }
    Tag tag = column.tag();
    if (tag.isBytes()) {
      strings.free(new Column(transaction, column.values(), 16).address(slot));
    }
    long cell = new ColumnWriter(transaction, column.values(), tag.cellBytes()).writable(slot);
    Memory.fill(cell, tag.cellBytes(), (byte) 0);
  }

  /// Whether the string of a slot is an entry of a dictionary, so that its cell holds zeros.
  private boolean isFrozen(ColumnLayout column, long slot) {
    DictionarySpaces dictionary = column.dictionary();
    return dictionary.exist() && new Dictionary(transaction, dictionary).code(slot) != 0;
  }

  private void putNull(ColumnLayout column, long slot, boolean value) {
    new ColumnWriter(transaction, column.nulls(), 0).putBit(slot, value);
  }

  /// Completes what the next transaction needs. Call it before the commit.
  public void finish() {
    slots.finish();
    strings.finish();
    if (outgoing != null) {
      outgoing.finish();
    }
    if (incoming != null) {
      incoming.finish();
    }
  }
}
