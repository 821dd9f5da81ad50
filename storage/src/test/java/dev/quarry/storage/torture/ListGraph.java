package dev.quarry.storage.torture;

import dev.quarry.storage.torture.ListCheck.Anomaly;
import dev.quarry.storage.torture.ListCheck.Finding;
import dev.quarry.storage.torture.ListHistory.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who depends on whom: transactions, and an edge from each one to those that must come later.
///
/// ```text
/// WW  the second appends right behind the first      WR  the second reads what the first appended
/// RW  the second appends what the first did not see  RT  the second began after the first ended
/// ```
///
/// A history is serialisable in the order of time if there is no cycle. Which anomaly a cycle is
/// follows from its edges: the fewest kinds that still make one. RW edges next to each other make
/// the difference between a long fork, which snapshots exclude, and write skew, which they allow.
///
/// RT edges lead through *moments*, one for each end of a transaction, each followed by the next.
final class ListGraph {
  enum Kind {
    WW,
    WR,
    RW,
    RT
  }

  private record Edge(Kind kind, int key, int from, int to) {}

  private static final Set<Kind> WRITES = EnumSet.of(Kind.WW);
  private static final Set<Kind> SEEN = EnumSet.of(Kind.WW, Kind.WR);
  private static final Set<Kind> UNSEEN = EnumSet.of(Kind.RW);
  private static final Set<Kind> TIME = EnumSet.of(Kind.RT);
  private static final Set<Kind> DATA = EnumSet.of(Kind.WW, Kind.WR, Kind.RW);
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

  private final List<Transaction> transactions;
  private final Map<Transaction, Integer> numbers = new HashMap<>();
  private final List<List<Edge>> from = new ArrayList<>();

  ListGraph(List<Transaction> transactions) {
    this.transactions = transactions;
    for (Transaction transaction : transactions) {
      numbers.put(transaction, numbers.size());
      from.add(new ArrayList<>());
    }
  }

  void add(Kind kind, int key, Transaction before, Transaction after) {
    if (before != after) {
      addEdge(new Edge(kind, key, numbers.get(before), numbers.get(after)));
    }
  }

  private void addEdge(Edge edge) {
    from.get(edge.from).add(edge);
  }

  /// What kind of cycle there is, the gravest first; empty if there is none.
  List<Finding> anomalies() {
    addTime();
    if (!cyclic()) {
      return List.of();
    }
    List<Edge> cycle = shortest(WRITES, WRITES, false);
    if (cycle != null) {
      return finding(Anomaly.G0, cycle);
    }
    cycle = shortest(SEEN, SEEN, false);
    if (cycle != null) {
      return finding(Anomaly.G1C, cycle);
    }
    cycle = shortest(UNSEEN, SEEN, false);
    if (cycle != null) {
      return finding(isLostUpdate(cycle) ? Anomaly.LOST_UPDATE : Anomaly.G_SINGLE, cycle);
    }
    cycle = shortest(UNSEEN, DATA, true);
    if (cycle != null) {
      return finding(Anomaly.LONG_FORK, cycle);
    }
    cycle = shortest(UNSEEN, DATA, false);
    return cycle != null
        ? finding(Anomaly.WRITE_SKEW, cycle)
        : finding(Anomaly.REAL_TIME, Objects.requireNonNull(shortest(TIME, ALL, false)));
  }

  /// Both append to one list, and at least one has read it without the other's append.
  private static boolean isLostUpdate(List<Edge> cycle) {
    return cycle.size() == 2
        && cycle.stream().anyMatch(edge -> edge.kind == Kind.WW)
        && cycle.get(0).key == cycle.get(1).key;
  }

  private List<Finding> finding(Anomaly anomaly, List<Edge> cycle) {
    StringBuilder text = new StringBuilder();
    for (Edge edge : cycle) {
      if (edge.from < transactions.size()) {
        text.append('T').append(transactions.get(edge.from).number).append(" -").append(edge.kind);
        text.append(edge.kind == Kind.RT ? "" : " of list " + edge.key).append("-> ");
      }
    }
    return List.of(new Finding(anomaly, text + "and round again"));
  }

  // Time.

  private void addTime() {
    List<Integer> byEnd = new ArrayList<>();
    for (int i = 0; i < transactions.size(); i++) {
      if (transactions.get(i).end != ListHistory.NEVER) {
        byEnd.add(i);
      }
    }
    byEnd.sort((a, b) -> Long.compare(transactions.get(a).end, transactions.get(b).end));
    long[] ends = byEnd.stream().mapToLong(i -> transactions.get(i).end).toArray();
    int first = from.size();
    for (int i = 0; i < ends.length; i++) {
      from.add(new ArrayList<>());
      addEdge(new Edge(Kind.RT, -1, byEnd.get(i), first + i));
      if (i > 0) {
        addEdge(new Edge(Kind.RT, -1, first + i - 1, first + i));
      }
    }
    for (int i = 0; i < transactions.size(); i++) {
      int at = Arrays.binarySearch(ends, transactions.get(i).begin);
      int before = (at < 0 ? -at - 1 : at) - 1;
      if (before >= 0) {
        addEdge(new Edge(Kind.RT, -1, first + before, i));
      }
    }
  }

  // Cycles.

  /// Whether anything is left once what nothing leads to is taken away, again and again.
  private boolean cyclic() {
    int[] degrees = new int[from.size()];
    from.forEach(edges -> edges.forEach(edge -> degrees[edge.to]++));
    ArrayDeque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < degrees.length; i++) {
      if (degrees[i] == 0) {
        free.add(i);
      }
    }
    int removed = 0;
    while (!free.isEmpty()) {
      removed++;
      for (Edge edge : from.get(free.remove())) {
        if (--degrees[edge.to] == 0) {
          free.add(edge.to);
        }
      }
    }
    return removed < degrees.length;
  }

  /// The shortest cycle that begins with an edge of some kinds and goes on with edges of others;
  /// null if there is none.
  ///
  /// @param apart whether no two RW edges may follow each other, nor the last and the first
  private @Nullable List<Edge> shortest(Set<Kind> first, Set<Kind> others, boolean apart) {
    List<Edge> best = null;
    for (List<Edge> edges : from) {
      for (Edge edge : edges) {
        List<Edge> cycle = first.contains(edge.kind) ? cycle(edge, others, apart) : null;
        best = cycle != null && (best == null || cycle.size() < best.size()) ? cycle : best;
      }
    }
    return best;
  }

  /// The shortest cycle with an edge. Where RW edges are kept apart, a node is there twice: its
  /// second half is reached by an RW edge, and left by none.
  private @Nullable List<Edge> cycle(Edge begin, Set<Kind> others, boolean apart) {
    int nodes = from.size();
    Edge[] by = new Edge[nodes * 2];
    int[] before = new int[nodes * 2];
    int start = begin.to + (apart ? nodes : 0);
    ArrayDeque<Integer> open = new ArrayDeque<>(List.of(start));
    by[start] = begin;
    while (!open.isEmpty()) {
      int at = open.remove();
      if (at == begin.from) {
        return wayTo(at, start, by, before);
      }
      for (Edge edge : from.get(at % nodes)) {
        boolean kept = apart && edge.kind == Kind.RW;
        int next = edge.to + (kept ? nodes : 0);
        if (others.contains(edge.kind) && !(kept && at >= nodes) && by[next] == null) {
          by[next] = edge;
          before[next] = at;
          open.add(next);
        }
      }
    }
    return null;
  }

  private static List<Edge> wayTo(int end, int start, Edge[] by, int[] before) {
    List<Edge> way = new ArrayList<>();
    for (int at = end; at != start; at = before[at]) {
      way.add(by[at]);
    }
    way.add(by[start]);
    Collections.reverse(way);
    return way;
  }
}
