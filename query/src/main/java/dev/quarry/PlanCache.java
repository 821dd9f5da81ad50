package dev.quarry;

import dev.quarry.query.plan.QueryPlanner;
import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.plan.Statistics;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Statement;
import dev.quarry.storage.memory.Budget;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Plans of statements that ran before, by their text (rule S23).
///
/// A plan depends on the text, on the schema and on counts; not on parameters. It is made again
/// when the schema changed, or when a count that it was made with has moved tenfold. All else
/// (tokens, purity, layouts) is looked up when the plan runs.
///
/// The least recently used plans go when there are more than [#MOST] or their account is full. An
/// entry is charged by the length of its text, as what lies on the heap cannot be measured.
/// Threads: any.
final class PlanCache implements AutoCloseable {
  static final int MOST = 1_000;

  private static final long LONGEST_TEXT = 16_384;
  private static final long ENTRY_BYTES = 2_048;
  private static final long BYTES_PER_CHARACTER = 64;

  private final Budget account;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long made;

  private record Entry(StatementPlan plan, CountsUsed counts, long bytes) {}

  PlanCache(Budget account) {
    this.account = account;
  }

  /// The plan of a statement for a snapshot. What can be called only grows, so a plan that was made
  /// stays right.
  StatementPlan plan(Statement statement, Statistics statistics, Procedures procedures) {
    String text = statement.mode() + " " + statement.text();
    StatementPlan known = find(text, statistics);
    if (known != null) {
      return known;
    }
    CountsUsed counts = new CountsUsed(statistics);
    StatementPlan plan = QueryPlanner.plan(statement, counts, procedures);
    counts.forget();
    keep(text, plan, counts);
    return plan;
  }

  private synchronized @org.jspecify.annotations.Nullable StatementPlan find(
      String text, Statistics statistics) {
    Entry entry = entries.get(text);
    if (entry == null || !entry.counts().stillHold(statistics)) {
      return null;
    }
    return entry.plan();
  }

  private synchronized void keep(String text, StatementPlan plan, CountsUsed counts) {
    made++;
    remove(entries.remove(text));
    if (text.length() > LONGEST_TEXT) {
      return;
    }
    long bytes = ENTRY_BYTES + text.length() * BYTES_PER_CHARACTER;
    while (entries.size() >= MOST || !account.tryReserve(bytes)) {
      if (entries.isEmpty()) {
        return;
      }
      Iterator<Entry> oldest = entries.values().iterator();
      remove(oldest.next());
      oldest.remove();
    }
    entries.put(text, new Entry(plan, counts, bytes));
  }

  private void remove(@org.jspecify.annotations.Nullable Entry entry) {
    if (entry != null) {
      account.release(entry.bytes());
    }
  }

  /// How many plans were made so far.
  synchronized long made() {
    return made;
  }

  @Override
  public synchronized void close() {
    entries.values().forEach(this::remove);
    entries.clear();
    account.close();
  }
}
