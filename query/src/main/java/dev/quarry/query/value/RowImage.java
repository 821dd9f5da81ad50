package dev.quarry.query.value;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.Memory;

/// The format of a row in one piece, which can lie in a file: where cells have addresses, it has
/// offsets from its own beginning.
///
/// ```text
/// image  0           8                      8 + 16 n
///       ┌───────────┬──────────────────────┬────────────────────────────────┐
///       │ bytes     │ n cells              │ what they point to, and so on  │
///       └───────────┴──────────────────────┴────────────────────────────────┘
/// ```
///
/// Every part begins at a multiple of 8. An image is written by the process that reads it, so words
/// have the order of the machine.
///
/// An instance writes images, one after the other; it is used by one thread.
public final class RowImage {
  private static final int HEADER = 8;

  private long image;
  private long end;

  /// The bytes of the image of a row.
  public static long bytes(long cells, int count) {
    return HEADER + bytesOfCells(cells, count);
  }

  private static long bytesOfCells(long cells, long count) {
    long bytes = count * Cell.BYTES;
    for (long i = 0; i < count; i++) {
      long cell = cells + i * Cell.BYTES;
      long head = Cell.head(cell);
      bytes +=
          isContainer(Cell.tag(head))
              ? bytesOfCells(Cell.body(cell), cellsOf(head))
              : aligned(bytesPointedTo(head));
    }
    return bytes;
  }

  /// Writes the image of a row to memory that has room for it.
  public void write(long cells, int count, long to) {
    image = to;
    end = to + HEADER + (long) count * Cell.BYTES;
    copyCells(cells, count, to + HEADER);
    Memory.putLong(to, end - to);
  }

  private void copyCells(long cells, long count, long to) {
    for (long i = 0; i < count; i++) {
      long cell = cells + i * Cell.BYTES;
      long head = Cell.head(cell);
      Cell.put(to + i * Cell.BYTES, head, copied(head, Cell.body(cell)));
    }
  }

  /// Copies what a body points to; returns the body that stands for it in the image.
  private long copied(long head, long body) {
    long at = end;
    if (isContainer(Cell.tag(head))) {
      long cells = cellsOf(head);
      end += cells * Cell.BYTES;
      copyCells(body, cells, at);
    } else if (isPointer(Cell.tag(head))) {
      long bytes = bytesPointedTo(head);
      end += aligned(bytes);
      Memory.copy(body, at, bytes);
    } else {
      return body;
    }
    return at - image;
  }

  /// The length of an image.
  ///
  /// @param most the bytes that there are
  public static long length(long image, long most) {
    long bytes = most < HEADER ? 0 : Memory.getLong(image);
    require(bytes >= HEADER && bytes <= most, bytes, most);
    return bytes;
  }

  /// Turns the offsets of an image into addresses, once; returns the address of its cells. They are
  /// good as long as the image stays where it is.
  public static long land(long image, int count) {
    long bytes = Memory.getLong(image);
    landCells(image, HEADER, count, bytes);
    return image + HEADER;
  }

  private static void landCells(long image, long offset, long count, long bytes) {
    long end = offset + count * Cell.BYTES;
    require(offset >= HEADER && count >= 0 && end <= bytes, end, bytes);
    for (long i = 0; i < count; i++) {
      long cell = image + offset + i * Cell.BYTES;
      long head = Cell.head(cell);
      requireHead(head);
      if (!isPointer(Cell.tag(head))) {
        continue;
      }
      long part = Cell.body(cell);
      require(
          part >= end, part, bytes); // parts follow what points to them, so this comes to an end
      if (isContainer(Cell.tag(head))) {
        landCells(image, part, cellsOf(head), bytes);
      } else {
        long partBytes = bytesPointedTo(head);
        require(partBytes >= 0 && part + partBytes <= bytes, part + partBytes, bytes);
      }
      Cell.put(cell, head, image + part);
    }
  }

  private static void requireHead(long head) {
    int tag = Cell.tag(head);
    if (tag > Cell.PATH || Cell.isPlain(tag) && head != tag) {
      throw damaged("a value begins with " + Long.toHexString(head));
    }
  }

  private static void require(boolean holds, long found, long most) {
    if (!holds) {
      throw damaged("a row ends at " + found + ", not within " + most);
    }
  }

  private static StoreIoException damaged(String how) {
    return new StoreIoException(
        ErrorCode.STORE_IO,
        "a spill file does not hold what was written to it: " + how,
        "check the disk of the folder for spill files");
  }

  private static boolean isContainer(int tag) {
    return tag == Cell.LIST || tag == Cell.PATH || tag == Cell.MAP;
  }

  private static boolean isPointer(int tag) {
    return tag == Cell.STRING
        || Cell.isEncoded(tag)
        || tag == Cell.RELATIONSHIP
        || isContainer(tag);
  }

  private static long cellsOf(long head) {
    return Cell.tag(head) == Cell.MAP ? 2L * Cell.size(head) : Cell.size(head);
  }

  /// The bytes that the body of a cell that is no container points to.
  private static long bytesPointedTo(long head) {
    int tag = Cell.tag(head);
    if (tag == Cell.RELATIONSHIP) {
      return Cell.RELATIONSHIP_BYTES;
    }
    return isPointer(tag) ? Cell.size(head) : 0;
  }

  private static long aligned(long bytes) {
    return (bytes + 7) & ~7L;
  }
}
