package dev.quarry.bench.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The kernels of Quarry as one writes them by hand over `int[]`: the same algorithms with the same
/// thresholds, nothing checked, nothing cancelled, one arena. Triangles are compared with marks
/// number by number, where Quarry compares up to 64 at once.
public final class HeapKernels {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int GRAIN = 4096;
  private static final int QUEUE_GRAIN = 512;

  private final HeapGraph graph;
  private final Threads threads;

  public HeapKernels(HeapGraph graph, Threads threads) {
    this.graph = graph;
    this.threads = threads;
  }

  /// Depths from a source; -1 where there is no path.
  public int[] bfs(int source) {
    int n = graph.nodes();
    int[] depths = new int[n];
    Arrays.fill(depths, -1);
    int[] queue = new int[n];
    AtomicInteger queued = new AtomicInteger(1);
    depths[source] = 0;
    queue[0] = source;
    long unlooked = graph.relationships();
    int start = 0;
    int depth = 0;
    while (start < queued.get()) {
      int end = queued.get();
      long ofFrontier = 0;
      for (int i = start; i < end; i++) {
        ofFrontier += graph.out().degree(queue[i]);
      }
      if (end - start > 64 && ofFrontier > unlooked / 15) {
        depth = climbAll(depths, queue, start, end, depth, queued);
        start = end;
      } else {
        unlooked -= ofFrontier;
        depth++;
        expand(depths, queue, start, end, depth, queued);
        start = end;
      }
    }
    return depths;
  }

  private void expand(
      int[] depths, int[] queue, int start, int end, int depth, AtomicInteger queued) {
    boolean shared = threads.count() > 1 && end - start > QUEUE_GRAIN;
    int[] starts = graph.out().starts();
    int[] targets = graph.out().targets();
    threads.share(
        end - start,
        QUEUE_GRAIN,
        (thread, from, to) -> {
          int[] found = new int[1 << 14];
          int count = 0;
          for (int at = start + from; at < start + to; at++) {
            int node = queue[at];
            for (int i = starts[node]; i < starts[node + 1]; i++) {
              int target = targets[i];
              if (depths[target] == -1) {
                if (shared) {
                  if (!CELL.compareAndSet(depths, target, -1, depth)) {
                    continue;
                  }
                } else {
                  depths[target] = depth;
                }
                if (count == found.length) {
                  System.arraycopy(found, 0, queue, queued.getAndAdd(count), count);
                  count = 0;
                }
                found[count++] = target;
              }
            }
          }
          System.arraycopy(found, 0, queue, queued.getAndAdd(count), count);
        });
  }

  private int climbAll(
      int[] depths, int[] queue, int start, int end, int first, AtomicInteger queued) {
    int n = graph.nodes();
    long[] frontier = new long[(n >> 6) + 1];
    long[] next = new long[(n >> 6) + 1];
    for (int i = start; i < end; i++) {
      frontier[queue[i] >> 6] |= 1L << queue[i];
    }
    int depth = first;
    long now = end - start;
    long before;
    do {
      before = now;
      depth++;
      now = climb(depths, frontier, next, depth);
      long[] swap = frontier;
      frontier = next;
      next = swap;
    } while (now > 0 && (now >= before || now > n / 18));
    int at = queued.get();
    for (int word = 0; word < frontier.length; word++) {
      for (long bits = frontier[word]; bits != 0; bits &= bits - 1) {
        queue[at++] = (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    queued.set(at);
    return depth;
  }

  private long climb(int[] depths, long[] frontier, long[] next, int depth) {
    int[] starts = graph.in().starts();
    int[] targets = graph.in().targets();
    AtomicLong reached = new AtomicLong();
    threads.share(
        graph.nodes(),
        GRAIN,
        (thread, from, to) -> {
          long count = 0;
          Arrays.fill(next, from >> 6, to + 63 >> 6, 0);
          for (int node = from; node < to; node++) {
            if (depths[node] == -1) {
              for (int i = starts[node]; i < starts[node + 1]; i++) {
                int other = targets[i];
                if ((frontier[other >> 6] >>> other & 1) != 0) {
                  depths[node] = depth;
                  next[node >> 6] |= 1L << node;
                  count++;
                  break;
                }
              }
            }
          }
          reached.addAndGet(count);
        });
    return reached.get();
  }

  /// Ranks after some iterations.
  public double[] pageRank(int iterations) {
    int n = graph.nodes();
    double[] ranks = new double[n];
    double[] inverses = new double[n];
    double[][] shares = {new double[n], new double[n]};
    double[] lost = new double[n / GRAIN + 1];
    int[] starts = graph.in().starts();
    int[] targets = graph.in().targets();
    threads.share(
        n,
        GRAIN,
        (thread, from, to) -> {
          double kept = 0;
          for (int node = from; node < to; node++) {
            int degree = graph.out().degree(node);
            inverses[node] = degree == 0 ? 0 : 1.0 / degree;
            ranks[node] = 1.0 / n;
            shares[0][node] = ranks[node] * inverses[node];
            kept += degree == 0 ? ranks[node] : 0;
          }
          lost[from / GRAIN] = kept;
        });
    for (int iteration = 0; iteration < iterations; iteration++) {
      double everyone = (0.15 + 0.85 * Arrays.stream(lost).sum()) / n;
      double[] share = shares[iteration & 1];
      double[] nextShare = shares[iteration + 1 & 1];
      threads.share(
          n,
          GRAIN,
          (thread, from, to) -> {
            for (int piece = from; piece < to; piece += GRAIN) {
              int end = Math.min(piece + GRAIN, to);
              double kept = 0;
              for (int node = piece; node < end; node++) {
                double sum = 0;
                for (int i = starts[node]; i < starts[node + 1]; i++) {
                  sum += share[targets[i]];
                }
                double rank = everyone + 0.85 * sum;
                ranks[node] = rank;
                nextShare[node] = rank * inverses[node];
                kept += inverses[node] == 0 ? rank : 0;
              }
              lost[piece / GRAIN] = kept;
            }
          });
    }
    return ranks;
  }

  /// The least node of each component.
  public int[] wcc() {
    int n = graph.nodes();
    int[] sets = new int[n];
    for (int i = 0; i < n; i++) {
      sets[i] = i;
    }
    threads.share(n, GRAIN, (thread, from, to) -> linkSome(sets, from, to));
    threads.share(n, GRAIN, (thread, from, to) -> flatten(sets, from, to));
    int largest = largest(sets);
    threads.share(
        n,
        GRAIN,
        (thread, from, to) -> {
          for (int node = from; node < to; node++) {
            if (sets[node] != largest) {
              linkAll(sets, node, graph.out());
              linkAll(sets, node, graph.in());
            }
          }
        });
    threads.share(n, GRAIN, (thread, from, to) -> flatten(sets, from, to));
    return sets;
  }

  private void linkSome(int[] sets, int from, int to) {
    int[] starts = graph.out().starts();
    int[] targets = graph.out().targets();
    for (int node = from; node < to; node++) {
      int end = Math.min(starts[node] + 2, starts[node + 1]);
      for (int i = starts[node]; i < end; i++) {
        link(sets, node, targets[i]);
      }
    }
  }

  private static void linkAll(int[] sets, int node, HeapGraph.Rows rows) {
    for (int i = rows.starts()[node]; i < rows.starts()[node + 1]; i++) {
      link(sets, node, rows.targets()[i]);
    }
  }

  private static void link(int[] sets, int a, int b) {
    int one = sets[a];
    int other = sets[b];
    while (one != other) {
      int high = Math.max(one, other);
      int low = Math.min(one, other);
      int above = sets[high];
      if (above == low || above == high && CELL.compareAndSet(sets, high, high, low)) {
        return;
      }
      one = sets[sets[high]];
      other = sets[low];
    }
  }

  private static void flatten(int[] sets, int from, int to) {
    for (int node = from; node < to; node++) {
      while (sets[node] != sets[sets[node]]) {
        sets[node] = sets[sets[node]];
      }
    }
  }

  private static int largest(int[] sets) {
    SplittableRandom random = new SplittableRandom(1);
    int[] roots = random.ints(1024, 0, sets.length).map(node -> sets[node]).sorted().toArray();
    int best = 0;
    int bestVotes = 0;
    for (int i = 0, votes = 0; i < roots.length; i++) {
      votes = i > 0 && roots[i] == roots[i - 1] ? votes + 1 : 1;
      if (votes > bestVotes) {
        bestVotes = votes;
        best = roots[i];
      }
    }
    return best;
  }

  /// Nodes other than the source within some hops.
  public long within(int source, int hops) {
    long[] met = new long[(graph.nodes() >> 6) + 1];
    int[] queue = new int[graph.nodes()];
    int[] starts = graph.out().starts();
    int[] targets = graph.out().targets();
    met[source >> 6] |= 1L << source;
    queue[0] = source;
    int end = 1;
    int start = 0;
    long count = 0;
    for (int hop = 1; hop <= hops; hop++) {
      int levelEnd = end;
      for (; start < levelEnd; start++) {
        int node = queue[start];
        for (int i = starts[node]; i < starts[node + 1]; i++) {
          int target = targets[i];
          if ((met[target >> 6] >>> target & 1) == 0) {
            met[target >> 6] |= 1L << target;
            count++;
            if (hop < hops) {
              queue[end++] = target;
            }
          }
        }
      }
    }
    return count;
  }

  /// Triangles, directions and doubles left aside: the lists in both directions are merged, ordered
  /// by degree, and compared by marks.
  public long triangles() {
    int[] numbers = numbers();
    int n = graph.nodes();
    int[][] lower = new int[n][];
    threads.share(
        n,
        GRAIN,
        (thread, from, to) -> {
          for (int node = from; node < to; node++) {
            lower[numbers[node]] = lower(node, numbers);
          }
        });
    AtomicLong total = new AtomicLong();
    long[][] marks = new long[threads.count()][(n >> 6) + 1];
    threads.share(
        n,
        GRAIN,
        (thread, from, to) -> {
          long found = 0;
          long[] mark = marks[thread];
          for (int number = from; number < to; number++) {
            if (lower[number].length > 1) {
              for (int other : lower[number]) {
                mark[other >> 6] |= 1L << other;
              }
              for (int other : lower[number]) {
                for (int third : lower[other]) {
                  found += mark[third >> 6] >>> third & 1;
                }
              }
              for (int other : lower[number]) {
                mark[other >> 6] = 0;
              }
            }
          }
          total.addAndGet(found);
        });
    return total.get();
  }

  private int[] lower(int node, int[] numbers) {
    int own = numbers[node];
    int[] found = new int[graph.out().degree(node) + graph.in().degree(node)];
    int count = 0;
    for (HeapGraph.Rows rows : new HeapGraph.Rows[] {graph.out(), graph.in()}) {
      for (int i = rows.starts()[node]; i < rows.starts()[node + 1]; i++) {
        int number = numbers[rows.targets()[i]];
        if (number < own) {
          found[count++] = number;
        }
      }
    }
    Arrays.sort(found, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || found[i] != found[i - 1]) {
        found[kept++] = found[i];
      }
    }
    return Arrays.copyOf(found, kept);
  }

  /// Numbers by degree, the greatest first.
  private int[] numbers() {
    int n = graph.nodes();
    long[] order = new long[n];
    for (int node = 0; node < n; node++) {
      long degree = graph.out().degree(node) + graph.in().degree(node);
      order[node] = (Integer.MAX_VALUE - degree) << 32 | node;
    }
    Arrays.sort(order);
    int[] numbers = new int[n];
    for (int i = 0; i < n; i++) {
      numbers[(int) order[i]] = i;
    }
    return numbers;
  }
}
