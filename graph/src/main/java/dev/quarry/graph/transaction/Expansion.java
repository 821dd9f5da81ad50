package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.slab.ListCursor;
import dev.quarry.storage.slab.Lists;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks the relationships of one node after the other; made once, opened for many.
///
/// Order: outgoing before incoming, lists of a kind of their own before the mixed list. A self-loop
/// is met once, also when both directions are asked for. Nothing is allocated per node or step. The
/// lists of the node must not change between two steps: queries have all rows before they write,
/// cursors keep what is left (rule S5). Check mode counts changes, and fails a later step. Used by
/// one thread at a time.
public final class Expansion {
  private static final int MIXED = 16;
  private static final int SLICE = 256;
  private static final long ALL = -1;
  private static final long[] NOTHING = {};
  private static final int[] NO_LENGTHS = {};
  private static final KnownKind[] NO_KINDS = {};

  /// The most nodes that can be prepared at once.
  public static final int PREPARED = Lists.LOCATED;

  private final RecordReading reading;
  private final Direction direction;
  private final int @Nullable [] types;
  private final int label;
  private final ListCursor cursor = new ListCursor();
  private long node;
  private long sought = ALL;
  private boolean outgoing;
  private boolean lastDirection;
  private KnownKind[] kinds = NO_KINDS;
  private long wantedKinds;
  private @Nullable Lists mixed;
  private int nextKind;
  private @Nullable ListKind kind;
  private int width;
  private long bareEntry;
  private long otherBase;
  private long firstEdgeSlot;
  private long @Nullable [] dropped;
  private int at;
  private int count;
  private long entry;
  private long neighbour;
  private long previousEntry;
  private long previousNeighbour;
  private long equalsBefore;
  private boolean inTail;
  private boolean ascends;
  private boolean plain; // entries of 4 bytes, all of which are met: equals are counted when needed
  private int counted; // entries of a plain fragment of which equals were counted
  private @Nullable Remembered remembered;
  private int opened;
  private long changesSeen; // in check mode only
  private long[] sliceCopy = NOTHING;
  private long sliceAddress;
  private int sliceCount;
  private boolean sliceIsNative;
  private boolean sliceIsFew; // it lies in its directory entry
  private final ArenaLists leaving;
  private final ArenaLists entering; // the same where one direction is walked
  private long[] addresses = NOTHING; // of prepared nodes
  private int[] lengths = NO_LENGTHS;
  private long @Nullable [] preparedNodes;
  private int preparedFrom;
  private int preparedWidth;
  private long preparedFew; // a bit for each list that lies in its directory entry
  private @Nullable KnownKind prepared;

  /// The lists of an arena in a direction, and which of them are of a type that is asked for.
  private static final class ArenaLists {
    private @Nullable Catalog of;
    private int arena = -1;
    private KnownKind[] kinds = NO_KINDS;
    private long wanted; // a bit for each of the first 64 kinds
    private @Nullable Lists mixed;
  }

  /// @param types tokens of types, -1 for one that nobody has used; null for all
  Expansion(RecordReading reading, Direction direction, int @Nullable [] types) {
    this(reading, direction, types, Degrees.ANY_LABEL);
  }

  /// @param label token, -1 for one that nobody has used, or [Degrees#ANY_LABEL]: lists that lead
  ///   to no node with it are passed over, as far as the catalog alone tells
  Expansion(RecordReading reading, Direction direction, int @Nullable [] types, int label) {
    this.reading = reading;
    this.direction = direction;
    this.types = types;
    this.label = label;
    this.leaving = new ArenaLists();
    this.entering = direction == Direction.BOTH ? new ArenaLists() : leaving;
  }

  /// Whether it walks what is meant, in the same transaction.
  boolean isFor(Direction aDirection, int @Nullable [] wanted, int aLabel) {
    return direction == aDirection && label == aLabel && Arrays.equals(types, wanted);
  }

  /// Begins with another node.
  public void open(long newNode) {
    open(newNode, ALL);
  }

  /// Begins with the relationships between two nodes: [#next()] meets no others. They are found by
  /// a search where lists are sorted, so a walk takes few steps of a list of any length, but for
  /// mixed lists.
  ///
  /// @param neighbour the node at the other end
  public void open(long newNode, long neighbour) {
    node = newNode;
    sought = neighbour;
    noteEdits();
    lastDirection = direction != Direction.BOTH;
    begin(direction != Direction.INCOMING);
  }

  private void noteEdits() {
    BareEdits edits = reading.edits();
    opened = edits == null ? 0 : edits.stamp();
    remembered = null;
    assert noteChanges();
  }

  private boolean noteChanges() {
    changesSeen = reading.listChanges(node);
    return true;
  }

  /// Looks up the lists of many nodes, whose cache misses overlap then; [#openPrepared] begins with
  /// one of them. Worth it for nodes of one arena and one kind of lists; else it does nothing yet.
  ///
  /// @param count at most [#PREPARED]
  public void prepare(long[] nodes, int from, int count) {
    preparedNodes = nodes;
    preparedFrom = from;
    prepared = null;
    if (direction == Direction.BOTH || count == 0) {
      return;
    }
    node = nodes[from];
    boolean out = direction == Direction.OUTGOING;
    refresh(out);
    KnownKind only = null;
    for (int i = 0; i < kinds.length; i++) {
      if (isWanted(i)) {
        if (only != null) {
          return;
        }
        only = kinds[i];
      }
    }
    if (only == null || mixed == null || !mixed.isEmpty()) {
      return;
    }
    if (addresses.length < count) { // a cursor over one node never prepares
      addresses = new long[room(count)];
      lengths = new int[room(count)];
    }
    long differing = 0;
    for (int i = 0; i < count; i++) {
      long one = nodes[from + i];
      differing |= one ^ node;
      addresses[i] = Ids.slot(one);
    }
    if (Ids.arena(differing) != 0) {
      return;
    }
    preparedFew = only.lists().locate(addresses, count, lengths);
    prepared = only;
    preparedWidth = only.kind().spaces().entryBytes();
    otherBase = Ids.node(only.kind().other(), 0);
  }

  /// How many nodes to make room for where so many are prepared.
  public static int room(int count) {
    return Lists.room(count);
  }

  /// Takes the whole list of a prepared node as one slice, see [#nextSlice()].
  ///
  /// @return how many relationships it has; -1 if it does not lie in one piece: use [#openPrepared]
  public int preparedSlice(int index) {
    if (prepared == null || preparedWidth != 4 || addresses[index] == -1) {
      return -1;
    }
    sliceIsNative = true;
    sliceIsFew = (preparedFew >>> index & 1) != 0;
    sliceAddress = addresses[index];
    sliceCount = lengths[index];
    return sliceCount;
  }

  /// The other ends of all relationships of a prepared node.
  ///
  /// @return how many were written; -1 if they do not lie in one piece, or do not fit
  public int fillPrepared(int index, long[] neighbours) {
    int length = preparedSlice(index);
    if (length < 0 || length > neighbours.length) {
      return -1;
    }
    Memory.unsignedIntsToLongs(sliceAddress, neighbours, 0, length, otherBase);
    return length;
  }

  /// The type of the relationships of prepared nodes.
  public int preparedType() {
    return java.util.Objects.requireNonNull(prepared).kind().type();
  }

  /// Begins with a node that was prepared.
  ///
  /// @param index its place among them
  public void openPrepared(int index) {
    KnownKind only = prepared;
    long[] nodes = java.util.Objects.requireNonNull(preparedNodes);
    if (only == null || addresses[index] == -1) {
      open(nodes[preparedFrom + index]);
      return;
    }
    node = nodes[preparedFrom + index];
    sought = ALL;
    noteEdits();
    outgoing = direction == Direction.OUTGOING;
    lastDirection = true;
    at = 0;
    count = 0;
    equalsBefore = -1;
    ascends = true;
    kind = null;
    width = only.kind().spaces().entryBytes();
    bareEntry = Ids.entry(only.kind().type(), -1);
    otherBase = Ids.node(only.kind().other(), 0);
    firstEdgeSlot = only.firstEdgeSlot();
    cursor.openLocated(addresses[index], lengths[index], width);
  }

  /// Ends the walk.
  public void close() {
    count = 0;
    at = 0;
    width = MIXED;
    lastDirection = true;
    cursor.openNothing();
  }

  private void begin(boolean out) {
    outgoing = out;
    remembered = null;
    refresh(out);
    nextKind = 0;
    openList();
  }

  private void refresh(boolean out) {
    ArenaLists lists = out ? leaving : entering;
    if (lists.arena != Ids.arena(node) || lists.of != reading.catalog()) {
      look(lists, out);
    }
    kinds = lists.kinds;
    wantedKinds = lists.wanted;
    mixed = lists.mixed;
  }

  private void look(ArenaLists lists, boolean out) {
    lists.of = reading.catalog();
    lists.arena = Ids.arena(node);
    lists.kinds = reading.kinds(node, out);
    lists.mixed = reading.lists(node, out);
    lists.wanted = 0;
    for (int i = 0; i < Math.min(Long.SIZE, lists.kinds.length); i++) {
      lists.wanted |= isWanted(lists.kinds[i].kind()) ? 1L << i : 0;
    }
    dropped = reading.dropped();
  }

  private boolean isWanted(ListKind of) {
    return matches(of.type()) && reading.mayHaveLabel(of.other(), label);
  }

  /// Whether a list of its own is of a type that is asked for.
  private boolean isWanted(int index) {
    return index < Long.SIZE ? (wantedKinds >>> index & 1) != 0 : isWanted(kinds[index].kind());
  }

  /// Opens the next list of a kind that is asked for, then the mixed list.
  private void openList() {
    at = 0;
    count = 0;
    equalsBefore = -1;
    ascends = sought == ALL;
    while (nextKind < kinds.length) {
      KnownKind next = kinds[nextKind];
      if (isWanted(nextKind++) && leadsToSought(next.kind())) {
        kind = next.kind();
        bareEntry = Ids.entry(next.kind().type(), -1);
        otherBase = Ids.node(next.kind().other(), 0);
        firstEdgeSlot = next.firstEdgeSlot();
        next.lists().open(Ids.slot(node), cursor);
        width = cursor.entryBytes();
        if (sought != ALL) {
          cursor.skipTo(Ids.word(Ids.slot(sought), -1));
        }
        return;
      }
    }
    kind = null;
    width = MIXED;
    if (mixed.isEmpty()) {
      cursor.openNothing();
    } else {
      mixed.open(Ids.slot(node), cursor);
    }
  }

  private boolean leadsToSought(ListKind next) {
    return sought == ALL || next.other() == Ids.arena(sought);
  }

  /// Goes to the next relationship; false at the end.
  public boolean next() {
    assert reading.listChanges(node) == changesSeen : "lists of " + node + " changed under a walk";
    if (plain && at < count) {
      neighbour = plainNeighbour(at++);
      return true;
    }
    return nextOfAny();
  }

  private boolean nextOfAny() {
    while (true) {
      while (at < count) {
        if (plain) {
          neighbour = plainNeighbour(at++);
          return true;
        }
        read(cursor.address() + (long) at * width);
        inTail = at >= cursor.sorted();
        at++;
        if (sought != ALL && neighbour != sought) {
          passOver();
          continue;
        }
        boolean secondOfLoop = direction == Direction.BOTH && !outgoing && neighbour == node;
        if (!secondOfLoop && (width != MIXED || isMixedWanted())) {
          countEquals(neighbour);
          return true;
        }
      }
      if (plain && cursor.mayGoOn()) {
        countPlain();
      }
      if (!nextFragment()) {
        return false;
      }
    }
  }

  /// Leaves what is sorted once it is past the node that is sought: mixed lists are sorted by
  /// something else first.
  private void passOver() {
    if (width == MIXED || inTail) {
      return;
    }
    at = cursor.sorted();
    if (at == count) { // so are the fragments to come
      cursor.openNothing();
    }
  }

  /// Goes to the first entry of the fragment that may lead to the node that is sought.
  private void skipToSought() {
    if (width == MIXED) {
      return;
    }
    int high = cursor.sorted();
    int otherEnd = width - 4; // the other node is the upper half of an entry of 8 bytes
    int slot = (int) Ids.slot(sought);
    while (at < high) {
      int middle = (at + high) >>> 1;
      int found = Memory.getInt(cursor.address() + (long) middle * width + otherEnd);
      if (Integer.compareUnsigned(found, slot) < 0) {
        at = middle + 1;
      } else {
        high = middle;
      }
    }
  }

  /// Whether an entry of a mixed list is of a type that is asked for, and leads to a node that did
  /// not go with its region.
  private boolean isMixedWanted() {
    return matches(Ids.type(entry)) && (dropped == null || !isDropped(neighbour));
  }

  private boolean isDropped(long other) {
    int arena = Ids.arena(other);
    return (dropped[arena >> 6] >>> arena & 1) != 0;
  }

  private long plainNeighbour(int index) {
    return otherBase | Memory.getInt(cursor.address() + index * 4L) & 0xFFFFFFFFL;
  }

  /// Counts equals up to where the walk is, in a plain fragment. Where it is sorted, only those at
  /// its end are looked at: before them all is less.
  private void countPlain() {
    inTail = at > cursor.sorted();
    if (counted < at) {
      countEquals(plainNeighbour(counted++));
    }
    if (!inTail && counted < at) {
      int first = at - 1;
      long last = plainNeighbour(first);
      while (first > counted && plainNeighbour(first - 1) == last) {
        first--;
      }
      if (first > counted) {
        countEquals(plainNeighbour(first - 1));
        counted = first;
      }
    }
    while (counted < at) {
      countEquals(plainNeighbour(counted++));
    }
  }

  private void countEquals(long met) {
    boolean equal = equalsBefore >= 0 && entry == previousEntry && met == previousNeighbour;
    ascends &= equalsBefore < 0 || follows(met);
    equalsBefore = equal ? equalsBefore + 1 : 0;
    previousEntry = entry;
    previousNeighbour = met;
  }

  /// Whether an entry of a list of a kind is not below the one before it in the order of such
  /// lists.
  private boolean follows(long met) {
    return met > previousNeighbour || met == previousNeighbour && entry >= previousEntry;
  }

  /// The other ends of the relationships that are left, as many as fit; for scans that want nothing
  /// else. Do not mix with [#next()] on one node.
  ///
  /// @return how many were written, 0 at the end
  public int fill(long[] neighbours) {
    return fill(neighbours, neighbours.length);
  }

  /// The same, but so many at most.
  public int fill(long[] neighbours, int most) {
    assert sought == ALL : sought;
    assert reading.listChanges(node) == changesSeen : "lists of " + node + " changed under a walk";
    int filled = 0;
    while (filled < most) {
      int left = Math.min(count - at, most - filled);
      if (left <= 0) {
        if (!nextFragment()) {
          return filled;
        }
      } else if (width != MIXED) {
        filled = copy(neighbours, filled, left);
      } else {
        read(cursor.address() + (long) at++ * width);
        if (!mayMeetLoopsAgain() || neighbour != node) {
          neighbours[filled] = neighbour;
          filled += isMixedWanted() ? 1 : 0;
        }
      }
    }
    return filled;
  }

  /// Copies the other ends of the next entries of a list of a kind, but for self-loops that were
  /// met already.
  ///
  /// @return where the next ones go
  private int copy(long[] neighbours, int to, int some) {
    long from = cursor.address() + (long) at * width;
    if (width == 4) {
      Memory.unsignedIntsToLongs(from, neighbours, to, some, otherBase);
    } else {
      Memory.highIntsToLongs(from, neighbours, to, some, otherBase);
    }
    at += some;
    return mayMeetLoopsAgain() ? withoutLoops(neighbours, to, to + some) : to + some;
  }

  /// Whether a list may have self-loops that the walk has met in another.
  private boolean mayMeetLoopsAgain() {
    return direction == Direction.BOTH
        && !outgoing
        && (width == MIXED || (node & ~Ids.SLOT_MASK) == otherBase);
  }

  private int withoutLoops(long[] neighbours, int from, int to) {
    int kept = from;
    for (int i = from; i < to; i++) {
      long one = neighbours[i];
      neighbours[kept] = one;
      kept += one == node ? 0 : 1;
    }
    return kept;
  }

  /// Goes to the next slice: some of the relationships that are left, whose other ends can be read
  /// and summed without a step each. Do not mix with [#next()] on one node.
  ///
  /// @return how many relationships the slice has, 0 at the end
  public int nextSlice() {
    assert sought == ALL : sought;
    if (at == count && !nextFragment()) {
      sliceCount = 0;
      return 0;
    }
    boolean plain = width == 4 && !mayMeetLoopsAgain();
    sliceIsNative = plain;
    sliceIsFew = false;
    if (plain) {
      sliceAddress = cursor.address() + (long) at * 4;
      sliceCount = count - at;
      at = count;
      return sliceCount;
    }
    if (sliceCopy.length == 0) {
      sliceCopy = new long[SLICE];
    }
    sliceCount = fill(sliceCopy);
    return sliceCount;
  }

  /// How many relationships the slice has.
  public int sliceCount() {
    return sliceCount;
  }

  /// The arena of all other ends of the slice, if their slots lie as numbers of 4 bytes each at
  /// [#sliceAddress()]; else -1.
  public int sliceArena() {
    return sliceIsNative ? Ids.arena(otherBase) : -1;
  }

  /// Where the numbers of a slice lie.
  long sliceAddress() {
    return sliceAddress;
  }

  /// The other end of a relationship of the slice.
  public long sliceNeighbour(int index) {
    return sliceIsNative
        ? otherBase | Memory.getInt(sliceAddress + index * 4L) & 0xFFFFFFFFL
        : sliceCopy[index];
  }

  /// How many relationships of the slice lead to a node.
  public long sliceCount(long node) {
    if (sliceIsNative) {
      boolean ofArena = (node & ~Ids.SLOT_MASK) == otherBase;
      return ofArena ? ListLoops.countEqual(sliceAddress, sliceCount, (int) node) : 0;
    }
    long equal = 0;
    for (int i = 0; i < sliceCount; i++) {
      equal += sliceCopy[i] == node ? 1 : 0;
    }
    return equal;
  }

  /// The sum of the ids of the other ends of the slice.
  public long sliceSum() {
    if (sliceIsNative) {
      long sum =
          sliceIsFew
              ? Memory.sumFew(sliceAddress, sliceCount)
              : Memory.sumInts(sliceAddress, sliceCount);
      return otherBase * sliceCount + sum;
    }
    long sum = 0;
    for (int i = 0; i < sliceCount; i++) {
      sum += sliceCopy[i];
    }
    return sum;
  }

  private boolean nextFragment() {
    while (true) {
      if (cursor.nextFragment()) {
        at = 0;
        count = cursor.count();
        plain = width == 4 && sought == ALL && !mayMeetLoopsAgain();
        if (plain) {
          counted = 0;
          entry = bareEntry;
        } else if (sought != ALL) {
          skipToSought();
        }
        return true;
      }
      if (kind != null) {
        openList();
      } else if (lastDirection) {
        count = 0;
        return false;
      } else {
        lastDirection = true;
        begin(false);
      }
    }
  }

  private void read(long address) {
    switch (width) {
      case 4 -> {
        neighbour = otherBase | Memory.getInt(address) & 0xFFFFFFFFL;
        entry = bareEntry;
      }
      case 8 -> {
        long word = Memory.getLong(address);
        neighbour = otherBase | word >>> 32;
        long edgeSlot = (word & 0xFFFFFFFFL) - 1;
        entry = edgeSlot < 0 ? bareEntry : Ids.entry(Ids.type(bareEntry), firstEdgeSlot | edgeSlot);
      }
      default -> {
        neighbour = Memory.getLong(address);
        entry = Memory.getLong(address + 8);
        reading.catalog().ensureNamed(Ids.arena(neighbour), Ids.type(entry));
      }
    }
  }

  private boolean matches(int type) {
    return matches(types, type);
  }

  /// Whether a type is among those that are asked for.
  ///
  /// @param wanted tokens; null for all
  static boolean matches(int @Nullable [] wanted, int type) {
    if (wanted == null) {
      return true;
    }
    for (int one : wanted) {
      if (one == type) {
        return true;
      }
    }
    return false;
  }

  /// The most relationships that a walk from a node meets, those of other types in its mixed lists
  /// included: a few reads, whatever the degree.
  public long mostSteps(long ofNode) {
    node = ofNode;
    long most = 0;
    if (direction != Direction.INCOMING) {
      most += listed(true);
    }
    if (direction != Direction.OUTGOING) {
      most += listed(false);
    }
    return most;
  }

  private long listed(boolean out) {
    refresh(out);
    long listed = mixed == null || mixed.isEmpty() ? 0 : mixed.length(Ids.slot(node));
    for (int i = 0; i < kinds.length; i++) {
      listed += isWanted(i) ? kinds[i].lists().length(Ids.slot(node)) : 0;
    }
    return listed;
  }

  /// The node whose relationships are walked.
  public long node() {
    return node;
  }

  /// The node at the other end.
  public long neighbour() {
    return neighbour;
  }

  /// Whether the relationship leaves the node.
  public boolean outgoing() {
    return outgoing;
  }

  /// The node that the relationship leaves.
  public long source() {
    return outgoing ? node : neighbour;
  }

  /// The node that the relationship enters.
  public long target() {
    return outgoing ? neighbour : node;
  }

  /// The token of the type.
  public int type() {
    return Ids.type(entry);
  }

  /// The row of the relationship, see [Ids]; -1 for a bare one.
  public long edgeSlot() {
    return Ids.edgeSlot(entry);
  }

  /// Of a bare relationship: which of its equals it is. It keeps its ordinal as long as the
  /// transaction lasts, whatever becomes of the others.
  public long ordinal() {
    long index = index();
    BareEdits edits = reading.edits();
    if ((edits == null || edits.isEmpty()) && !reading.remembers(type())) {
      return index;
    }
    Remembered known = remembered;
    if (known == null) {
      known = new Remembered(reading, node, outgoing);
      remembered = known;
    }
    return known.ordinal(type(), neighbour, index, opened);
  }

  /// How many of its equals stand before it in the lists: they do so directly where entries ascend,
  /// also in a tail, as long as none of those before was out of order.
  private long index() {
    if (plain) {
      countPlain();
    }
    boolean together = !inTail || ascends && width != MIXED;
    long before = together ? equalsBefore : equalsBeforeInFragment();
    return width == MIXED ? before + equalsInOwnLists() : before;
  }

  private long equalsBeforeInFragment() {
    long position = cursor.address() + (at - 1L) * width;
    long equals = 0;
    for (long address = cursor.address(); address < position; address += width) {
      boolean equal =
          width == 4
              ? Memory.getInt(address) == Memory.getInt(position)
              : Memory.getLong(address) == Memory.getLong(position);
      boolean equalHigh =
          width != MIXED || Memory.getLong(address + 8) == Memory.getLong(position + 8);
      equals += equal && equalHigh ? 1 : 0;
    }
    return equals;
  }

  /// Its equals in the lists of their own, which are walked before the mixed ones.
  private long equalsInOwnLists() {
    long equals = 0;
    for (KnownKind one : kinds) {
      if (one.kind().type() == type() && one.kind().other() == Ids.arena(neighbour)) {
        equals += one.lists().count(Ids.slot(node), 0, Ids.word(Ids.slot(neighbour), -1));
      }
    }
    return equals;
  }

  /// What the relationship is.
  public RelationshipIdentity identity() {
    long slot = edgeSlot();
    long origin = slot < 0 ? ordinal() : reading.origin(type(), slot);
    return reading.identity(type(), slot, source(), target(), origin);
  }
}
