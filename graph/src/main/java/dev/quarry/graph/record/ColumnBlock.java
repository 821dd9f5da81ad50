package dev.quarry.graph.record;

import dev.quarry.graph.value.Tag;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Strings;
import dev.quarry.storage.memory.Selection;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One property of a block of records, whose slots lie side by side: where its cells are, and which
/// records lack it.
///
/// ```text
/// wanted    1 1 0 1      records that somebody asks for
/// nulls     0 1 1 0      their bits in the column: the cell holds no value
///           ───────
/// lacking   0 1 0 0      if the overflow of the second record is empty; else the block is mixed
/// ```
///
/// Good until the arena changes. Used by one thread at a time; nothing is allocated.
public final class ColumnBlock {
  /// Cells of a page, which have 8 bytes.
  public static final int CELLS = Column.PAGE_BYTES / 8;

  private final long[] lacking = new long[Selection.words(Selection.MOST)];
  private final long[] pages = new long[Selection.MOST / CELLS];
  private @Nullable Tag tag;
  private @Nullable ArenaReader arena;
  private ArenaReader.@Nullable Cells cells;
  private long first;
  private boolean mixed;
  private boolean someLacking;

  /// Looks at the block.
  ///
  /// @param first slot, a multiple of [Selection#MOST]
  /// @param size records of the block
  /// @param wanted a bit for each record that matters
  public void load(ArenaReader newArena, int key, long newFirst, int size, long[] wanted) {
    ArenaReader.Cells column = newArena.column(key);
    arena = newArena;
    cells = column;
    first = newFirst;
    tag = column == null ? null : column.layout.tag();
    if (column == null) {
      System.arraycopy(wanted, 0, lacking, 0, lacking.length);
    } else {
      column.nulls.bits(first, lacking, Selection.words(size));
      Arrays.fill(lacking, Selection.words(size), lacking.length, 0);
    }
    someLacking = false;
    for (int i = 0; i < lacking.length; i++) {
      lacking[i] &= wanted[i];
      someLacking |= lacking[i] != 0;
    }
    mixed = column != null && someLacking && hasOverflow(newArena.overflow(column));
    if (column != null && isNumber()) {
      column.values.pages(first, size, pages);
    }
  }

  /// Whether a record whose cell holds no value has one of another kind.
  private boolean hasOverflow(Column overflow) {
    for (int i = 0; i < lacking.length; i++) {
      long slot = first + 64L * i;
      long nulls = lacking[i];
      if (nulls == 0 || overflow.isAbsent(slot)) {
        continue;
      }
      for (; nulls != 0; nulls &= nulls - 1) {
        long cell = overflow.address(slot + Long.numberOfTrailingZeros(nulls));
        if (Strings.length(cell) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /// Whether some wanted record has a value of another kind than the column, so that neither cells
  /// nor [#lacking()] tell everything.
  public boolean isMixed() {
    return mixed;
  }

  /// The kind of the cells; null if no record of the arena has a value.
  public @Nullable Tag tag() {
    return tag;
  }

  /// Whether cells are integers or floats, which lie in [#pages()].
  public boolean isNumber() {
    return tag == Tag.INTEGER || tag == Tag.FLOAT;
  }

  /// Whether cells are floats.
  public boolean isFloat() {
    return tag == Tag.FLOAT;
  }

  /// Whether cells are strings.
  public boolean isString() {
    return tag == Tag.STRING;
  }

  /// Keeps chosen records for whose string a condition holds. All of them have one.
  public void keep(Selection selection, StringTest test) {
    assert isString() : tag;
    test.keep(selection, Objects.requireNonNull(arena), Objects.requireNonNull(cells), first);
  }

  /// A bit for each wanted record that lacks the property; do not change it.
  public long[] lacking() {
    return lacking;
  }

  public boolean someLacking() {
    return someLacking;
  }

  /// Addresses of the pages of the cells, [#CELLS] to a page; do not change it.
  public long[] pages() {
    return pages;
  }
}
