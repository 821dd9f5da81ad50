package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.execute.Execution;
import dev.quarry.query.execute.HelperThreads;
import dev.quarry.query.execute.QueryRecipe;
import dev.quarry.query.execute.QueryRun;
import dev.quarry.query.plan.ParameterType;
import dev.quarry.query.plan.PlanText;
import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Statement;
import dev.quarry.query.syntax.StatementParser;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Budget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs statements: from the text to rows.
final class Engine implements AutoCloseable {
  private static final Statement SHOW_LINES =
      StatementParser.parse("UNWIND $lines AS plan RETURN plan");

  private final GraphStore store;
  private final PlanCache plans;
  private final Procedures procedures = new Procedures();
  private final HelperThreads helpers;

  Engine(GraphStore store) {
    this.store = store;
    this.plans = new PlanCache(store.store().budget().child("plans"));
    this.helpers = new HelperThreads(store.store().options().mostThreads());
  }

  /// The store below.
  Store store() {
    return store.store();
  }

  /// What statements of this store can call.
  Procedures procedures() {
    return procedures;
  }

  /// Whether a statement would change the graph of this store.
  boolean writes(PreparedQuery query) {
    return query.writes(procedures);
  }

  /// What a statement would change in this store.
  Set<PreparedQuery.Change> changes(PreparedQuery query) {
    return query.changes(procedures);
  }

  /// The error of a statement that would change the graph in a transaction that reads.
  static TransactionException onlyReads() {
    return new TransactionException(
        ErrorCode.STORE_READ_ONLY,
        "this statement changes the graph, but the transaction only reads",
        "run it in a transaction that writes, or by itself; the store must be open for writing");
  }

  /// How many plans were made so far, for tests.
  long plansMade() {
    return plans.made();
  }

  /// Which threads help statements at the moment.
  HelperThreads helpers() {
    return helpers;
  }

  @Override
  public void close() {
    plans.close();
  }

  /// Runs a statement; one that is nested deeply runs to its end at once, on a stack of its own.
  ///
  /// @param writer null where the statement must not write
  RowsOfRun run(
      PreparedQuery query,
      Map<String, ?> parameters,
      QueryOptions options,
      Reading reading,
      @Nullable GraphTransaction writer) {
    if (!query.isDeep()) {
      return store()
          .scope(() -> begin(query, parameters, options, reading, writer, execution -> {}));
    }
    CancelLater cancel = new CancelLater();
    return DeepStack.call(
        () ->
            store()
                .scope(() -> complete(begin(query, parameters, options, reading, writer, cancel))),
        cancel);
  }

  /// Cancels an execution that may not have begun yet.
  private static final class CancelLater implements Consumer<Execution>, Runnable {
    private @Nullable Execution execution;
    private boolean asked;

    @Override
    public synchronized void accept(Execution begun) {
      execution = begun;
      if (asked) {
        begun.cancel();
      }
    }

    @Override
    public synchronized void run() {
      asked = true;
      if (execution != null) {
        execution.cancel();
      }
    }
  }

  private static String planText(PreparedQuery query, StatementPlan plan) {
    Supplier<String> text = () -> String.join("\n", PlanText.of(plan, query.text()));
    return query.isDeep() ? DeepStack.call(text, () -> {}) : text.get();
  }

  private static RowsOfRun complete(RowsOfRun rows) {
    try {
      rows.complete();
      return rows;
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  /// The application may change its own.
  private static Map<String, Object> copy(Map<String, ?> parameters) {
    if (parameters.size() != 1) {
      return new HashMap<>(parameters);
    }
    Map.Entry<String, ?> only = parameters.entrySet().iterator().next();
    return Collections.singletonMap(only.getKey(), only.getValue());
  }

  private RowsOfRun begin(
      PreparedQuery query,
      Map<String, ?> parameters,
      QueryOptions options,
      Reading reading,
      @Nullable GraphTransaction writer,
      Consumer<Execution> begun) {
    CatalogStatistics statistics = new CatalogStatistics(reading, store.estimates(reading));
    PlanCache.Entry entry =
        plans.plan(query.statement(), statistics, procedures, ParameterType.of(parameters));
    StatementPlan planned = entry.plan();
    if (planned.writes() && !planned.explain() && writer == null) {
      throw onlyReads();
    }
    QueryRecipe recipe = entry.recipe();
    Map<String, Object> given = copy(parameters);
    if (planned.explain()) {
      List<String> lines = new ArrayList<>(PlanText.of(planned, query.text()));
      lines.addAll(entry.counts().ages(statistics));
      given = new HashMap<>(Map.of("lines", lines));
      recipe = plans.plan(SHOW_LINES, statistics, procedures, ParameterType.of(given)).recipe();
    }
    Budget budget = store.store().budget();
    long limit = options.memoryBytes() > 0 ? options.memoryBytes() : budget.limit() / 4;
    Budget account = budget.child("query", limit);
    long deadline = options.timeout() == null ? 0 : System.nanoTime() + options.timeout().toNanos();
    Execution execution =
        new Execution(
            reading,
            writer,
            given,
            store.store().memory(),
            account,
            store.store().spill(),
            deadline,
            store.store().clock()::instant,
            procedures,
            helpers.upTo(query.isDeep() ? 1 : options.threads()));
    begun.accept(execution);
    try {
      QueryRun run = new QueryRun(recipe, execution);
      return new RowsOfRun(
          run, account, store(), () -> planText(query, planned), options.maximumRows());
    } catch (RuntimeException | Error e) {
      execution.close();
      account.close();
      throw e;
    }
  }
}
