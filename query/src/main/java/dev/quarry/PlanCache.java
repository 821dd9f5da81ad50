package dev.quarry;

import dev.quarry.query.execute.QueryRecipe;
import dev.quarry.query.plan.ParameterType;
import dev.quarry.query.plan.QueryPlanner;
import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.plan.Statistics;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Statement;
import dev.quarry.storage.memory.Budget;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plans of statements that ran before, by their text and the types of their parameters (rule S23).
///
/// A plan depends on these, on the schema, on counts and on estimates; not on the values of
/// parameters, nor on the options of a query, which bound its run only. It is made again when the
/// schema changed, or when a count or an estimate that it was made with has moved tenfold. All else
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
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long made;

  /// Compared by methods of its own: the first statement of a JVM need not wait until those of a
  /// record are linked.
  private record Key(Statement.Mode mode, String text, Map<String, ParameterType> parameters) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && key.mode == mode
          && key.text.equals(text)
          && key.parameters.equals(parameters);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * mode.ordinal() + text.hashCode()) + parameters.hashCode();
    }

    long characters() {
      return text.length() + parameters.keySet().stream().mapToLong(String::length).sum();
    }
  }

  /// A plan, how its operators are made, and the counts that it was made with.
  record Entry(QueryRecipe recipe, CountsUsed counts, long bytes) {
    StatementPlan plan() {
      return recipe.plan();
    }
  }

  PlanCache(Budget account) {
    this.account = account;
  }

  /// The plan of a statement for a snapshot. What can be called only grows, so a plan that was made
  /// stays right.
  ///
  /// @param parameters their types
  Entry plan(
      Statement statement,
      Statistics statistics,
      Procedures procedures,
      Map<String, ParameterType> parameters) {
    Key key = new Key(statement.mode(), statement.text(), parameters);
    Entry known = find(key, statistics);
    if (known != null) {
      return known;
    }
    CountsUsed counts = new CountsUsed(statistics);
    StatementPlan plan = QueryPlanner.plan(statement, counts, procedures, parameters);
    counts.forget();
    long bytes = ENTRY_BYTES + key.characters() * BYTES_PER_CHARACTER;
    Entry entry = new Entry(new QueryRecipe(plan), counts, bytes);
    keep(key, entry);
    return entry;
  }

  private synchronized @Nullable Entry find(Key key, Statistics statistics) {
    Entry entry = entries.get(key);
    return entry == null || !entry.counts().stillHold(statistics) ? null : entry;
  }

  private synchronized void keep(Key key, Entry entry) {
    made++;
    remove(entries.remove(key));
    if (key.characters() > LONGEST_TEXT) {
      return;
    }
    while (entries.size() >= MOST || !account.tryReserve(entry.bytes())) {
      if (entries.isEmpty()) {
        return;
      }
      Iterator<Entry> oldest = entries.values().iterator();
      remove(oldest.next());
      oldest.remove();
    }
    entries.put(key, entry);
  }

  private void remove(@Nullable Entry entry) {
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
