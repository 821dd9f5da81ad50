package dev.quarry.storage.memory;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;

/// The lists of 64 neighbouring slots one behind the other, as in a CSR array: what a kernel goes
/// over in one loop. Made once, set for stretch after stretch.
///
/// ```text
/// ends      ┌────┬────┬────┬────┬───
///           │ 12 │ 12 │ 15 │ 19 │ …           begin 10: the list of slot 2 has the numbers 12 to 14
///           └────┴────┴────┴────┴───
/// numbers   ┌───────┬───────────┬───────────────┬───
///           │ 10 11 │ 12 13 14  │ 15 16 17 18   │ …        4 bytes each
///           └───────┴───────────┴───────────────┴───
/// ```
///
/// The numbers are those of a page, or a copy where they lie in several or have companions. Ends
/// that come from a page may be forged: one before the end that precedes it, or behind the last, is
/// a typed error, never an access. Used by one thread at a time.
public final class Stretch {
  /// How many slots.
  public static final int SLOTS = 64;

  /// The most numbers: a loop over them ends within some milliseconds.
  public static final int MOST = 1 << 20;

  /// How many numbers [#addFew] copies, those that do not count included.
  public static final int FEW = 3;

  private final long copiedEnds;
  private final long copy;
  private final int room;
  private int copied;

  long ends;
  int begin;
  int total;
  long numbers;

  /// @param memory address of [#bytes], where numbers are copied if they must be
  /// @param room for how many
  public Stretch(long memory, int room) {
    this.copiedEnds = memory;
    this.copy = memory + SLOTS * 4;
    this.room = room;
  }

  /// Bytes of memory for a room.
  public static long bytes(int room) {
    return (SLOTS + room + FEW) * 4L;
  }

  /// How many more numbers may be copied.
  public int room() {
    return room - copied;
  }

  /// Begins a copy.
  public void clear() {
    copied = 0;
  }

  /// Copies some numbers behind those that were copied.
  ///
  /// @param width bytes of an entry: 4, or 8 with the number in its second half
  public void add(long entries, int count, int width) {
    assert count <= room() : count + " of " + room();
    long to = copy + copied * 4L;
    if (width == 4) {
      Memory.copy(entries, to, count * 4L);
    } else {
      ListLoops.copyNumbers(entries, count, to);
    }
    copied += count;
  }

  /// The same for a few numbers: copies [#FEW], of which some count.
  public void addFew(long few, int count) {
    assert count <= room() && count <= FEW : count + " of " + room();
    long to = copy + copied * 4L;
    Memory.putLong(to, Memory.getLong(few));
    Memory.putInt(to + 8, Memory.getInt(few + 8));
    copied += count;
  }

  /// Ends the list of a slot that was copied.
  public void endList(int index) {
    Memory.putInt(copiedEnds + index * 4L, copied);
  }

  /// Sets the stretch to what was copied, all lists of which were ended.
  public void setCopied() {
    set(copiedEnds, 0, copied, copy);
  }

  /// Sets the stretch to what was copied, with ends from a page.
  public void setCopied(long newEnds, long newBegin) {
    set(newEnds, newBegin, copied, copy);
  }

  /// Sets the stretch.
  ///
  /// @param newEnds address of the ends, unsigned numbers of 4 bytes
  /// @param newBegin where the first list begins
  /// @param newTotal how many numbers there are, at most [#MOST]
  /// @param newNumbers address of the first number
  public void set(long newEnds, long newBegin, int newTotal, long newNumbers) {
    assert newTotal >= 0 && newTotal <= MOST : newTotal;
    ends = newEnds;
    begin = (int) newBegin;
    total = newTotal;
    numbers = newNumbers;
  }

  /// How many numbers all lists have.
  public int total() {
    return total;
  }

  /// How many numbers the list of a slot has.
  public int length(int index) {
    int first = first(index);
    return last(index, first) - first;
  }

  /// The address of the first number of a list.
  public long address(int index) {
    return numbers + first(index) * 4L;
  }

  /// The first number of a list; it may be forged, as [#last] finds.
  int first(int index) {
    return index == 0 ? 0 : Memory.getInt(ends + index * 4L - 4) - begin;
  }

  /// The number behind the last one of a list that begins with one.
  int last(int index, int first) {
    int last = Memory.getInt(ends + index * 4L) - begin;
    if (first < 0 || last < first || last > total) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a list in a run begins at entry %d and ends at %d, of %d".formatted(first, last, total),
          "run `quarry check`");
    }
    return last;
  }
}
