package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.slab.ListCursor;
import dev.quarry.storage.slab.Lists;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How many relationships nodes have, in a direction, of some types, that lead to nodes with a
/// label; made once, asked for many nodes.
///
/// Lists know how long they are, so a walk is needed only where a list is counted in part: a mixed
/// one of which not everything is asked for, one that leads to nodes of which some got or lost the
/// label since they were made, and, where both directions are asked for, to find the self-loops,
/// which stand in two lists and are one relationship (rule S19). Used by one thread at a time.
public final class Degrees {
  /// For relationships that lead to any node.
  public static final int ANY_LABEL = -2;

  private static final Lists[] NO_LISTS = {};
  private static final KnownKind[] NO_KINDS = {};

  private final RecordReading reading;
  private final Direction direction;
  private final int @Nullable [] types;
  private final int label;
  private final Side out = new Side();
  private final Side in = new Side();
  private final ListCursor cursor = new ListCursor();
  private final Expansion leaving;
  private long[] slots = new long[0];

  /// The lists of one arena in a direction, sorted by what must be done to count them.
  private static final class Side {
    private @Nullable Catalog of;
    private int arena = -1;

    /// Of which all relationships count.
    private Lists[] whole = NO_LISTS;

    /// Whose relationships count if they lead to a node that has the label by now.
    private KnownKind[] tested = NO_KINDS;

    private @Nullable Lists mixed;

    /// Whether nothing but whole lists counts.
    boolean isWhole() {
      return tested.length == 0 && Objects.requireNonNull(mixed).isEmpty();
    }
  }

  /// @param types tokens of types, -1 for one that nobody has used; null for all
  /// @param label token, -1 for one that nobody has used, or [#ANY_LABEL]
  Degrees(RecordReading reading, Direction direction, int @Nullable [] types, int label) {
    this.reading = reading;
    this.direction = direction;
    this.types = types;
    this.label = label;
    this.leaving = new Expansion(reading, Direction.OUTGOING, types);
  }

  /// How many relationships a node has.
  public long of(long node) {
    return switch (direction) {
      case OUTGOING -> listed(node, true);
      case INCOMING -> listed(node, false);
      case BOTH -> {
        long leave = listed(node, true);
        long enter = listed(node, false);
        yield leave == 0 || enter == 0 ? leave + enter : leave + enter - loops(node);
      }
    };
  }

  /// How many relationships each of many nodes has; nodes of one arena, in the order of a scan,
  /// cost least.
  ///
  /// @param degrees where the numbers go
  public void ofAll(long[] nodes, int count, long[] degrees) {
    boolean oneWay = count > 0 && direction != Direction.BOTH;
    Side side = oneWay ? side(nodes[0], direction == Direction.OUTGOING) : null;
    if (side != null && side.isWhole() && areOfArena(side.arena, nodes, count)) {
      addLengths(side, nodes, count, degrees);
      return;
    }
    for (int i = 0; i < count; i++) {
      degrees[i] = of(nodes[i]);
    }
  }

  /// Adds how many relationships the nodes in the slots of a block have, also of those in which
  /// nobody is interested.
  ///
  /// @param degrees where the numbers go, by slot of the block
  /// @return false if lists do not tell: then nothing was added
  public boolean addAll(NodeBlock block, long[] degrees) {
    Side side =
        direction == Direction.BOTH
            ? null
            : side(block.firstNode(), direction == Direction.OUTGOING);
    if (side == null || !side.isWhole()) {
      return false;
    }
    for (Lists lists : side.whole) {
      lists.addLengths(Ids.slot(block.firstNode()), block.size(), degrees);
    }
    return true;
  }

  private static boolean areOfArena(int arena, long[] nodes, int count) {
    for (int i = 0; i < count; i++) {
      if (Ids.arena(nodes[i]) != arena) {
        return false;
      }
    }
    return true;
  }

  private void addLengths(Side side, long[] nodes, int count, long[] degrees) {
    if (slots.length < count) {
      slots = new long[count];
    }
    for (int i = 0; i < count; i++) {
      slots[i] = Ids.slot(nodes[i]);
    }
    Arrays.fill(degrees, 0, count, 0);
    for (Lists lists : side.whole) {
      lists.addLengths(slots, count, degrees);
    }
  }

  private long listed(long node, boolean leaves) {
    Side side = side(node, leaves);
    long slot = Ids.slot(node);
    long count = 0;
    for (Lists lists : side.whole) {
      count += lists.length(slot);
    }
    for (KnownKind one : side.tested) {
      count += tested(one, slot);
    }
    Lists mixed = Objects.requireNonNull(side.mixed);
    return mixed.isEmpty() ? count : count + mixed(mixed, slot);
  }

  private Side side(long node, boolean leaves) {
    Side side = leaves ? out : in;
    Catalog catalog = reading.catalog();
    int arena = Ids.arena(node);
    if (side.of != catalog || side.arena != arena) {
      sort(side, node, leaves);
      side.of = catalog;
      side.arena = arena;
    }
    return side;
  }

  private void sort(Side side, long node, boolean leaves) {
    List<Lists> whole = new ArrayList<>();
    List<KnownKind> tested = new ArrayList<>();
    for (KnownKind one : reading.kinds(node, leaves)) {
      int other = one.kind().other();
      if (!matches(one.kind().type())) {
        continue;
      }
      if (label >= 0 && reading.catalog().flip(other, label) != null) {
        tested.add(one);
      } else if (label == ANY_LABEL
          || label >= 0 && reading.catalog().arena(other).hasLabel(label)) {
        whole.add(one.lists());
      }
    }
    side.whole = whole.toArray(NO_LISTS);
    side.tested = tested.toArray(NO_KINDS);
    side.mixed = reading.lists(node, leaves);
  }

  private long tested(KnownKind one, long slot) {
    long count = 0;
    one.lists().open(slot, cursor);
    while (cursor.nextFragment()) {
      int width = cursor.entryBytes();
      int highHalf = width - 4;
      for (int i = 0; i < cursor.count(); i++) {
        long at = cursor.address() + (long) i * width + highHalf;
        long other = Ids.node(one.kind().other(), Memory.getInt(at) & 0xFFFFFFFFL);
        count += reading.hasLabel(other, label) ? 1 : 0;
      }
    }
    return count;
  }

  private long mixed(Lists mixed, long slot) {
    long[] dropped = reading.dropped();
    if (types == null && dropped == null && label == ANY_LABEL) {
      return mixed.length(slot);
    }
    long count = 0;
    mixed.open(slot, cursor);
    while (cursor.nextFragment()) {
      for (int i = 0; i < cursor.count(); i++) {
        long at = cursor.address() + i * 16L;
        long other = Memory.getLong(at);
        boolean counts =
            matches(Ids.type(Memory.getLong(at + 8)))
                && (dropped == null || !reading.isDropped(other))
                && reading.hasLabel(other, label);
        count += counts ? 1 : 0;
      }
    }
    return count;
  }

  /// How many of them are self-loops.
  public long loops(long node) {
    if (!reading.hasLabel(node, label)) {
      return 0;
    }
    leaving.open(node, node);
    long found = 0;
    while (leaving.next()) {
      found++;
    }
    return found;
  }

  private boolean matches(int type) {
    return Expansion.matches(types, type);
  }
}
