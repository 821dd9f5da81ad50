package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.SocialStore;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The right answers, from arrays on the heap by the plainest way there is. It shares no code with
/// any contestant, so Quarry can be wrong as well.
final class Oracle implements PeerStore {
  private final int[] group;
  private final int[] score;
  private final int[] outFrom;
  private final int[] out;
  private final int[] inDegree;
  private final DataSet data;
  private @Nullable SocialOracle social;
  private long inserted;

  Oracle(DataSet data) throws Exception {
    this.data = data;
    group = new int[data.nodeCount()];
    score = new int[data.nodeCount()];
    DataSet.read(
        data.nodes(),
        fields -> {
          group[fields[0]] = fields[1];
          score[fields[0]] = fields[2];
        });
    outFrom = new int[data.nodeCount() + 1];
    inDegree = new int[data.nodeCount()];
    DataSet.read(
        data.edges(),
        fields -> {
          outFrom[fields[0] + 1]++;
          inDegree[fields[1]]++;
        });
    for (int id = 0; id < group.length; id++) {
      outFrom[id + 1] += outFrom[id];
    }
    out = new int[outFrom[group.length]];
    int[] next = outFrom.clone();
    DataSet.read(data.edges(), fields -> out[next[fields[0]]++] = fields[1]);
  }

  @Override
  public long nodes() {
    return group.length;
  }

  @Override
  public long relationships() {
    return out.length + inserted;
  }

  @Override
  public long lookUp(int[] ids) {
    long sum = 0;
    for (int id : ids) {
      sum += score[id];
    }
    return sum;
  }

  @Override
  public long hops(int start, int steps) {
    BitSet front = new BitSet();
    front.set(start);
    for (int step = 0; step < steps; step++) {
      front = after(front);
    }
    return front.cardinality();
  }

  @Override
  public long walk(int start, int steps) {
    return hops(start, steps);
  }

  @Override
  public long within(int start, int steps) {
    BitSet all = new BitSet();
    BitSet front = new BitSet();
    front.set(start);
    for (int step = 0; step < steps; step++) {
      front = after(front);
      all.or(front);
    }
    return all.cardinality();
  }

  private BitSet after(BitSet front) {
    BitSet next = new BitSet();
    front.stream()
        .forEach(
            node -> {
              for (int i = outFrom[node]; i < outFrom[node + 1]; i++) {
                next.set(out[i]);
              }
            });
    return next;
  }

  @Override
  public long paths(Paths kind, int below) {
    long count = 0;
    BitSet ends = new BitSet();
    for (int middle = 0; middle < group.length; middle++) {
      if (kind == Paths.MIDDLE && score[middle] >= below) {
        continue;
      }
      for (int i = outFrom[middle]; i < outFrom[middle + 1]; i++) {
        if (kind == Paths.END && score[out[i]] >= below) {
          continue;
        }
        count += inDegree[middle];
        if (inDegree[middle] > 0) {
          ends.set(out[i]);
        }
      }
    }
    return kind == Paths.DISTINCT ? ends.cardinality() : count;
  }

  @Override
  public Sum pathsByGroup() {
    BitSet groups = new BitSet();
    long sum = 0;
    for (int middle = 0; middle < group.length; middle++) {
      long count = (long) inDegree[middle] * (outFrom[middle + 1] - outFrom[middle]);
      if (count > 0) {
        groups.set(group[middle]);
        sum += (group[middle] + 1) * count;
      }
    }
    return new Sum(groups.cardinality(), sum);
  }

  @Override
  public long triangles() {
    long count = 0;
    BitSet marked = new BitSet();
    for (int a = 0; a < group.length; a++) {
      for (int i = outFrom[a]; i < outFrom[a + 1]; i++) {
        marked.set(out[i]);
      }
      for (int i = outFrom[a]; i < outFrom[a + 1]; i++) {
        for (int j = outFrom[out[i]]; j < outFrom[out[i] + 1]; j++) {
          if (marked.get(out[j])) {
            count++;
          }
        }
      }
      for (int i = outFrom[a]; i < outFrom[a + 1]; i++) {
        marked.clear(out[i]);
      }
    }
    return count;
  }

  @Override
  public Reach breadthFirst(int start) {
    BitSet seen = new BitSet();
    BitSet front = new BitSet();
    front.set(start);
    long distances = 0;
    for (int distance = 0; !front.isEmpty(); distance++) {
      seen.or(front);
      distances += (long) distance * front.cardinality();
      front = after(front);
      front.andNot(seen);
    }
    return new Reach(seen.cardinality() - 1, distances);
  }

  @Override
  public Ranks pageRank(int iterations) {
    double nodes = group.length;
    double[] ranks = new double[group.length];
    Arrays.fill(ranks, 1 / nodes);
    for (int i = 0; i < iterations; i++) {
      double lost = 0;
      double[] handedOn = new double[group.length];
      for (int node = 0; node < group.length; node++) {
        int degree = outFrom[node + 1] - outFrom[node];
        lost += degree == 0 ? ranks[node] : 0;
        for (int at = outFrom[node]; at < outFrom[node + 1]; at++) {
          handedOn[out[at]] += ranks[node] / degree;
        }
      }
      for (int node = 0; node < group.length; node++) {
        ranks[node] = 0.15 / nodes + 0.85 * (handedOn[node] + lost / nodes);
      }
    }
    double known = 0;
    for (int node = 0; node < Math.min(KNOWN, ranks.length); node++) {
      known += (node + 1) * ranks[node];
    }
    return new Ranks(
        Arrays.stream(ranks).sum(), Arrays.stream(ranks).map(rank -> rank * rank).sum(), known);
  }

  /// By giving all nodes the least number that a neighbour has, until none changes.
  @Override
  public Sum components(int node) {
    int[] names = new int[group.length];
    Arrays.setAll(names, id -> id);
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int from = 0; from < group.length; from++) {
        for (int at = outFrom[from]; at < outFrom[from + 1]; at++) {
          int least = Math.min(names[from], names[out[at]]);
          changed |= names[from] != names[out[at]];
          names[from] = least;
          names[out[at]] = least;
        }
      }
    }
    return new Sum(
        Arrays.stream(names).distinct().count(),
        Arrays.stream(names).filter(name -> name == names[node]).count());
  }

  @Override
  public Sum filter(int below) {
    long count = 0;
    long sum = 0;
    for (int value : score) {
      if (value < below) {
        count++;
        sum += value;
      }
    }
    return new Sum(count, sum);
  }

  @Override
  public Sum sumByGroup() {
    BitSet groups = new BitSet();
    long sum = 0;
    for (int id = 0; id < group.length; id++) {
      groups.set(group[id]);
      sum += (group[id] + 1L) * score[id];
    }
    return new Sum(groups.cardinality(), sum);
  }

  @Override
  public Sum scan() {
    long sum = 0;
    for (int target : out) {
      sum += target;
    }
    return new Sum(out.length, sum);
  }

  @Override
  public SocialStore social() throws IOException {
    if (social == null) {
      social = new SocialOracle(data.social());
    }
    return social;
  }

  @Override
  public void commit(int source, int target) {
    inserted++;
  }

  @Override
  public void insert(int[] sources, int[] targets) {
    inserted += sources.length;
  }

  @Override
  public void durable(boolean durable) {}

  @Override
  public void close() {}
}
