package dev.quarry.graph.load;

import dev.quarry.graph.value.Tag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The properties of relationships in rows of bytes, which can be sorted and written to files.
///
/// ```text
/// property   0          1              4
///           ┌──────────┬──────────────┬───────────────────────────────────────────────┐
///           │ tag 1    │ key 3        │ INTEGER, FLOAT 8 · others length 4, bytes     │
///           └──────────┴──────────────┴───────────────────────────────────────────────┘
/// ```
///
/// A row is its properties one behind the other, each key once; no properties, no bytes. The bytes
/// of a string are UTF-8, those of other values as [dev.quarry.graph.value.ValueCodec] makes them.
/// Little-endian. Filled and read again and again, by one thread at a time.
final class EncodedRows {
  private ByteBuffer bytes = buffer(1 << 10);
  private int[] ends = new int[64];
  private int rows;

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Begins anew.
  void begin() {
    bytes.clear();
    rows = 0;
  }

  /// The row at hand has an integer, or a float of these bits.
  void addWord(int key, Tag tag, long word) {
    property(key, tag, 8);
    bytes.putLong(word);
  }

  /// The row at hand has a value of another kind, in some of these bytes.
  void addBytes(int key, Tag tag, byte[] value, int from, int to) {
    property(key, tag, 4 + to - from);
    bytes.putInt(to - from).put(value, from, to - from);
  }

  private void property(int key, Tag tag, int more) {
    if (bytes.remaining() < 4 + more) {
      int size = Math.addExact(bytes.position(), 4 + more);
      bytes = buffer(Math.max(size, 2 * bytes.capacity())).put(bytes.flip());
    }
    bytes.putInt(key << 8 | tag.code());
  }

  /// Ends the row at hand.
  void end() {
    if (rows == ends.length) {
      ends = Arrays.copyOf(ends, 2 * rows);
    }
    ends[rows++] = bytes.position();
  }

  byte[] bytes() {
    return bytes.array();
  }

  /// Where a row begins.
  int from(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /// Where it ends.
  int to(int row) {
    return ends[row];
  }
}
