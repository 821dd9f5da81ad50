package dev.quarry.graph.kernel;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.NodeBlock;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.RecordReading;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The nodes that a kernel is about, numbered densely: a position is the base of the node's arena
/// and its slot.
///
/// ```text
///            arena 0               arena 3
/// positions  ├─────────────────────┼──────────┤        bases are multiples of 64
/// present    1101101…    …0010100  1111…  …110          a bit each: wanted, and live
/// ```
///
/// Invariant: an arena is *whole* if all its live nodes are wanted, so that what its lists lead to
/// is wanted unasked. Threads: any, once made.
public final class Positions {
  /// The most positions, so that one fits into an `int`.
  static final long MOST = Integer.MAX_VALUE - 64;

  private final long[] bases; // by arena; -1 for one that no node is wanted of
  private final long[] sizes;
  private final boolean[] whole;
  private final int[] arenas; // the wanted ones, by base
  private int used; // how many they are
  private long count;
  private long nodes;
  private long bits;

  private Positions(int arenaCount) {
    this.bases = new long[arenaCount];
    this.sizes = new long[arenaCount];
    this.whole = new boolean[arenaCount];
    this.arenas = new int[arenaCount];
    Arrays.fill(bases, -1);
  }

  /// Numbers the nodes of a part of the graph.
  ///
  /// @param scratch where their bits go
  /// @param pace looks whether to go on, a step for each slot
  static Positions of(
      RecordReading reading, @Nullable List<Integer> labels, Scratch scratch, Pace pace) {
    Positions positions = new Positions(reading.catalog().arenas().size());
    if (labels == null) {
      positions.measure(reading.scanAll(), pace);
    } else {
      labels.forEach(label -> positions.measure(reading.scan(label), pace));
    }
    positions.lay();
    positions.bits = scratch.allocateZeroed(positions.words() * 8);
    if (labels == null) {
      positions.mark(reading.scanAll(), pace);
    } else {
      labels.forEach(label -> positions.mark(reading.scan(label), pace));
    }
    positions.count(reading);
    return positions;
  }

  private void measure(NodeScan scan, Pace pace) {
    NodeBlock block = new NodeBlock();
    while (scan.next(block)) {
      int arena = Ids.arena(block.firstNode());
      sizes[arena] = Math.max(sizes[arena], Ids.slot(block.firstNode()) + block.size());
      pace.steps(block.size());
    }
  }

  /// Gives each arena its base.
  private void lay() {
    int wanted = 0;
    for (int arena = 0; arena < bases.length; arena++) {
      if (sizes[arena] > 0) {
        bases[arena] = count;
        count += sizes[arena] + 63 & ~63L;
        arenas[wanted++] = arena;
      }
    }
    if (count > MOST) {
      throw new GraphException(
          ErrorCode.LIMIT_EXCEEDED,
          "an algorithm over %,d slots of nodes; it can take %,d".formatted(count, MOST),
          "choose nodes by label");
    }
    used = wanted;
  }

  private void mark(NodeScan scan, Pace pace) {
    NodeBlock block = new NodeBlock();
    while (scan.next(block)) {
      long base = bases[Ids.arena(block.firstNode())] + Ids.slot(block.firstNode());
      long[] wanted = block.wanted();
      for (int i = 0; i < block.size() + 63 >>> 6; i++) {
        long word = bits + (base >>> 3) + i * 8L;
        Memory.putLong(word, Memory.getLong(word) | wanted[i]);
      }
      pace.steps(block.size());
    }
  }

  private void count(RecordReading reading) {
    for (int i = 0; i < used; i++) {
      int arena = arenas[i];
      long present = 0;
      for (long word = 0; word < sizes[arena] + 63 >>> 6; word++) {
        present += Long.bitCount(word((bases[arena] >>> 6) + word));
      }
      nodes += present;
      whole[arena] = present == reading.nodeCount(arena);
    }
  }

  /// How many positions there are, those of no wanted node included.
  public long count() {
    return count;
  }

  /// How many nodes are wanted.
  public long nodes() {
    return nodes;
  }

  /// How many words have a bit for each position.
  long words() {
    return count >>> 6;
  }

  /// The bits of 64 positions: which of them are of wanted nodes.
  long word(long index) {
    return Memory.getLong(bits + index * 8);
  }

  /// Whether a position is that of a wanted node.
  boolean isPresent(long position) {
    return (word(position >>> 6) >>> position & 1) != 0;
  }

  /// The first position from one on that has a wanted node; -1 at the end.
  long next(long from) {
    for (long index = from >>> 6; index < words(); index++) {
      long word = word(index) & (index == from >>> 6 ? -1L << from : -1L);
      if (word != 0) {
        return (index << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return -1;
  }

  /// The position of a node; -1 if it is not wanted.
  public long of(long node) {
    long base = base(Ids.arena(node));
    long slot = Ids.slot(node);
    boolean known = base >= 0 && slot < sizes[Ids.arena(node)];
    return known && isPresent(base + slot) ? base + slot : -1;
  }

  /// The id of the node at a position.
  public long node(long position) {
    int arena = arena(position);
    return Ids.node(arena, position - bases[arena]);
  }

  /// The arena that a position lies in.
  int arena(long position) {
    int low = 0;
    int high = used - 1;
    while (low < high) {
      int middle = low + high + 1 >>> 1;
      if (bases[arenas[middle]] <= position) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return arenas[low];
  }

  /// The base of an arena; -1 if no node of it is wanted.
  long base(int arena) {
    return arena < bases.length ? bases[arena] : -1;
  }

  /// How many slots of an arena have a position.
  long size(int arena) {
    return sizes[arena];
  }

  /// Whether all live nodes of an arena are wanted.
  boolean isWhole(int arena) {
    return whole[arena];
  }
}
