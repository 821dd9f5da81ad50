package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Buffers;
import org.jspecify.annotations.Nullable;

/// Reads one list of a packed run after the other, block by block, into a buffer that it has from
/// the first block of a list until [#close()]; see [Packed]. What it reads is validated first: a
/// damaged page is a typed error.
///
/// Used by one thread at a time; nothing is allocated per list.
final class PackedReader {
  private @Nullable Runs runs;
  private @Nullable Buffers buffers; // who has lent the buffer
  private long buffer;
  private long place;
  private long blockPlace;
  private long end;
  private long left;
  private int count;
  private int width;

  /// Begins with a list.
  ///
  /// @param newWidth bytes of an entry: 4 or 8
  /// @param newEnd where it ends, or -1 if that is not known
  /// @param length entries that it must have, or -1 if that is not known
  void open(Runs newRuns, int newWidth, long newPlace, long newEnd, long length) {
    assert newWidth == 4 || newWidth == 8 : newWidth;
    runs = newRuns;
    width = newWidth;
    end = newEnd;
    place = Packed.place(newRuns, newPlace);
    left = Packed.soundCount(newRuns, place);
    if (length >= 0 && length != left) {
      throw Packed.damaged(
          place, "a list has %d entries, its directory says %d".formatted(left, length));
    }
    place += Packed.countBytes(left);
  }

  /// Where the list that is at a place ends.
  long end(Runs of, int newWidth, long at) {
    open(of, newWidth, at, -1, -1);
    while (left > 0) {
      skip();
    }
    return place;
  }

  /// Reads the next block; false at the end.
  boolean next() {
    if (left == 0) {
      return false;
    }
    Runs from = runs();
    count = (int) Math.min(left, Packed.BLOCK);
    place = Packed.place(from, place);
    long at = Packed.soundBlock(from, place, count, width);
    long last = Packed.unpack(at, count, width, buffer(from));
    if (last >>> 32 != 0) {
      throw Packed.damaged(place, "an entry is " + last);
    }
    pass(at);
    return true;
  }

  /// Passes over a block without reading it.
  private void skip() {
    count = (int) Math.min(left, Packed.BLOCK);
    place = Packed.place(runs(), place);
    pass(Packed.soundBlock(runs(), place, count, width));
  }

  private void pass(long at) {
    blockPlace = place;
    place += Packed.blockBytes(at, count, width);
    left -= count;
    if (end >= 0 && (left == 0 ? place != end : place >= end)) {
      throw Packed.damaged(
          place, "a list goes on with %d entries, and ends at %d".formatted(left, end));
    }
  }

  /// Passes over blocks all of whose entries, or upper halves, are below a number.
  void skipTo(int least) {
    while (left > Packed.BLOCK) {
      place = Packed.place(runs(), place);
      long at = Packed.soundBlock(runs(), place, Packed.BLOCK, width);
      long following = Packed.place(runs(), place + Packed.blockBytes(at, Packed.BLOCK, width));
      int more = (int) Math.min(left - Packed.BLOCK, Packed.BLOCK);
      int first = Packed.first(Packed.soundBlock(runs(), following, more, width));
      if (Integer.compareUnsigned(first, least) >= 0) {
        return;
      }
      skip();
    }
  }

  /// Entries that were not read.
  long left() {
    return left;
  }

  /// Where what follows the block is, unless the page has padding there.
  long place() {
    return place;
  }

  /// Where the block is.
  long blockPlace() {
    return blockPlace;
  }

  /// The address of the entries of the block.
  long address() {
    return buffer;
  }

  /// How many they are.
  int count() {
    return count;
  }

  private Runs runs() {
    assert runs != null;
    return runs;
  }

  private long buffer(Runs from) {
    Buffers lender = from.buffers();
    if (lender != buffers) {
      close();
      buffer = lender.take();
      buffers = lender;
    }
    return buffer;
  }

  /// Gives the buffer back. What was read is gone.
  void close() {
    if (buffers != null) {
      buffers.give(buffer);
      buffers = null;
    }
  }
}
