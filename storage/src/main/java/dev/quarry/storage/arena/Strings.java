package dev.quarry.storage.arena;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.slab.Slabs;
import java.util.function.LongConsumer;

/// Reads strings of bytes, whose cells have 16 bytes.
///
/// ```text
/// byte 0         4                    8                              16
///      ┌─────────┬────────────────────┬──────────────────────────────┐
///      │ length  │ the bytes, if they are at most 12                 │
///      ├─────────┼────────────────────┼──────────────────────────────┤
///      │ length  │ first 4 bytes      │ slab reference               │
///      └─────────┴────────────────────┴──────────────────────────────┘
/// ```
///
/// A string of at most 16,384 bytes lies in one slab slot. A longer one is a chain of slots, each
/// of which begins with the reference of the next one, 0 in the last. Used by one thread at a time.
public final class Strings {
  static final int INLINE = 12;
  static final int LINK = 8;
  static final int PIECE = StringsWriter.ONE_SLOT - LINK;

  private final Slabs slabs;

  public Strings(PageReader reader, StringSpaces spaces) {
    this.slabs = new Slabs(reader, spaces.slabs());
  }

  /// Bytes of the string in a cell.
  ///
  /// @throws CorruptPageException if it is said to have fewer than none
  public static int length(long cell) {
    int length = Memory.getInt(cell);
    if (length < 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a cell says that its string has " + length + " bytes",
          "run `quarry check`");
    }
    return length;
  }

  /// The address of the bytes of the string in a cell, one behind the other.
  ///
  /// They lie in the cell or in a slot; those of a chain are copied to the scratch.
  public long bytes(long cell, Scratch scratch) {
    int length = length(cell);
    if (length <= INLINE) {
      return cell + 4;
    }
    return length <= StringsWriter.ONE_SLOT
        ? bytes(cell, length)
        : gather(Memory.getLong(cell + 8), length, scratch);
  }

  /// The address of the bytes of a string that lies in one piece.
  private long bytes(long cell, int length) {
    assert length <= StringsWriter.ONE_SLOT : length;
    return length <= INLINE ? cell + 4 : slabs.address(Memory.getLong(cell + 8), length);
  }

  /// The hash of a string that lies in one piece.
  long hash(long cell) {
    int length = length(cell);
    return Memory.hash(bytes(cell, length), length);
  }

  /// Whether a string that lies in one slot begins with the bytes that its cell has of it.
  boolean startsAsCell(long cell) {
    return Memory.getInt(cell + 4) == Memory.getInt(bytes(cell, length(cell)));
  }

  /// Whether two cells hold the same string, which lies in one piece.
  boolean equal(long cell, long other) {
    int length = length(cell);
    return Memory.getLong(cell) == Memory.getLong(other)
        && Memory.equal(bytes(cell, length), bytes(other, length), length);
  }

  /// Whether the string in a cell has these bytes.
  public boolean equal(long cell, long bytes, int length, Scratch scratch) {
    return length(cell) == length
        && Memory.equal(cell + 4, bytes, Math.min(4, length))
        && Memory.equal(bytes(cell, scratch), bytes, length);
  }

  /// Tells the slab references that a cell owns; what one refers to is not read after it was told.
  public void owned(long cell, LongConsumer sink) {
    int length = length(cell);
    if (length <= INLINE) {
      return;
    }
    long reference = Memory.getLong(cell + 8);
    int left = length > StringsWriter.ONE_SLOT ? (length - 1) / PIECE : 0;
    for (; left > 0; left--) {
      long next = next(reference);
      sink.accept(reference);
      reference = next;
    }
    sink.accept(reference);
  }

  /// The slots, for the checker.
  public Slabs slabs() {
    return slabs;
  }

  long next(long reference) {
    return Memory.getLong(slabs.address(reference, LINK));
  }

  private long gather(long first, int length, Scratch scratch) {
    long whole = scratch.allocate(length);
    long reference = first;
    for (int done = 0; done < length; ) {
      int piece = Math.min(length - done, PIECE);
      Memory.copy(slabs.address(reference, LINK + piece) + LINK, whole + done, piece);
      done += piece;
      reference = next(reference);
    }
    return whole;
  }
}
