package dev.quarry.graph.transaction;

/// The bits of ids and of list entries.
///
/// ```text
/// node          63     56 55        40 39                               0
///              ┌─────────┬────────────┬──────────────────────────────────┐
///              │ 0       │ arena      │ slot                             │
///              └─────────┴────────────┴──────────────────────────────────┘
/// list entry    63           48 47 46                                   0
///              ┌───────────────┬──┬──────────────────────────────────────┐
///        high  │ type          │ S│ edge slot, if S is set               │    low: the other node
///              └───────────────┴──┴──────────────────────────────────────┘
/// edge slot     46        35 34                                         0
///              ┌────────────┬────────────────────────────────────────────┐
///              │ region     │ row                                        │
///              └────────────┴────────────────────────────────────────────┘
/// ```
///
/// The region is that of the relationship's source: with the type it names the edge arena in which
/// the row lies.
public final class Ids {
  static final int SLOT_BITS = 40;

  /// The bits of a node that say its slot.
  public static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

  private static final long HAS_SLOT = 1L << 47;
  private static final int ROW_BITS = 35;
  private static final long MOST_WORD_SLOT = BareBatch.MOST_SLOT;
  private static final long ROW_MASK = (1L << ROW_BITS) - 1;

  private Ids() {}

  public static long node(int arena, long slot) {
    return (long) arena << SLOT_BITS | slot;
  }

  public static int arena(long node) {
    return (int) (node >>> SLOT_BITS);
  }

  public static long slot(long node) {
    return node & SLOT_MASK;
  }

  /// The word of a list of a kind, see [dev.quarry.graph.catalog.ListKind].
  ///
  /// @param edgeSlot -1 for a bare relationship
  public static long word(long otherSlot, long edgeSlot) {
    return otherSlot << 32 | row(edgeSlot) + 1;
  }

  /// Whether the words of a relationship have room for its two slots and its edge slot.
  ///
  /// @param edgeSlot -1 for a bare relationship
  public static boolean fitWord(long sourceSlot, long targetSlot, long edgeSlot) {
    return Math.max(sourceSlot, targetSlot) <= MOST_WORD_SLOT && row(edgeSlot) < MOST_WORD_SLOT;
  }

  /// The row of a relationship as its type and its source name it.
  ///
  /// @param region of the source
  public static long edgeSlot(int region, long row) {
    assert row <= ROW_MASK : row;
    return (long) region << ROW_BITS | row;
  }

  /// The region of the source of a relationship with an edge slot.
  public static int region(long edgeSlot) {
    return (int) (edgeSlot >>> ROW_BITS);
  }

  /// The slot within its edge arena; -1 for a bare relationship.
  public static long row(long edgeSlot) {
    return edgeSlot < 0 ? -1 : edgeSlot & ROW_MASK;
  }

  /// @param edgeSlot -1 for a bare relationship
  static long entry(int type, long edgeSlot) {
    return (long) type << 48 | (edgeSlot < 0 ? 0 : HAS_SLOT | edgeSlot);
  }

  /// The token of the type of an entry.
  public static int type(long entry) {
    return (int) (entry >>> 48);
  }

  /// The edge slot of an entry, -1 for a bare one.
  public static long edgeSlot(long entry) {
    return (entry & HAS_SLOT) == 0 ? -1 : entry & (HAS_SLOT - 1);
  }
}
