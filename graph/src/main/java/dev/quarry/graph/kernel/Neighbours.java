package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.graph.transaction.ArenaLists;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.RecordReading;
import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.memory.StretchLoops;
import dev.quarry.storage.slab.ListCursor;
import dev.quarry.storage.slab.Lists;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The neighbours of nodes, as pieces of lists: for up to 64 nodes of one arena at once, so that
/// the cache misses of looking up their lists overlap.
///
/// ```java
/// int count = neighbours.beginWord(word, wanted);
/// while (neighbours.nextLists()) {         // one kind of lists after the other
///   for (int i = 0; i < count; i++) {
///     neighbours.open(i);
///     while (neighbours.next()) {          // count() numbers from address() on
///       …
/// ```
///
/// Of a word, a kernel may take those that are [#together()] as one [#stretch()], and open the
/// others alone.
///
/// A number has 4 bytes, and plus [#base()] it is a position. Where entries have companions, or
/// must be looked at (of a mixed list, or leading to an arena of which not all nodes are wanted),
/// the numbers are a copy of those that count, else they are the list itself. Each relationship is
/// met once; with [Direction#BOTH] a self-loop is met once too. Used by one thread at a time.
final class Neighbours {
  /// The most nodes at a time.
  static final int MOST = Lists.LOCATED;

  private static final int COPIED = 1024;
  private static final int STRETCHED = 1 << 13;
  private static final int MIXED = 16;

  /// Lists of one kind, seen from one arena.
  ///
  /// @param other arena at the other end; -1 for the mixed lists
  /// @param entryBytes of those that are found many at once
  /// @param again whether self-loops were met already, in the other direction
  private record Leg(Lists lists, ArenaLists from, int other, int entryBytes, boolean again) {
    boolean isMixed() {
      return other < 0;
    }
  }

  private final RecordReading reading;
  private final Positions positions;
  private final Subgraph part;
  private final @Nullable Leg[][] legsOf; // by arena
  private final ListCursor cursor = new ListCursor();
  private final long[] slots = new long[MOST];
  private final long[] addresses = new long[MOST];
  private final int[] lengths = new int[MOST];
  private final Scratch scratch;
  private final long copy;
  private @Nullable Stretch stretches; // made by the first word
  private int nodes;
  private boolean listed; // their slots
  private long word; // first slot of the word; -1 where the nodes are not of one
  private long wanted; // its bits
  private int arena;
  private Leg[] legs = {};
  private int nextLeg;
  private @Nullable Leg leg;
  private @Nullable Stretch stretch; // of the lists that are shown
  private long inStretch; // a bit for each that it has
  private boolean located;
  private boolean looks;
  private boolean plain; // found, and shown as it lies
  private long legBase;
  private long legLimit;
  private long slot;

  // The piece that is shown.
  private long address;
  private int count;
  private long base;
  private long limit;

  private boolean pending; // the piece was found, and is to be shown next
  private boolean ended; // and there is no other

  // Entries of a fragment that are still to be copied, those that count or all.
  private boolean filters;
  private long rest;
  private int left;

  /// @param scratch for copies
  Neighbours(RecordReading reading, Positions positions, Subgraph part, Scratch scratch) {
    this.reading = reading;
    this.positions = positions;
    this.part = part;
    this.legsOf = new Leg[reading.catalog().arenas().size()][];
    this.scratch = scratch;
    this.copy = scratch.allocate(COPIED * 4L);
  }

  private void begin(int newArena, int newNodes, long newWord) {
    arena = newArena;
    word = newWord;
    nodes = newNodes;
    listed = true;
    legs = legs(newArena);
    nextLeg = 0;
  }

  /// Begins with the wanted nodes among the 64 positions of a word.
  ///
  /// @return how many they are
  int beginWord(long index, long newWanted) {
    wanted = newWanted;
    long first = index << 6;
    int of = positions.arena(first);
    begin(of, Long.bitCount(newWanted), first - positions.base(of));
    listed = false;
    return nodes;
  }

  /// Lists the slots of the wanted nodes of a word, where they are needed one by one.
  private void list() {
    int found = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      slots[found++] = word + Long.numberOfTrailingZeros(bits);
    }
    listed = true;
  }

  private long slot(int index) {
    if (!listed) {
      list();
    }
    return slots[index];
  }

  /// Begins with the first of some positions that lie in one arena.
  ///
  /// @param queue address of positions of 4 bytes
  /// @return how many were taken, at most `most`
  int beginQueue(long queue, long most) {
    int of = positions.arena(Memory.getInt(queue));
    long first = positions.base(of);
    long end = first + positions.size(of);
    int taken = 0;
    while (taken < Math.min(most, MOST)) {
      long position = Memory.getInt(queue + taken * 4L);
      if (position < first || position >= end) {
        break;
      }
      slots[taken++] = position - first;
    }
    begin(of, taken, -1);
    return taken;
  }

  /// Begins with one node.
  void beginOne(long position) {
    int of = positions.arena(position);
    slots[0] = position - positions.base(of);
    begin(of, 1, -1);
  }

  /// The position of one of the nodes.
  long position(int index) {
    return positions.base(arena) + slot(index);
  }

  private Leg[] legs(int of) {
    Leg[] known = legsOf[of];
    return known != null ? known : findLegs(of);
  }

  private Leg[] findLegs(int of) {
    List<Leg> found = new ArrayList<>();
    if (part.direction() != Direction.INCOMING) {
      addLegs(of, true, false, found);
    }
    if (part.direction() != Direction.OUTGOING) {
      addLegs(of, false, part.direction() == Direction.BOTH, found);
    }
    Leg[] legsOfArena = found.toArray(Leg[]::new);
    legsOf[of] = legsOfArena;
    return legsOfArena;
  }

  private void addLegs(int of, boolean out, boolean second, List<Leg> into) {
    ArenaLists lists = new ArenaLists(reading, of, out, part.typeTokens());
    for (ArenaLists.Kind kind : lists.kinds()) {
      if (positions.base(kind.other()) >= 0) {
        into.add(
            new Leg(
                kind.lists(),
                lists,
                kind.other(),
                kind.entryBytes(),
                second && kind.other() == of));
      }
    }
    Lists mixed = lists.mixed();
    if (mixed != null) {
      into.add(new Leg(mixed, lists, -1, MIXED, second));
    }
  }

  /// Goes to the next kind of lists of the nodes; false at the end.
  boolean nextLists() {
    if (nextLeg == legs.length) {
      return false;
    }
    Leg next = legs[nextLeg++];
    leg = next;
    looks = next.isMixed() || !positions.isWhole(next.other());
    stretch = looks || word < 0 ? null : findStretch(next);
    inStretch = stretch == null ? 0 : wanted & ~stretch.apart();
    located = !looks && stretch == null && nodes > 1;
    boolean bare = stretch != null || located && next.entryBytes() == 4;
    plain = bare && !next.again();
    if (!next.isMixed()) {
      legBase = positions.base(next.other());
      legLimit = positions.size(next.other());
      base = legBase;
      limit = legLimit;
    }
    if (located) {
      if (!listed) {
        list();
      }
      System.arraycopy(slots, 0, addresses, 0, nodes);
      next.lists().locate(addresses, nodes, lengths);
    }
    return true;
  }

  private @Nullable Stretch findStretch(Leg of) {
    Stretch into = stretches;
    if (into == null) {
      into = new Stretch(scratch.allocate(Stretch.bytes(STRETCHED)), STRETCHED);
      stretches = into;
    }
    return of.lists().stretch(word, wanted, into) ? into : null;
  }

  /// A bit for each wanted position of the word whose list is found in the stretch, and may be gone
  /// over as it lies.
  long together() {
    return plain ? inStretch : 0;
  }

  /// The same for who does not mind that a self-loop is met twice.
  long togetherWithLoops() {
    return inStretch;
  }

  /// The lists that are together.
  Stretch stretch() {
    return Objects.requireNonNull(stretch);
  }

  /// Opens the list of a position of the word, by its bit.
  void openBit(long bit) {
    open(Long.bitCount(wanted & bit - 1));
  }

  /// Opens the list of one of the nodes.
  void open(int index) {
    slot = slot(index);
    left = 0;
    int bit = (int) (slot - word);
    if ((inStretch >>> bit & 1) != 0) {
      Stretch of = stretch();
      open(of.address(bit), of.length(bit), 4);
    } else if (located && addresses[index] != -1) {
      open(addresses[index], lengths[index], leg().entryBytes());
    } else {
      ended = false;
      leg().lists().open(slot, cursor);
    }
  }

  private void open(long entries, int length, int entryBytes) {
    ended = plain;
    if (plain) {
      show(entries, length);
      pending = length > 0;
    } else {
      cursor.openLocated(entries, length, entryBytes);
    }
  }

  private Leg leg() {
    Leg now = leg;
    assert now != null;
    return now;
  }

  /// Goes to the next piece of the list; false at the end.
  boolean next() {
    if (ended) {
      boolean first = pending;
      pending = false;
      return first;
    }
    while (left > 0 || cursor.nextFragment()) {
      if (left > 0) {
        copySome();
        if (count > 0) {
          return true;
        }
      } else {
        filters = looks || mayHoldLoop();
        if (!filters && cursor.entryBytes() == 4) {
          show(cursor.address(), cursor.count());
          return true;
        }
        rest = cursor.address();
        left = cursor.count();
      }
    }
    return false;
  }

  /// Shows numbers as they lie.
  private void show(long numbers, int length) {
    address = numbers;
    count = length;
    base = legBase;
    limit = legLimit;
  }

  /// Whether a fragment may have entries that were met in the other direction.
  private boolean mayHoldLoop() {
    return leg().again()
        && (cursor.entryBytes() != 4
            || ListLoops.countEqual(cursor.address(), cursor.count(), (int) slot) > 0);
  }

  /// Copies the numbers of the next entries, of those that count.
  private void copySome() {
    int bytes = cursor.entryBytes();
    int some = Math.min(left, COPIED);
    if (filters) {
      address = copy;
      count = copyWanted(some, bytes);
      base = 0;
      limit = positions.count();
    } else {
      ListLoops.copyNumbers(rest, some, copy);
      show(copy, some);
    }
    rest += (long) some * bytes;
    left -= some;
  }

  private int copyWanted(int some, int bytes) {
    int copied = 0;
    for (int i = 0; i < some; i++) {
      long position = wanted(rest + (long) i * bytes, bytes);
      if (position >= 0) {
        Memory.putInt(copy + copied++ * 4L, (int) position);
      }
    }
    return copied;
  }

  /// The position that an entry leads to; -1 if it does not count.
  private long wanted(long entry, int bytes) {
    Leg from = leg();
    long other;
    if (from.isMixed()) {
      other = Memory.getLong(entry);
      if (!from.from().isWanted(other, Memory.getLong(entry + 8))) {
        return -1;
      }
    } else {
      long otherSlot = Memory.getInt(entry + bytes - 4) & 0xFFFFFFFFL; // behind an edge slot
      other = Ids.node(from.other(), otherSlot);
    }
    boolean again = from.again() && other == Ids.node(arena, slot);
    return again ? -1 : positions.of(other);
  }

  /// How many relationships one of the nodes has in the lists that are shown.
  long length(int index) {
    int bit = (int) (slot(index) - word);
    if (plain && (inStretch >>> bit & 1) != 0) {
      return stretch().length(bit);
    }
    if (!looks && !leg().again()) {
      return located && addresses[index] != -1 ? lengths[index] : leg().lists().length(slot(index));
    }
    long length = 0;
    open(index);
    while (next()) {
      length += count;
    }
    return length;
  }

  /// Adds to the sum of each wanted position of the word, by its bit, how many relationships it has
  /// in the lists that are shown.
  void addLengths(long[] sums) {
    long together = together();
    if (together != 0) {
      StretchLoops.addLengths(stretch(), together, sums);
    }
    for (long bits = wanted & ~together; bits != 0; bits &= bits - 1) {
      int bit = Long.numberOfTrailingZeros(bits);
      sums[bit] += length(Long.bitCount(wanted & (1L << bit) - 1));
    }
  }

  /// Whether entries of the lists that are shown must be looked at one by one.
  boolean hasLookedAt() {
    return looks || leg().again();
  }

  /// Address of the first number of the piece.
  long address() {
    return address;
  }

  /// How many numbers it has.
  int count() {
    return count;
  }

  /// What is added to a number to give a position.
  long base() {
    return base;
  }

  /// Numbers are below this.
  long limit() {
    return limit;
  }
}
