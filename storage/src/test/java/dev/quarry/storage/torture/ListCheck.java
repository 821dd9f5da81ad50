package dev.quarry.storage.torture;

import dev.quarry.storage.torture.ListHistory.Fate;
import dev.quarry.storage.torture.ListHistory.Step;
import dev.quarry.storage.torture.ListHistory.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Judges a history of lists: whether some serial order explains all that was read, and keeps to
/// what was before what.
///
/// 1. Each transaction alone: it reads its own appends behind a list that does not change.
/// 2. Each list: all reads are beginnings of the longest one; nothing twice, nothing that nobody
///    appended, nothing of a transaction that was rolled back, no half of one.
/// 3. All together: the order of each list tells who wrote before whom, and who read what. A cycle
///    of such dependencies is an anomaly ([ListGraph]).
///
/// A transaction of unknown fate counts as committed once something of it was read. What was
/// committed and never read comes after all that was read.
///
/// The idea is that of Elle (Kingsbury and Alvaro, "Elle: inferring isolation anomalies from
/// experimental observations", 2020); the names are those of Adya (1999). Used by one thread.
public final class ListCheck {
  /// What may be wrong.
  public enum Anomaly {
    /// A value that nobody appended to this list, or twice in a list.
    GARBAGE,
    /// A transaction does not see its own appends, or sees a list change.
    INTERNAL,
    /// Something of a transaction that was rolled back was read.
    G1A,
    /// A state from the middle of a transaction was read.
    G1B,
    /// Two reads contradict each other in the order of a list.
    ORDER,
    /// Transactions overwrite each other in a cycle.
    G0,
    /// Transactions write over or read each other's writes in a cycle.
    G1C,
    /// Two transactions append to the same state of a list.
    LOST_UPDATE,
    /// A transaction reads something older and something newer than another one.
    G_SINGLE,
    /// Readers see independent writes in different orders.
    LONG_FORK,
    /// Transactions overwrite what the other one has read.
    WRITE_SKEW,
    /// What was acknowledged is not seen by someone who began later.
    REAL_TIME
  }

  /// One finding.
  public record Finding(Anomaly anomaly, String text) {
    @Override
    public String toString() {
      return anomaly + ": " + text;
    }
  }

  /// Where a value was appended.
  ///
  /// @param last whether it is the last one of its transaction in that list
  private record Origin(Transaction by, int key, boolean last) {}

  private static final long[] EMPTY = {};

  private final List<Transaction> transactions;
  private final Map<Long, Origin> origins = new HashMap<>();
  private final Map<Integer, long[]> orders = new HashMap<>();
  private final Set<Transaction> judged = new LinkedHashSet<>();
  private final List<Finding> findings = new ArrayList<>();

  private ListCheck(List<Transaction> transactions) {
    this.transactions = transactions;
  }

  /// What is wrong with a history; empty if nothing is.
  public static List<Finding> of(ListHistory history) {
    ListCheck check = new ListCheck(history.transactions());
    check.run();
    return check.findings;
  }

  private void run() {
    transactions.forEach(this::noteAppends);
    judgeAlone();
    if (findings.isEmpty()) {
      judged.forEach(this::extendOrders);
      judged.forEach(this::compareWithOrders);
      judged.forEach(this::compareOwnOrder);
    }
    if (findings.isEmpty()) {
      findings.addAll(dependencies().anomalies());
    }
  }

  private void noteAppends(Transaction transaction) {
    Map<Integer, Long> last = new HashMap<>();
    for (Step step : transaction.steps) {
      if (step.append()) {
        last.put(step.key(), step.values()[0]);
      }
    }
    for (Step step : transaction.steps) {
      if (step.append()) {
        long value = step.values()[0];
        boolean isLast = last.get(step.key()) == value;
        if (origins.put(value, new Origin(transaction, step.key(), isLast)) != null) {
          throw new IllegalArgumentException("value " + value + " is appended twice");
        }
      }
    }
  }

  // Each transaction alone.

  private void judgeAlone() {
    List<Transaction> open = new ArrayList<>();
    for (Transaction transaction : transactions) {
      if (transaction.fate == Fate.COMMITTED) {
        open.add(transaction);
      }
    }
    while (!open.isEmpty()) {
      Transaction next = open.removeLast();
      if (judged.add(next)) {
        alone(next, open);
      }
    }
  }

  /// @param found is told the transactions of which this one has seen something
  private void alone(Transaction transaction, List<Transaction> found) {
    Map<Integer, List<Long>> own = new HashMap<>();
    Map<Integer, long[]> expected = new HashMap<>();
    for (Step step : transaction.steps) {
      int key = step.key();
      if (step.append()) {
        own.computeIfAbsent(key, list -> new ArrayList<>()).add(step.values()[0]);
        expected.computeIfPresent(key, (k, list) -> with(list, step.values()[0]));
        continue;
      }
      long[] before = expected.putIfAbsent(key, step.values());
      if (before != null && !Arrays.equals(before, step.values())) {
        find(Anomaly.INTERNAL, transaction, step + " instead of " + Arrays.toString(before));
      } else if (before == null) {
        firstRead(transaction, step, own.getOrDefault(key, List.of()), found);
      }
    }
  }

  private void firstRead(
      Transaction transaction, Step step, List<Long> own, List<Transaction> found) {
    long[] all = step.values();
    int foreign = all.length - own.size();
    for (int i = 0; i < own.size(); i++) {
      if (foreign < 0 || all[foreign + i] != own.get(i)) {
        find(Anomaly.INTERNAL, transaction, step + " without its own " + own);
        return;
      }
    }
    if (Arrays.stream(all).distinct().count() < all.length) {
      find(Anomaly.GARBAGE, transaction, step + " with something twice");
      return;
    }
    for (int i = 0; i < foreign; i++) {
      Origin origin = origins.get(all[i]);
      if (origin == null || origin.key != step.key()) {
        find(Anomaly.GARBAGE, transaction, step + " with " + all[i] + ", which is none of its own");
        return;
      }
      if (origin.by.fate == Fate.ABORTED) {
        find(Anomaly.G1A, transaction, step + " with " + all[i] + " of " + origin.by);
      } else if (i == foreign - 1 && !origin.last && origin.by != transaction) {
        find(Anomaly.G1B, transaction, step + " in the middle of " + origin.by);
      }
      found.add(origin.by);
    }
  }

  private static long[] with(long[] list, long value) {
    long[] longer = Arrays.copyOf(list, list.length + 1);
    longer[list.length] = value;
    return longer;
  }

  // Each list.

  private void extendOrders(Transaction transaction) {
    for (Step step : transaction.steps) {
      if (!step.append()) {
        orders.merge(
            step.key(), step.values(), (all, more) -> more.length > all.length ? more : all);
      }
    }
  }

  private void compareWithOrders(Transaction transaction) {
    for (Step step : transaction.steps) {
      long[] order = orders.getOrDefault(step.key(), EMPTY);
      int length = step.values().length;
      if (!step.append() && Arrays.mismatch(step.values(), 0, length, order, 0, length) >= 0) {
        find(Anomaly.ORDER, transaction, step + " against " + Arrays.toString(order));
      }
    }
  }

  /// The appends of a transaction to a list lie there in the order in which it made them.
  private void compareOwnOrder(Transaction transaction) {
    Map<Integer, Integer> reached = new HashMap<>();
    for (Step step : transaction.steps) {
      long[] order = orders.getOrDefault(step.key(), EMPTY);
      if (step.append()) {
        int at = indexOf(order, step.values()[0]);
        int before = reached.getOrDefault(step.key(), -1);
        if (at >= 0 && at < before) {
          find(Anomaly.ORDER, transaction, step + " lies wrong in " + Arrays.toString(order));
        }
        reached.put(step.key(), at < 0 ? order.length : at);
      }
    }
  }

  // All together.

  private ListGraph dependencies() {
    ListGraph graph = new ListGraph(List.copyOf(judged));
    Map<Integer, List<Transaction>> unread = new HashMap<>();
    for (Transaction transaction : judged) {
      for (Step step : transaction.steps) {
        if (step.append()
            && indexOf(orders.getOrDefault(step.key(), EMPTY), step.values()[0]) < 0) {
          unread.computeIfAbsent(step.key(), list -> new ArrayList<>()).add(transaction);
        }
      }
    }
    orders.forEach(
        (key, order) -> addOrder(graph, key, order, unread.getOrDefault(key, List.of())));
    for (Transaction transaction : judged) {
      addReads(graph, transaction, unread);
    }
    return graph;
  }

  private void addOrder(ListGraph graph, int key, long[] order, List<Transaction> unread) {
    for (int i = 0; i + 1 < order.length; i++) {
      graph.add(ListGraph.Kind.WW, key, by(order[i]), by(order[i + 1]));
    }
    for (Transaction later : unread) {
      if (order.length > 0) {
        graph.add(ListGraph.Kind.WW, key, by(order[order.length - 1]), later);
      }
    }
  }

  private void addReads(
      ListGraph graph, Transaction reader, Map<Integer, List<Transaction>> unread) {
    Map<Integer, Integer> own = new HashMap<>();
    for (Step step : reader.steps) {
      int key = step.key();
      if (step.append()) {
        own.merge(key, 1, Integer::sum);
        continue;
      }
      long[] order = orders.getOrDefault(key, EMPTY);
      int foreign = step.values().length - own.getOrDefault(key, 0);
      if (foreign > 0) {
        graph.add(ListGraph.Kind.WR, key, by(order[foreign - 1]), reader);
      }
      if (foreign < order.length) {
        graph.add(ListGraph.Kind.RW, key, reader, by(order[foreign]));
      } else {
        unread
            .getOrDefault(key, List.of())
            .forEach(later -> graph.add(ListGraph.Kind.RW, key, reader, later));
      }
    }
  }

  private Transaction by(long value) {
    Origin origin = origins.get(value);
    if (origin == null) {
      throw new IllegalStateException("nobody appended " + value);
    }
    return origin.by;
  }

  private static int indexOf(long[] order, long value) {
    for (int i = 0; i < order.length; i++) {
      if (order[i] == value) {
        return i;
      }
    }
    return -1;
  }

  private void find(Anomaly anomaly, Transaction transaction, String text) {
    findings.add(new Finding(anomaly, "T" + transaction.number + ": " + text));
  }
}
