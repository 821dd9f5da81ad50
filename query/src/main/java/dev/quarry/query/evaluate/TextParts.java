package dev.quarry.query.evaluate;

import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// `replace` and `split`, on the bytes of UTF-8 as they lie: what they make may be much larger than
/// what they are given, so it is made in the memory of the query. A text is found in another where
/// its bytes are, as no character begins within another one.
final class TextParts {
  private final Pace pace;
  private final long text;
  private final int size;

  private TextParts(Evaluator of, Pace pace) {
    this.pace = pace;
    this.text = of.body;
    this.size = Cell.size(of.head);
  }

  /// Writes a text with all places of a second one replaced by a third; an empty second one is
  /// found before each character and at the end.
  static void replace(Evaluator[] arguments, EvaluationContext context, Evaluator target) {
    TextParts parts = new TextParts(arguments[0], context.pace());
    long[] search = {arguments[1].head, arguments[1].body};
    long with = arguments[2].body;
    int withSize = Cell.size(arguments[2].head);
    int searchSize = Cell.size(search[0]);
    long found = parts.count(search);
    long bytes = parts.size + found * (withSize - searchSize);
    long head = Cell.head(Cell.STRING, bytes);
    long result = context.values().allocate(bytes);
    long to = result;
    int from = 0;
    for (int at = parts.find(0, search);
        at >= 0;
        at = parts.find(parts.behind(at, search), search)) {
      context.pace().bytes((long) withSize + at - from);
      Memory.copy(parts.text + from, to, at - from);
      Memory.copy(with, to + at - from, withSize);
      to += (long) at - from + withSize;
      from = at + searchSize;
    }
    Memory.copy(parts.text + from, to, parts.size - from);
    target.set(head, result);
  }

  /// Cuts a text at separators, the longest first where several are found; an empty one cuts
  /// between any two characters.
  ///
  /// @param separators head and body of each
  static void split(Evaluator of, long[] separators, EvaluationContext context, Evaluator target) {
    TextParts parts = new TextParts(of, context.pace());
    long count = parts.cut(separators, 0, null) + 1;
    long cells = context.values().allocate(count * Cell.BYTES);
    parts.cut(separators, cells, context.values());
    target.set(Cell.flatListHead(count), cells);
  }

  /// Finds the cuts, and writes the parts between them if a scratch is given.
  ///
  /// @return how many cuts there are
  private long cut(long[] separators, long cells, @Nullable Scratch scratch) {
    long cuts = 0;
    int from = 0;
    int at = 0;
    while (at < size) {
      pace.steps(1 + separators.length / 2);
      int length = separatorAt(at, separators);
      if (length > 0 || length == 0 && at > from) {
        put(from, at, cells + cuts * Cell.BYTES, scratch);
        cuts++;
        from = at + length;
      }
      at = length > 0 ? from : next(at);
    }
    put(from, size, cells + cuts * Cell.BYTES, scratch);
    return cuts;
  }

  private void put(int from, int end, long cell, @Nullable Scratch scratch) {
    if (scratch != null) {
      long copy = scratch.allocate(end - from);
      Memory.copy(text + from, copy, end - from);
      Cell.put(cell, Cell.head(Cell.STRING, end - from), copy);
    }
  }

  /// The length of the longest separator at a place, -1 if there is none.
  private int separatorAt(int at, long[] separators) {
    int longest = -1;
    for (int i = 0; i < separators.length; i += 2) {
      int length = Cell.size(separators[i]);
      if (length > longest && isAt(at, separators[i + 1], length)) {
        longest = length;
      }
    }
    return longest;
  }

  private boolean isAt(int at, long other, int length) {
    if (length > size - at || length > 0 && Memory.getByte(text + at) != Memory.getByte(other)) {
      return false;
    }
    pace.bytes(length);
    return Memory.equal(text + at, other, length);
  }

  private long count(long[] search) {
    long count = 0;
    for (int at = find(0, search); at >= 0; at = find(behind(at, search), search)) {
      count++;
    }
    return count;
  }

  /// Where a text is found from a place on; -1 if nowhere.
  private int find(int from, long[] search) {
    int length = Cell.size(search[0]);
    for (int at = from; at >= 0 && at <= size - length; at++) {
      pace.step();
      if (isAt(at, search[1], length)) {
        return at;
      }
    }
    return -1;
  }

  /// Where to go on behind a place where a text was found.
  private int behind(int at, long[] search) {
    int length = Cell.size(search[0]);
    return length > 0 ? at + length : at < size ? next(at) : size + 1;
  }

  /// Where the character begins that follows the one at a place.
  private int next(int at) {
    int next = at + 1;
    while (next < size && (Memory.getByte(text + next) & 0xC0) == 0x80) {
      next++;
    }
    return next;
  }
}
