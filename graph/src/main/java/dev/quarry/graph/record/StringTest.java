package dev.quarry.graph.record;

import dev.quarry.storage.arena.Dictionary;
import dev.quarry.storage.memory.Selection;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Tests a condition for the strings of one property, block by block.
///
/// ```text
/// codes      2   0   1   2        of each entry of a group's dictionary, the condition is asked
///            │   │   │   │        once; of what lies in cells, for each record
/// truths    -1   1   0  -1
///            │   └─► its cell
/// marks     -1  ...  0  -1
/// ```
///
/// Takes 64 KiB of the heap where there are dictionaries. Used by one thread at a time, while no
/// arena changes.
public final class StringTest {
  private static final byte NO = 0;
  private static final byte YES = -1;

  private final StringCondition condition;
  private byte[] truths = {}; // of the codes of a group
  private final long[] pages = new long[Selection.MOST / Dictionary.CODES];
  private final IntPredicate byCell = this::holdsInCell;
  private @Nullable ArenaReader arena; // whose group has these truths
  private ArenaReader.@Nullable Cells column;
  private long group = -1;
  private long first;

  public StringTest(StringCondition condition) {
    this.condition = condition;
  }

  /// Keeps chosen records for whose string the condition holds. All of them have one.
  ///
  /// @param newFirst the slot of the first record
  void keep(Selection selection, ArenaReader newArena, ArenaReader.Cells newColumn, long newFirst) {
    boolean isSame = arena == newArena && column == newColumn;
    arena = newArena;
    column = newColumn;
    first = newFirst;
    Dictionary dictionary = newColumn.dictionary;
    if (dictionary == null) {
      selection.keepIf(byCell);
      return;
    }
    if (!isSame || group != first / Dictionary.GROUP) {
      group = first / Dictionary.GROUP;
      askAll(newArena, dictionary);
    }
    dictionary.pages(first, selection.size(), pages);
    selection.keepByCodes(pages, Dictionary.CODES, truths, byCell);
  }

  /// Of code 0, and of codes that no slot may have, the cell decides.
  private void askAll(ArenaReader of, Dictionary dictionary) {
    truths = truths.length == 0 ? new byte[Dictionary.GROUP] : truths;
    Arrays.fill(truths, Selection.ASK);
    for (int code = 0; code < Dictionary.GROUP; code++) {
      long entry = dictionary.present(group * Dictionary.GROUP, code);
      if (entry == 0) {
        code |= Dictionary.ENTRIES - 1; // the page is absent
      } else if (Dictionary.isEntry(entry)) {
        truths[code] = of.holds(entry, condition) ? YES : NO;
      }
    }
  }

  private boolean holdsInCell(int record) {
    ArenaReader.Cells cells = Objects.requireNonNull(column);
    return Objects.requireNonNull(arena).holds(cells.cell(first + record), condition);
  }
}
