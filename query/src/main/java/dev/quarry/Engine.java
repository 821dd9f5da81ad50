package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.execute.Execution;
import dev.quarry.query.execute.QueryRun;
import dev.quarry.query.plan.PlanText;
import dev.quarry.query.plan.QueryPlanner;
import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.StatementParser;
import dev.quarry.storage.memory.Budget;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs statements: from the text to rows.
final class Engine {
  private final GraphStore store;
  private final Procedures procedures = new Procedures();

  Engine(GraphStore store) {
    this.store = store;
  }

  /// What statements of this store can call.
  Procedures procedures() {
    return procedures;
  }

  /// Whether a statement would change the graph of this store.
  boolean writes(PreparedQuery query) {
    return query.writes(procedures);
  }

  /// The error of a statement that would change the graph in a transaction that reads.
  static TransactionException onlyReads() {
    return new TransactionException(
        ErrorCode.STORE_READ_ONLY,
        "this statement changes the graph, but the transaction only reads",
        "run it in write(…), or with Quarry.run");
  }

  /// @param writer null where the statement must not write
  RowsOfRun run(
      PreparedQuery query,
      Map<String, ?> parameters,
      QueryOptions options,
      Reading reading,
      @Nullable GraphTransaction writer) {
    StatementPlan plan =
        QueryPlanner.plan(query.statement(), new CatalogStatistics(reading), procedures);
    StatementPlan planned = plan;
    if (plan.writes() && !plan.explain() && writer == null) {
      throw onlyReads();
    }
    Map<String, Object> given = new HashMap<>(parameters);
    if (plan.explain()) {
      given = new HashMap<>(Map.of("lines", PlanText.of(planned, query.text())));
      plan =
          QueryPlanner.plan(
              StatementParser.parse("UNWIND $lines AS plan RETURN plan"),
              new CatalogStatistics(reading),
              procedures);
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
            deadline,
            store.store().clock()::instant,
            procedures);
    try {
      QueryRun run = new QueryRun(plan, execution);
      return new RowsOfRun(
          run,
          account,
          () -> String.join("\n", PlanText.of(planned, query.text())),
          options.maximumRows());
    } catch (RuntimeException e) {
      execution.close();
      account.close();
      throw e;
    }
  }
}
