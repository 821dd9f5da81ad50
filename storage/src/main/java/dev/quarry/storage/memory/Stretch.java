package dev.quarry.storage.memory;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;

/// Where the lists of 64 neighbouring slots lie: what a kernel goes over in one loop. Made once,
/// set for stretch after stretch.
///
/// ```text
/// slot           0       1       2       3
///           ┌───────┬───────┬───────┬───────┬───
/// addresses │   ·   │   ·   │   ·   │       │ …       those of a run lie one behind the other
///           └───┼───┴───┼───┴───┼───┴───────┴───
/// numbers       10 11   12 13   14 15 16  apart       4 bytes each
/// ```
///
/// The numbers are those of pages, or a copy where they have companions or lie in two pages. Some
/// lists may be those of a run, and others lie elsewhere: such as were changed since. A list that
/// is *apart* must be opened by itself. Used by one thread at a time.
public final class Stretch {
  /// How many slots.
  public static final int SLOTS = 64;

  /// The most numbers of a list: a loop over them ends within some milliseconds.
  public static final int MOST = 1 << 20;

  private final long[] addresses = new long[SLOTS];
  private final int[] lengths = new int[SLOTS];
  private final long copy;
  private final int room;
  private int copied;
  private long apart;
  private long few;
  private long empty;
  private int total; // of lists in no run

  // Of a run, what its page says of a list is read when the list is met.
  private long inRun;
  private long ends;
  private int begin;
  private int units;
  private long numbers;

  /// @param memory address of [#bytes], where numbers are copied if they must be
  /// @param room for how many
  public Stretch(long memory, int room) {
    this.copy = memory;
    this.room = room;
  }

  /// Bytes of memory for a room.
  public static long bytes(int room) {
    return room * 4L;
  }

  /// Begins anew: nothing is copied, and no list is apart.
  public void clear() {
    copied = 0;
    apart = 0;
    few = 0;
    total = 0;
    inRun = 0;
    units = 0;
  }

  /// How many more numbers may be copied.
  public int room() {
    return room - copied;
  }

  /// The address behind what was copied.
  public long copyEnd() {
    return copy + copied * 4L;
  }

  /// Copies some numbers behind those that were copied.
  ///
  /// @param width bytes of an entry: 4, or 8 with the number in its second half
  public void copy(long entries, int count, int width) {
    assert count <= room() : count + " of " + room();
    if (width == 4) {
      Memory.copy(entries, copyEnd(), count * 4L);
    } else {
      ListLoops.copyNumbers(entries, count, copyEnd());
    }
    copied += count;
  }

  /// Says where a list lies; one that is too long for a loop is apart.
  public void put(int index, long address, int length) {
    addresses[index] = address;
    lengths[index] = length;
    if (length > MOST) {
      putApart(index);
    } else {
      total += length;
    }
  }

  /// Says where a list may lie that has 0 to 3 numbers; [#putFew] says which these are.
  public void place(int index, long address, int length) {
    addresses[index] = address;
    lengths[index] = length;
  }

  /// Says which lists have 0 to 3 numbers, with room for 3 where they lie.
  ///
  /// @param bits one for each
  /// @param count of their numbers
  public void putFew(long bits, int count) {
    few = bits;
    total += count;
  }

  /// Says that a list must be opened by itself.
  public void putApart(int index) {
    apart |= 1L << index;
  }

  /// Says that lists lie one behind the other. Their ends may be forged: one before the end that
  /// precedes it, or behind the last, is a typed error when its list is met.
  ///
  /// @param lists a bit for each of these lists
  /// @param newEnds address of the ends, unsigned numbers of 4 bytes
  /// @param newBegin where the first list begins
  /// @param count how many numbers there are, at least one and at most [#MOST]
  /// @param newNumbers address of the first number
  public void putRun(long lists, long newEnds, long newBegin, int count, long newNumbers) {
    assert count > 0 && count <= MOST : count;
    inRun = lists;
    ends = newEnds;
    begin = (int) newBegin;
    units = count;
    numbers = newNumbers;
  }

  /// Reads both ends of lists, so that their cache misses overlap; the result means nothing.
  public int touch(long wanted) {
    int read = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      if (lengths[index] > 0) {
        long last = addresses[index] + (lengths[index] - 1) * 4L;
        read += Memory.getInt(addresses[index]) + Memory.getInt(last);
      }
    }
    return read;
  }

  /// A bit for each list that must be opened by itself.
  public long apart() {
    return apart;
  }

  /// A bit for each list that [StretchLoops#anySet] found empty.
  public long empty() {
    return empty;
  }

  void putEmpty(long bits) {
    empty = bits;
  }

  /// How many numbers the lists have that are not apart, of a run all of its lists.
  public int total() {
    return total + units;
  }

  /// How many numbers the list of a slot has.
  public int length(int index) {
    return isInRun(index) ? end(index) - first(index) : lengths[index];
  }

  /// The address of the first number of a list.
  public long address(int index) {
    return isInRun(index) ? numbers + first(index) * 4L : addresses[index];
  }

  private boolean isInRun(int index) {
    return (inRun >>> index & 1) != 0;
  }

  /// Of a run, the first number of a list, which may be forged, as [#end] finds.
  private int first(int index) {
    return index == 0 ? 0 : Memory.getInt(ends + index * 4L - 4) - begin;
  }

  private int end(int index) {
    int first = first(index);
    int end = Memory.getInt(ends + index * 4L) - begin;
    if (first < 0 || end < first || end > units) {
      throw damaged(first, end, units);
    }
    return end;
  }

  static CorruptPageException damaged(int first, int end, int total) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a list in a run begins at entry %d and ends at %d, of %d".formatted(first, end, total),
        "run `quarry check`");
  }

  /// A bit for each list that lies in the run.
  long inRun() {
    return inRun;
  }

  /// A bit for each list in no run that has 0 to 3 numbers, and room for 3.
  long few() {
    return few;
  }

  /// Of lists that are in no run, where each lies; of an empty one, anything.
  long[] addresses() {
    return addresses;
  }

  /// How many numbers each of them has.
  int[] lengths() {
    return lengths;
  }

  /// Of a run, the address of the ends.
  long ends() {
    return ends;
  }

  /// Of a run, what the first list begins with.
  int begin() {
    return begin;
  }

  /// Of a run, how many numbers its lists have together.
  int units() {
    return units;
  }

  /// Of a run, the address of the first number.
  long numbers() {
    return numbers;
  }
}
