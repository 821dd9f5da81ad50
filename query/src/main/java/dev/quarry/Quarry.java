package dev.quarry;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.Progress;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.query.execute.HelperThreads;
import dev.quarry.storage.lease.ReadLeases;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.spill.SpillFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An open graph: the front door. Thread-safe; one per store and process.
///
/// ```java
/// try (Quarry db = Quarry.open(Path.of("friends.quarry"))) {
///   db.run("CREATE (:Person {name: $name})", Map.of("name", "Ada"));
///   for (Row row : db.run("MATCH (p:Person) RETURN p.name AS name", Map.of())) {
///     String name = (String) row.get("name");
///   }
/// }
/// ```
public final class Quarry implements AutoCloseable {
  private final GraphStore store;
  private final Engine engine;
  private final WriterTurns turns;
  private final ReadLeases readLeases;
  private final Submissions submissions;
  private final Admin admin;

  /// @param options what does not concern the store
  Quarry(GraphStore store, OpenOptions options) {
    this.store = store;
    this.engine = new Engine(store);
    this.turns = new WriterTurns(store.store().clock(), options.writeLease());
    this.readLeases = new ReadLeases(store.store().clock());
    this.submissions =
        new Submissions(() -> new SharedWrite(store, engine, turns), options.submissions());
    this.admin = new StoreAdmin(store, turns);
  }

  /// Opens the store in a file with the default options; a missing one is created.
  ///
  /// @throws dev.quarry.error.StoreOpenException if it cannot be opened: held by another process or
  ///   already open in this one, no store, of another format, damaged
  public static Quarry open(Path store) {
    return open(store, OpenOptions.defaults());
  }

  /// Opens the store in a file.
  ///
  /// @throws dev.quarry.error.StoreOpenException if it cannot be opened
  public static Quarry open(Path store, OpenOptions options) {
    return new Quarry(GraphStore.open(store, options.storeOptions()), options);
  }

  /// The same engine without a file; all is gone when it is closed.
  public static Quarry inMemory() {
    return inMemory(OpenOptions.defaults());
  }

  /// The same engine without a file.
  public static Quarry inMemory(OpenOptions options) {
    return new Quarry(GraphStore.inMemory(options.storeOptions()), options);
  }

  /// Writes what is left of a damaged store to a new one: the newest state that can be read, with
  /// its log as far as that can be repeated, and of it every record whose pages are good. Ids stay
  /// what they were. The damaged file is only read; if anything fails, there is no new store.
  ///
  /// @param store the damaged store, which nobody may have open for writing
  /// @param target the store to make
  /// @param options memory and disk
  /// @param withoutWal whether to leave the log of a store out that was not closed cleanly, and
  ///   lose what only the log holds
  /// @throws dev.quarry.error.StoreOpenException if the store is held, is none, is of another
  ///   format or damaged beyond salvage, or if there is something at the target already
  /// @throws dev.quarry.error.CorruptPageException if the log is missing
  public static RepairReport repair(
      Path store, Path target, OpenOptions options, boolean withoutWal, Progress progress) {
    return StoreRepair.run(store, target, options, withoutWal, progress);
  }

  /// The same with the default options, and with the log.
  public static RepairReport repair(Path store, Path target) {
    return repair(store, target, OpenOptions.defaults(), false, Progress.NONE);
  }

  /// Runs a statement in a transaction of its own. What it changed is durable on return, and all
  /// rows are owned.
  ///
  /// @throws dev.quarry.error.QueryException if the statement is wrong or fails; then nothing
  ///   changed
  public Answer run(String cypher, Map<String, ?> parameters) {
    return run(PreparedQuery.of(cypher), parameters, QueryOptions.DEFAULT);
  }

  /// Runs a statement without parameters in a transaction of its own.
  public Answer run(String cypher) {
    return run(cypher, Map.of());
  }

  /// Runs a prepared statement in a transaction of its own.
  public Answer run(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    if (engine.writes(query)) {
      return write(transaction -> answer(transaction, query, parameters, options));
    }
    return read(transaction -> answer(transaction, query, parameters, options));
  }

  private static Answer answer(
      ReadTransaction transaction,
      PreparedQuery query,
      Map<String, ?> parameters,
      QueryOptions options) {
    try (Rows rows = transaction.query(query, parameters, options)) {
      var list = rows.toList();
      return new Answer(rows.columns(), list, rows.summary());
    }
  }

  /// Reads one snapshot.
  public <T, E extends Exception> T read(Work<ReadTransaction, T, E> work) throws E {
    return store
        .store()
        .scope(
            () -> {
              try (ReadTransaction transaction = beginRead()) {
                return work.with(transaction);
              }
            });
  }

  /// Writes: commits when the work returns, and takes all back when it throws.
  public <T, E extends Exception> T write(Work<WriteTransaction, T, E> work) throws E {
    return store
        .store()
        .scope(
            () -> {
              try (WriteTransaction transaction = beginWrite()) {
                T result = work.with(transaction);
                transaction.commit();
                return result;
              }
            });
  }

  /// Writes without a result.
  public <E extends Exception> void update(Action<WriteTransaction, E> action) throws E {
    write(
        transaction -> {
          action.with(transaction);
          return true;
        });
  }

  /// Writes on a thread of the store, behind all that was submitted before; commits when the work
  /// returns, and takes all that it did back when it throws. The future is complete once that is
  /// durable, or failed with what went wrong.
  ///
  /// For many callers with small transactions: no thread waits for its turn as the writer, and work
  /// that waits meanwhile shares a transaction, in which each sees what was done before, and what
  /// throws is taken back alone. After a crash all that shared one is there, or nothing; if it
  /// cannot be written, all fails. A single caller that waits for each is served slower than by
  /// [#write]. The work runs without the thread locals and scoped values of who submits it.
  ///
  /// Waits while [OpenOptions#submissions()] are submitted and not complete, unless it is called by
  /// submitted work, or by what depends on such a future. That is run by a virtual thread, one
  /// after the other: what waits belongs into the `Async` methods. Submitted work must not wait for
  /// other submitted work. To cancel the future keeps work from beginning, and takes nothing back.
  /// [#close] waits for what was submitted before.
  ///
  /// @return fails with what the work throws, or what [#write] would throw
  public <T extends @Nullable Object> CompletableFuture<T> submit(
      Work<WriteTransaction, T, ?> work) {
    return submissions.submit(work);
  }

  /// Begins to read the newest commit; waits for nobody. Close it.
  public ReadTransaction beginRead() {
    return new SnapshotTransaction(engine, store.beginReadAgain());
  }

  /// The same for a reader that lasts no longer than a lease, so that one that is parked for too
  /// long, or never closed, holds back no memory and no room in the file for ever. It may be handed
  /// to another thread between two calls, like every transaction. Each call costs a little more
  /// than that of a reader without a lease.
  ///
  /// Once the lease is over, the next use of the transaction, or of rows, cursors, sets of nodes
  /// and results of algorithms that it gave out, raises `Store.SnapshotExpired`, and to close them
  /// does nothing. What it held is given back by then: by that use, or within some 20 ms by a
  /// thread of the store, which also closes its rows. Nothing is taken away under a call: one that
  /// runs at that moment ends with that error where it looks for a cancel, or is done.
  public ReadTransaction beginRead(Lease lease) {
    return new LeasedReader(engine, store.beginRead(), lease, readLeases);
  }

  /// Waits for the writer and begins to write. Close it: while it is open nobody else writes, until
  /// somebody waits and it has been idle for longer than the lease ([OpenOptions#writeLease()]).
  ///
  /// @throws dev.quarry.error.WriterBusyException if that takes longer than the writer timeout, or
  ///   at once if this thread is the writer
  public WriteTransaction beginWrite() {
    return turns.await(
        () -> {
          GraphTransaction writer = store.beginWrite();
          return new WritingTransaction(engine, writer, turns);
        });
  }

  /// Parses a statement, to run it often.
  ///
  /// @throws dev.quarry.error.SyntaxException if it is wrong
  public PreparedQuery prepare(String cypher) {
    return PreparedQuery.of(cypher, engine.procedures());
  }

  /// Adds a procedure, which statements call with CALL as long as this store is open. It is there
  /// for every statement that begins from now on, prepared before or not. From any thread.
  ///
  /// @throws dev.quarry.error.ProcedureException if there is one of that name, in any case
  public void register(Procedure procedure) {
    engine.procedures().add(Registrations.of(procedure));
  }

  /// Adds a function, which expressions call as long as this store is open. It is there for every
  /// statement that begins from now on, prepared before or not. From any thread.
  ///
  /// @throws dev.quarry.error.ProcedureException if there is one of that name, in any case; also
  ///   one of the language
  public void register(UserFunction function) {
    engine.procedures().add(Registrations.of(function));
  }

  /// Loads files in one transaction; durable on return.
  ///
  /// @throws dev.quarry.error.LoadException if the input is wrong or too many rows were rejected;
  ///   the graph is as it was
  public LoadReport load(LoadPlan plan, Progress progress) {
    return turns.await(() -> store.store().scope(() -> new Loader(store).load(plan, progress)));
  }

  /// Loads files and tells nobody how far it is.
  public LoadReport load(LoadPlan plan) {
    return load(plan, Progress.NONE);
  }

  /// How many plans were made so far, for tests.
  long plansMade() {
    return engine.plansMade();
  }

  /// Who holds memory, for tests.
  Budget budget() {
    return store.store().budget();
  }

  /// Which threads help statements, for tests.
  HelperThreads helpers() {
    return engine.helpers();
  }

  /// Where rows go that the memory of a query has no room for, for tests.
  SpillFolder spill() {
    return store.store().spill();
  }

  /// Looking after the store.
  public Admin admin() {
    return admin;
  }

  /// Ends running queries and readers with a typed error, makes all durable and leaves one file.
  /// Idempotent.
  @Override
  public void close() {
    submissions.awaitAll();
    turns.await(
        () -> {
          store.close();
          return null;
        });
    readLeases.endOver();
    engine.close();
  }
}
