package dev.quarry.query.value;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// One column of a batch: a value for each row.
///
/// A vector has the tag of the values that were put into it since it began, nulls aside; values of
/// several tags make it ANY. Values whose head is nothing but their tag need no heads:
///
/// ```text
///                 bodies                heads                nulls
///                ┌────────┬────────┐   ┌────────┬────────┐  ┌───┬───┐
/// plain          │ body 0 │ body 1 │   │ none            │  │ 0 │ 1 │  only once there is a null
///                ├────────┼────────┤   ├────────┼────────┤  └───┴───┘
/// with heads     │ body 0 │ body 1 │   │ head 0 │ head 1 │   none: the head of a null is 0
///                └────────┴────────┘   └────────┴────────┘
///                  8 bytes a row         8 bytes a row       1 byte a row
/// plain          BOOLEAN, INTEGER, FLOAT, RELATIONSHIP
/// with heads     all other tags, and ANY: together head and body are the cell of a row
/// ```
///
/// Heads and bodies are those of [Cell]. The body of a null is 0. Invariant: the tag is NULL as
/// long as only nulls were put; rows that were never put are then null, of any other vector they
/// are undefined. Memory is taken when it is needed first, and kept for the next filling. Used by
/// one thread at a time.
public final class Vector {
  /// The tag of a vector of values with different tags.
  public static final int ANY = -1;

  private final Scratch scratch;
  private int capacity;
  private int tag = Cell.NULL;
  private boolean headed;
  private boolean someNull;
  private long bodies;
  private long heads;
  private long nulls;

  /// @param scratch where its memory is taken from; it must not be reset as long as this is used
  public Vector(Scratch scratch) {
    this.scratch = scratch;
  }

  /// Forgets all values.
  ///
  /// @param rows how many there may be from now on
  public void begin(int rows) {
    if (rows > capacity) {
      capacity = Math.max(rows, 2 * capacity);
      bodies = 0;
      heads = 0;
      nulls = 0;
    }
    tag = Cell.NULL;
    headed = false;
    someNull = false;
  }

  /// The tag of all values that are not null; NULL if there are none, [#ANY] if they differ.
  public int tag() {
    return tag;
  }

  /// Whether nothing was put.
  private boolean isEmpty() {
    return tag == Cell.NULL && !someNull;
  }

  /// Whether there may be nulls.
  public boolean hasNulls() {
    return someNull || tag == Cell.NULL;
  }

  /// The head of a value, see [Cell].
  public long head(int row) {
    assert row >= 0 && row < capacity : row + " of " + capacity;
    if (headed) {
      return Memory.getLong(heads + row * 8L);
    }
    return someNull && Memory.getByte(nulls + row) != 0 ? Cell.NULL : tag;
  }

  /// The body of a value.
  public long body(int row) {
    assert row >= 0 && row < capacity : row + " of " + capacity;
    return tag == Cell.NULL ? 0 : Memory.getLong(bodies + row * 8L);
  }

  public boolean isNull(int row) {
    return hasNulls() && head(row) == Cell.NULL;
  }

  /// Puts a value; also over one that was put before.
  public void put(int row, long head, long body) {
    assert row >= 0 && row < capacity : row + " of " + capacity;
    assert !Cell.isPlain(Cell.tag(head)) || head == Cell.tag(head) : head;
    if (Cell.tag(head) == tag && tag != Cell.NULL) {
      write(row, head, body);
    } else {
      putOther(row, head, body);
    }
  }

  private void write(int row, long head, long body) {
    Memory.putLong(bodies + row * 8L, body);
    if (headed) {
      Memory.putLong(heads + row * 8L, head);
    } else if (someNull) {
      Memory.putByte(nulls + row, (byte) 0);
    }
  }

  /// Puts a value whose tag is not that of the values so far.
  private void putOther(int row, long head, long body) {
    if (head == Cell.NULL) {
      putNull(row);
      return;
    }
    if (tag == Cell.NULL) {
      beginTag(Cell.tag(head));
    } else if (tag != ANY) {
      becomeAny();
    }
    write(row, head, body);
  }

  /// Puts a null.
  public void putNull(int row) {
    assert row >= 0 && row < capacity : row + " of " + capacity;
    ensureBodies();
    if (headed) {
      Memory.putLong(heads + row * 8L, Cell.NULL);
    } else {
      if (!someNull) {
        beginNulls();
      }
      Memory.putByte(nulls + row, (byte) 1);
    }
    Memory.putLong(bodies + row * 8L, 0);
    someNull = true;
  }

  /// Puts values with the same head into rows that follow each other.
  public void putAll(int row, long head, long[] from, int fromIndex, int count) {
    assert row >= 0 && row + count <= capacity : row + " + " + count + " of " + capacity;
    int newTag = Cell.tag(head);
    if (tag == Cell.NULL && newTag != Cell.NULL) {
      beginTag(newTag);
    }
    if (tag != newTag || someNull) {
      for (int i = 0; i < count; i++) {
        put(row + i, head, from[fromIndex + i]);
      }
      return;
    }
    Memory.putLongs(from, fromIndex, bodies + row * 8L, count);
    for (int i = 0; headed && i < count; i++) {
      Memory.putLong(heads + (row + i) * 8L, head);
    }
  }

  /// Puts a value of another vector.
  public void copyRow(Vector from, int fromRow, int row) {
    put(row, from.head(fromRow), from.body(fromRow));
  }

  /// Puts the value of a row into another row.
  public void moveRow(int from, int to) {
    if (!isEmpty()) {
      put(to, head(from), body(from));
    }
  }

  // Many rows at once.

  /// Holds the first rows of another vector and nothing else.
  public void copy(Vector from, int rows) {
    if (from == this) {
      return;
    }
    begin(rows);
    if (from.isEmpty()) {
      return;
    }
    ensureBodies();
    Memory.copy(from.bodies, bodies, rows * 8L);
    if (from.headed) {
      ensureHeads();
      Memory.copy(from.heads, heads, rows * 8L);
    } else if (from.someNull) {
      beginNulls();
      Memory.copy(from.nulls, nulls, rows);
    }
    tag = from.tag;
    headed = from.headed;
    someNull = from.someNull;
  }

  /// Holds some rows of another vector, in any order, and nothing else.
  ///
  /// @param rows their numbers; one may occur often
  public void gather(Vector from, int[] rows, int count) {
    assert from != this;
    begin(count);
    if (from.isEmpty()) {
      return;
    }
    ensureBodies();
    gatherWords(from.bodies, bodies, rows, count);
    if (from.headed) {
      ensureHeads();
      gatherWords(from.heads, heads, rows, count);
    } else if (from.someNull) {
      beginNulls();
      gatherBytes(from.nulls, nulls, rows, count);
    }
    tag = from.tag;
    headed = from.headed;
    someNull = from.someNull;
  }

  /// Keeps some rows, which become the first ones.
  ///
  /// @param rows their numbers, rising
  public void select(int[] rows, int count) {
    assert count == 0 || rows[0] >= 0 && rows[count - 1] >= count - 1;
    if (isEmpty()) {
      return;
    }
    gatherWords(bodies, bodies, rows, count);
    if (headed) {
      gatherWords(heads, heads, rows, count);
    } else if (someNull) {
      gatherBytes(nulls, nulls, rows, count);
    }
  }

  private static void gatherWords(long from, long to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      Memory.putLong(to + i * 8L, Memory.getLong(from + rows[i] * 8L));
    }
  }

  private static void gatherBytes(long from, long to, int[] rows, int count) {
    for (int i = 0; i < count; i++) {
      Memory.putByte(to + i, Memory.getByte(from + rows[i]));
    }
  }

  /// Begins with values of one tag whose heads are nothing but that tag. Until all nulls are
  /// marked, the bodies of all rows are to be written at [#bodies()].
  public void begin(int rows, int plainTag) {
    begin(rows);
    becomePlain(plainTag);
  }

  /// Makes it a vector of such a tag, if it is one or has only nulls so far.
  ///
  /// @return whether it is one now
  public boolean becomePlain(int plainTag) {
    assert plainTag != Cell.NULL && Cell.isPlain(plainTag) : plainTag;
    if (tag == Cell.NULL) {
      beginTag(plainTag);
    }
    return tag == plainTag;
  }

  /// Where the bodies lie, 8 bytes a row; good until the next [#begin].
  public long bodies() {
    assert tag != Cell.NULL;
    return bodies;
  }

  /// Where nulls are marked, a byte a row: 1 for a null, whose body must be 0. Marks count once
  /// [#nullsMarked()] was called.
  public long nullMarks() {
    assert !headed;
    if (!someNull) {
      beginNulls();
    }
    return nulls;
  }

  public void nullsMarked() {
    assert nulls != 0;
    someNull = true;
  }

  // How its form changes: NULL -> a tag -> ANY.

  private void beginTag(int newTag) {
    assert tag == Cell.NULL : tag;
    ensureBodies();
    tag = newTag;
    if (!Cell.isPlain(newTag)) {
      beginHeads(Cell.NULL);
    }
  }

  private void becomeAny() {
    if (!headed) {
      beginHeads(tag);
    }
    tag = ANY;
  }

  /// Gives heads to all rows that were put: this one, or that of null.
  private void beginHeads(long head) {
    ensureHeads();
    if (someNull || head != Cell.NULL) {
      for (int row = 0; row < capacity; row++) {
        Memory.putLong(heads + row * 8L, isNull(row) ? Cell.NULL : head);
      }
    }
    headed = true;
  }

  private void ensureBodies() {
    if (bodies == 0) {
      bodies = scratch.allocate(capacity * 8L);
    }
  }

  private void ensureHeads() {
    if (heads == 0) {
      heads = scratch.allocate(capacity * 8L);
    }
  }

  private void beginNulls() {
    if (nulls == 0) {
      nulls = scratch.allocate(capacity);
    }
    Memory.fill(nulls, capacity, (byte) 0);
  }
}
