package dev.quarry.query.value;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// The format of a value in native memory.
///
/// ```text
/// head  63             32 31      16 15     8 7      0     body
///      ┌─────────────────┬──────────┬────────┬────────┐   ┌──────────────────────────────────────┐
///      │ size            │ cells    │ depth  │ tag    │   │                                      │
///      └─────────────────┴──────────┴────────┴────────┘   └──────────────────────────────────────┘
/// BOOLEAN, INTEGER, FLOAT       the value
/// STRING                        address of UTF-8 bytes; size is their number
/// DATE … POINT                  address of the encoded value; size is the number of its bytes
/// LIST, PATH                    address of cells; size is their number
/// MAP                           address of pairs of cells, key and value; size is their number
/// NODE                          node id; size is the generation
/// RELATIONSHIP                  address of 32 bytes: type and edge slot + 1 · source · target ·
///                               generation, or ordinal with the highest bit set
/// ```
///
/// Depth is how deep a list or a map is nested at most, 0 for all else. It is bounded, so that what
/// walks a value needs little stack. Cells is how many cells a walk over a list or a map meets,
/// rounded up (5 bits of shift, 11 bits to shift): what it holds several times counts as often. It
/// is bounded too, because lists that share parts (`[l, l]`, again and again) would take forever.
///
/// The tags of storable values are those of files ([dev.quarry.graph.value.Tag]).
public final class Cell {
  public static final int BYTES = 16;

  public static final int NULL = 0;
  public static final int BOOLEAN = 1;
  public static final int INTEGER = 2;
  public static final int FLOAT = 3;
  public static final int STRING = 4;
  public static final int DATE = 5;
  public static final int LOCAL_TIME = 6;
  public static final int TIME = 7;
  public static final int LOCAL_DATETIME = 8;
  public static final int DATETIME = 9;
  public static final int DURATION = 10;
  public static final int POINT = 11;
  public static final int LIST = 12;
  public static final int MAP = 13;
  public static final int NODE = 14;
  public static final int RELATIONSHIP = 15;
  public static final int PATH = 16;

  /// Bytes of what the body of a relationship points to.
  public static final int RELATIONSHIP_BYTES = 32;

  /// How deep lists and maps may be nested in each other.
  public static final int DEEPEST = 64;

  /// How many cells a walk over a value may meet.
  private static final long MOST_CELLS = Integer.MAX_VALUE;

  private static final int DEPTH_SHIFT = 8;
  private static final int DEPTH_MASK = 0xFF;
  private static final int CELLS_SHIFT = 16;
  private static final int CELLS_BITS = 11;
  private static final int EDGE_SLOT_BITS = 48;
  private static final long BARE = 1L << 63;

  private Cell() {}

  public static int tag(long head) {
    return (int) head & 0xFF;
  }

  public static int size(long head) {
    return (int) (head >>> 32);
  }

  /// @throws EvaluationException if a string, a list or a map is too large to be a value
  public static long head(int tag, long size) {
    if (size >>> 31 != 0) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          name(tag) + " of " + size + " parts is too large; the limit is " + Integer.MAX_VALUE,
          null,
          "make rows of it, with UNWIND");
    }
    return size << 32 | tag;
  }

  /// The head of a list of cells.
  ///
  /// @throws EvaluationException if it is nested too deeply, or holds too much
  public static long listHead(long cells, long count) {
    return head(LIST, count) | over(cells, count);
  }

  /// The head of a list of which no element is a list or a map.
  public static long flatListHead(long count) {
    return head(LIST, count) | 1L << DEPTH_SHIFT | packed(count) << CELLS_SHIFT;
  }

  /// The head of a map of pairs of cells.
  ///
  /// @throws EvaluationException if it is nested too deeply, or holds too much
  public static long mapHead(long cells, long count) {
    return head(MAP, count) | over(cells, 2 * count);
  }

  /// The head of a part of a list.
  ///
  /// @param cells where the part begins
  public static long partHead(long head, long cells, long count) {
    return depth(head) <= 1 ? flatListHead(count) : listHead(cells, count);
  }

  /// Depth and cells of a list or map, at their places in its head.
  private static long over(long cells, long count) {
    int depth = 0;
    long all = count;
    for (long i = 0; i < count; i++) {
      Pace.look(i);
      long head = head(cells + i * BYTES);
      if (tag(head) == LIST || tag(head) == MAP) {
        depth = Math.max(depth, depth(head));
        all += cells(head);
      }
    }
    requireDepth(depth);
    if (all > MOST_CELLS) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          "a list or map holds more than " + MOST_CELLS + " values, with those of what it holds",
          null,
          "make rows of it, with UNWIND");
    }
    return (depth + 1L) << DEPTH_SHIFT | packed(all) << CELLS_SHIFT;
  }

  /// A number of cells in 16 bits, rounded up.
  private static long packed(long cells) {
    int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(cells) - CELLS_BITS + 1);
    long most = cells + (1L << shift) - 1 >>> shift;
    return (long) shift << CELLS_BITS | most;
  }

  /// How many cells a walk over a list or a map meets, about; never fewer than its own.
  static long cells(long head) {
    int packed = (int) head >>> CELLS_SHIFT;
    long cells = (packed & (1L << CELLS_BITS) - 1) << (packed >>> CELLS_BITS);
    return Math.max(cells, size(head));
  }

  /// Refuses one more list or map around others.
  ///
  /// @param depth how deep those are nested
  public static void requireDepth(int depth) {
    if (depth >= DEEPEST) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          "lists and maps are nested more than " + DEEPEST + " levels deep",
          null,
          "keep long chains as rows or as a flat list");
    }
  }

  private static int depth(long head) {
    return (int) head >>> DEPTH_SHIFT & DEPTH_MASK;
  }

  /// Whether two values have the same tag and size.
  static boolean sameForm(long headA, long headB) {
    return tag(headA) == tag(headB) && size(headA) == size(headB);
  }

  public static long head(long at) {
    return Memory.getLong(at);
  }

  public static long body(long at) {
    return Memory.getLong(at + 8);
  }

  public static void put(long at, long head, long body) {
    Memory.putLong(at, head);
    Memory.putLong(at + 8, body);
  }

  /// Whether nobody can tell two values apart, for sure.
  public static boolean isSame(long headA, long bodyA, long headB, long bodyB) {
    boolean hasBytes = tag(headA) == STRING || isEncoded(tag(headA));
    return headA == headB
        && (bodyA == bodyB || hasBytes && Memory.equal(bodyA, bodyB, size(headA)));
  }

  public static boolean isNumber(int tag) {
    return tag == INTEGER || tag == FLOAT;
  }

  /// Whether the head of a value is nothing but its tag.
  public static boolean isPlain(int tag) {
    return tag <= FLOAT || tag == RELATIONSHIP;
  }

  /// Whether a value is kept encoded: temporal values, durations, points.
  public static boolean isEncoded(int tag) {
    return tag >= DATE && tag <= POINT;
  }

  /// A number as a float.
  public static double asDouble(long head, long body) {
    return tag(head) == INTEGER ? (double) body : Double.longBitsToDouble(body);
  }

  /// Writes what stands for a relationship.
  ///
  /// @param edgeSlot -1 for a bare one
  /// @param ordinal of a bare one, also of one that was bare once; of another row -1
  /// @param generation of such a row
  public static void putRelationship(
      long at, int type, long edgeSlot, long source, long target, long ordinal, int generation) {
    Memory.putLong(at, (long) type << EDGE_SLOT_BITS | edgeSlot + 1);
    Memory.putLong(at + 8, source);
    Memory.putLong(at + 16, target);
    Memory.putLong(at + 24, ordinal >= 0 ? ordinal | BARE : generation);
  }

  public static int relationshipType(long at) {
    return (int) (Memory.getLong(at) >>> EDGE_SLOT_BITS);
  }

  /// -1 for a bare relationship.
  public static long relationshipSlot(long at) {
    return (Memory.getLong(at) & (1L << EDGE_SLOT_BITS) - 1) - 1;
  }

  public static long relationshipSource(long at) {
    return Memory.getLong(at + 8);
  }

  public static long relationshipTarget(long at) {
    return Memory.getLong(at + 16);
  }

  /// The ordinal of a relationship that is, or was once, bare; -1 of any other.
  public static long relationshipOrdinal(long at) {
    long word = Memory.getLong(at + 24);
    return word < 0 ? word & ~BARE : -1;
  }

  /// The generation of a relationship that was created with properties.
  public static int relationshipGeneration(long at) {
    return (int) Memory.getLong(at + 24);
  }

  /// The row of a relationship as it is now, which it may have got since it was read; -1 for none.
  public static long currentRow(long at, Reading reading) {
    return reading.currentRow(
        relationshipType(at),
        relationshipSlot(at),
        relationshipSource(at),
        relationshipTarget(at),
        relationshipOrdinal(at));
  }

  /// Whether the node or relationship of a cell has not been deleted by its own transaction.
  public static boolean exists(long head, long body, Reading reading) {
    if (!reading.mayHaveDeleted()) {
      return true;
    }
    return tag(head) == NODE
        ? reading.exists(body, size(head))
        : reading.exists(
            relationshipType(body),
            relationshipSlot(body),
            relationshipSource(body),
            relationshipTarget(body),
            relationshipOrdinal(body),
            relationshipGeneration(body));
  }

  /// Whether two are the same relationship.
  public static boolean sameRelationship(long a, long b) {
    return a == b
        || identity(a) == identity(b)
            && Memory.getLong(a + 8) == Memory.getLong(b + 8)
            && Memory.getLong(a + 16) == Memory.getLong(b + 16)
            && Memory.getLong(a + 24) == Memory.getLong(b + 24);
  }

  /// Orders relationships, in some way that agrees with [#sameRelationship].
  static int compareRelationships(long a, long b) {
    int one = Long.compare(identity(a), identity(b));
    for (int i = 8; one == 0 && i < RELATIONSHIP_BYTES; i += 8) {
      one = Long.compare(Memory.getLong(a + i), Memory.getLong(b + i));
    }
    return one;
  }

  static long hashRelationship(long at) {
    long hash = Memory.mix(identity(at) + Memory.getLong(at + 24));
    return Memory.mix(hash ^ Memory.getLong(at + 8) + 31 * Memory.getLong(at + 16));
  }

  /// The first word, without the row of a relationship that may have got it later.
  private static long identity(long at) {
    long word = Memory.getLong(at);
    return Memory.getLong(at + 24) < 0 ? word & -1L << EDGE_SLOT_BITS : word;
  }

  /// Copies a cell, and all that it points to, so that it lives as long as a scratch.
  public static void retain(long head, long body, long to, Scratch scratch) {
    put(to, head, retained(head, body, scratch));
  }

  /// Copies all that a value points to; returns the body of the copy, whose head is the same.
  public static long retained(long head, long body, Scratch scratch) {
    int tag = tag(head);
    int size = size(head);
    if (tag == STRING || isEncoded(tag)) {
      long copy = scratch.allocate(size);
      Memory.copy(body, copy, size);
      return copy;
    }
    if (tag == RELATIONSHIP) {
      long copy = scratch.allocate(RELATIONSHIP_BYTES);
      Memory.copy(body, copy, RELATIONSHIP_BYTES);
      return copy;
    }
    if (tag == LIST || tag == PATH || tag == MAP) {
      Pace.lookAhead(cells(head));
      long cells = tag == MAP ? 2L * size : size;
      long copy = scratch.allocate(cells * BYTES);
      for (long i = 0; i < cells; i++) {
        Pace.look(i);
        long from = body + i * BYTES;
        retain(head(from), body(from), copy + i * BYTES, scratch);
      }
      return copy;
    }
    return body;
  }

  /// What a kind of value is called in messages.
  public static String name(int tag) {
    return switch (tag) {
      case NULL -> "null";
      case BOOLEAN -> "a boolean";
      case INTEGER -> "an integer";
      case FLOAT -> "a float";
      case STRING -> "a string";
      case LIST -> "a list";
      case MAP -> "a map";
      case NODE -> "a node";
      case RELATIONSHIP -> "a relationship";
      case PATH -> "a path";
      case POINT -> "a point";
      case DATE -> "a date";
      case DURATION -> "a duration";
      default -> "a temporal value";
    };
  }
}
