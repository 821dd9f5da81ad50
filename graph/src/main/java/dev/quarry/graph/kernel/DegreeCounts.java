package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.RadixSort;
import dev.quarry.storage.memory.Scratch;

/// How many nodes have each degree: a counter for each low degree, the few high ones sorted.
///
/// ```text
/// counters  ┌──────────┬──────────┬─ ─ ─ ┐     high  ┌────────┬────────┬─ ─ ─ ┐
///           │ degree 0 │ degree 1 │      │           │ 70,123 │ 90,000 │      │
///           └──────────┴──────────┴─ ─ ─ ┘           └────────┴────────┴─ ─ ─ ┘
/// ```
///
/// Used by one thread at a time; the memory is given back when it is closed.
public final class DegreeCounts implements AutoCloseable {
  private static final int LOW = 1 << 16;

  private final Scratch memory;
  private final long counters;
  private long high;
  private long highCount;

  private DegreeCounts(Scratch memory) {
    this.memory = memory;
    this.counters = memory.allocateZeroed(LOW * 8L);
  }

  /// Counts degrees in the direction of the part. Memory: 8 bytes a node while it runs, 512 KiB
  /// afterwards, and 8 bytes for each node of a degree of 65,536 or more.
  ///
  /// @param memory for the counts
  public static DegreeCounts run(Kernel kernel, Scratch memory) {
    DegreeCounts counts = new DegreeCounts(memory);
    try (NodeCells degrees = Degrees.run(kernel)) {
      counts.count(kernel, degrees);
      return counts;
    } catch (Throwable thrown) {
      counts.close();
      throw thrown;
    }
  }

  private void count(Kernel kernel, NodeCells degrees) {
    Worker worker = kernel.crew().caller();
    for (long at = degrees.next(0); at >= 0; at = degrees.next(at + 1)) {
      long degree = degrees.integer(at);
      if (degree < LOW) {
        long counter = counters + degree * 8;
        Memory.putLong(counter, Memory.getLong(counter) + 1);
      } else {
        highCount++;
      }
      worker.steps(1);
    }
    if (highCount > 0) {
      sortHigh(degrees, worker);
    }
  }

  private void sortHigh(NodeCells degrees, Worker worker) {
    long records = memory.allocate(highCount * 8);
    long spare = memory.allocate(highCount * 8);
    long found = 0;
    for (long at = degrees.next(0); at >= 0; at = degrees.next(at + 1)) {
      if (degrees.integer(at) >= LOW) {
        Memory.putLong(records + found++ * 8, degrees.integer(at));
      }
      worker.steps(1);
    }
    high = RadixSort.sort(records, spare, highCount, 8);
  }

  /// The least degree that some node has, from one on; -1 if there is none.
  public long next(long from) {
    for (long degree = from; degree < LOW; degree++) {
      if (Memory.getLong(counters + degree * 8) > 0) {
        return degree;
      }
    }
    long at = firstHigh(from);
    return at < highCount ? Memory.getLong(high + at * 8) : -1;
  }

  /// How many nodes have a degree.
  public long nodes(long degree) {
    return degree < LOW
        ? Memory.getLong(counters + degree * 8)
        : firstHigh(degree + 1) - firstHigh(degree);
  }

  /// How many high degrees are less than one.
  private long firstHigh(long degree) {
    long low = 0;
    long end = highCount;
    while (low < end) {
      long middle = low + end >>> 1;
      if (Memory.getLong(high + middle * 8) < degree) {
        low = middle + 1;
      } else {
        end = middle;
      }
    }
    return low;
  }

  @Override
  public void close() {
    memory.close();
  }
}
