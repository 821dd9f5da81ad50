package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NumberSets;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// The pairs of neighbours of a part of a graph, each once, at the node that has fewer of them:
/// what counting triangles works on. Direction, parallels and self-loops do not matter. For
/// clustering a pair says whether relationships go both ways. Where triangles are only counted, the
/// pairs of a node are a set of [NumberSets]: most lead to small numbers, which share words.
///
/// Nodes are numbered anew, those with the most relationships first, so that the lists of pairs are
/// short and the marks of their values lie close together:
///
/// ```text
/// number      0 (a hub)   1            2              3
/// pairs       –           0            0 1            1        always with a smaller number
/// ```
///
/// Memory: 20 bytes a node, at most 4 bytes a pair, rounded up to 8 at each node, and for each
/// thread 2 bits a node and the relationships of one node.
final class OrderedPairs {
  private static final int CLASSES = 64 + 58 * 32;
  private static final int FIRST_ROOM = 1 << 12;

  private final Kernel kernel;
  private final Positions positions;
  private final boolean asSets;
  private final Neighbours[] out;
  private final Neighbours[] in;
  private final long numbers; // by position
  private final long addresses; // by number
  private final long counts; // by number: of pairs, or of what is in no word of a set
  private final long words; // by number: of a set
  private final long degrees; // by number: where there are no sets
  private final long[] marks; // of each thread: those met along, and against the direction
  private final long[] otherMarks;
  private final long[] found;
  private final long[] room;

  /// @param asSets whether pairs are sets; else all neighbours of each node are counted too
  OrderedPairs(Kernel kernel, boolean asSets) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.asSets = asSets;
    this.out = kernel.neighbours(kernel.part().along(Direction.OUTGOING));
    this.in = kernel.neighbours(kernel.part().along(Direction.INCOMING));
    Scratch work = kernel.newScratch();
    long nodes = positions.nodes();
    this.numbers = work.allocate(positions.count() * 4);
    this.addresses = work.allocate(nodes * 8);
    this.counts = kernel.zeroed(work, nodes * 4);
    this.words = asSets ? kernel.zeroed(work, nodes * 4) : 0;
    this.degrees = asSets ? 0 : kernel.zeroed(work, nodes * 4);
    int threads = kernel.crew().size();
    this.marks = new long[threads];
    this.otherMarks = new long[threads];
    this.found = new long[threads];
    this.room = new long[threads];
    for (int i = 0; i < threads; i++) {
      marks[i] = kernel.zeroed(work, markBytes());
      otherMarks[i] = kernel.zeroed(work, markBytes());
      found[i] = work.allocate(FIRST_ROOM * 4L);
      room[i] = FIRST_ROOM;
    }
    number();
    kernel.tell("nodes ordered", 1, 3, nodes);
    boolean always = kernel.part().direction() == Direction.BOTH;
    kernel.forEachWord((word, wanted, worker) -> collect(word, wanted, always, worker));
    kernel.tell("pairs collected", 2, 3, nodes);
  }

  private long markBytes() {
    return (positions.nodes() + 63 >>> 6) * 8;
  }

  /// Numbers the nodes by degree, roughly: those of one class keep their order.
  private void number() {
    kernel.forEachWord(this::classify);
    long[] starts = new long[CLASSES + 1];
    Worker worker = kernel.crew().caller();
    for (long at = positions.next(0); at >= 0; at = positions.next(at + 1)) {
      starts[Memory.getInt(numbers + at * 4)]++;
      worker.steps(1);
    }
    long next = 0;
    for (int i = CLASSES; i >= 0; i--) { // the greatest degrees first
      long size = starts[i];
      starts[i] = next;
      next += size;
    }
    for (long at = positions.next(0); at >= 0; at = positions.next(at + 1)) {
      int of = Memory.getInt(numbers + at * 4);
      Memory.putInt(numbers + at * 4, (int) starts[of]++);
      worker.steps(1);
    }
  }

  private void classify(long word, long wanted, Worker worker) {
    long[] lengths = worker.lengths();
    Arrays.fill(lengths, 0);
    int count = addLengths(out[worker.index()], word, wanted, lengths, worker);
    addLengths(in[worker.index()], word, wanted, lengths, worker);
    long bits = wanted;
    for (int i = 0; i < count; i++, bits &= bits - 1) {
      long position = (word << 6) + Long.numberOfTrailingZeros(bits);
      Memory.putInt(numbers + position * 4, classOf(lengths[i]));
    }
  }

  private static int addLengths(
      Neighbours walk, long word, long wanted, long[] lengths, Worker worker) {
    int count = walk.beginWord(word, wanted);
    while (walk.nextLists()) {
      for (int i = 0; i < count; i++) {
        long length = walk.length(i);
        lengths[i] += length;
        worker.steps(walk.hasLookedAt() ? length : 1);
      }
    }
    return count;
  }

  /// A degree below 64, or its highest six bits and their place.
  static int classOf(long degree) {
    if (degree < 64) {
      return (int) degree;
    }
    int highest = 63 - Long.numberOfLeadingZeros(degree);
    return 64 + (highest - 6) * 32 + (int) (degree >>> highest - 5 & 31);
  }

  /// Collects the pairs of the nodes of a word.
  private void collect(long word, long wanted, boolean always, Worker worker) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      long position = (word << 6) + Long.numberOfTrailingZeros(bits);
      int number = Memory.getInt(numbers + position * 4);
      int count = collect(position, asSets ? number : Integer.MAX_VALUE, worker);
      if (asSets) {
        keepSet(number, count, worker);
      } else {
        int me = worker.index();
        ListMarks.toPairs(found[me], count, marks[me], otherMarks[me], always);
        keep(number, dropHigher(found[me], count, number), worker);
      }
    }
  }

  private int collect(long position, int below, Worker worker) {
    int me = worker.index();
    int count = collect(out[me], position, below, marks[me], otherMarks[me], 0, worker);
    return collect(in[me], position, below, otherMarks[me], marks[me], count, worker);
  }

  private int collect(
      Neighbours walk, long position, int below, long mine, long other, int before, Worker worker) {
    int me = worker.index();
    int count = before;
    walk.beginOne(position);
    while (walk.nextLists()) {
      walk.open(0);
      while (walk.next()) {
        makeRoom(count, walk.count(), worker);
        count +=
            ListMarks.collect(
                walk.address(),
                walk.count(),
                walk.limit(),
                numbers + walk.base() * 4,
                below,
                mine,
                other,
                found[me] + count * 4L);
        worker.steps(walk.count());
      }
    }
    return count;
  }

  private void makeRoom(int count, int more, Worker worker) {
    int me = worker.index();
    if (count + (long) more > room[me]) {
      room[me] = Math.max(2 * room[me], count + (long) more);
      long larger = worker.scratch().allocate(room[me] * 4);
      Memory.copy(found[me], larger, count * 4L);
      found[me] = larger;
    }
  }

  /// Counts all neighbours of a node, and leaves those with smaller numbers.
  private int dropHigher(long pairs, int count, int number) {
    int kept = 0;
    int others = 0;
    for (int i = 0; i < count; i++) {
      int pair = Memory.getInt(pairs + i * 4L);
      others += pair >>> 1 == number ? 0 : 1;
      if (pair >>> 1 < number) {
        Memory.putInt(pairs + kept++ * 4L, pair);
      }
    }
    Memory.putInt(degrees + number * 4L, others);
    return kept;
  }

  private void keep(int number, int count, Worker worker) {
    if (count == 0) {
      return;
    }
    long kept = worker.scratch().allocate(count * 4L);
    Memory.copy(found[worker.index()], kept, count * 4L);
    Memory.putLong(addresses + number * 8L, kept);
    Memory.putInt(counts + number * 4L, count);
  }

  private void keepSet(int number, int count, Worker worker) {
    if (count == 0) {
      return;
    }
    int me = worker.index();
    Scratch scratch = worker.scratch();
    long set = scratch.allocate(count * 4L);
    long made = NumberSets.make(found[me], count, marks[me], otherMarks[me], set);
    int ofWords = (int) (made >>> 32);
    int singles = (int) made;
    long spared = (count * 4L + 7 & -8L) - (NumberSets.bytes(ofWords, singles) + 7 & -8L);
    scratch.release(scratch.mark() - spared);
    Memory.putLong(addresses + number * 8L, set);
    Memory.putInt(words + number * 4L, ofWords);
    Memory.putInt(counts + number * 4L, singles);
  }

  /// The number of the node at a position.
  int number(long position) {
    return Memory.getInt(numbers + position * 4);
  }

  /// The address of the pairs of a number, or of their set.
  long pairs(int number) {
    return Memory.getLong(addresses + number * 8L);
  }

  /// How many pairs a number has, or how many of them are in no word of their set.
  int count(int number) {
    return Memory.getInt(counts + number * 4L);
  }

  /// How many words the set of a number has.
  int words(int number) {
    return Memory.getInt(words + number * 4L);
  }

  /// How many neighbours the node of a number has, where there are no sets.
  int degree(int number) {
    return Memory.getInt(degrees + number * 4L);
  }

  /// Bits of a thread, a bit a number, all clear.
  long marks(Worker worker) {
    return marks[worker.index()];
  }

  /// More of them.
  long otherMarks(Worker worker) {
    return otherMarks[worker.index()];
  }
}
