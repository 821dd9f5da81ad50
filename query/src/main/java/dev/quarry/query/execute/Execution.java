package dev.quarry.query.execute;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.Direction;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.EvaluationContext;
import dev.quarry.query.evaluate.StatementClock;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Scratches;
import dev.quarry.storage.spill.SpillFolder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One run of a query: its graph, its parameters, its memory, its limits. Used by one thread at a
/// time; where several share a run, each of the others has a part of it.
public final class Execution implements AutoCloseable {
  static final String INTERRUPTED = "the query was ended by an interrupt of its thread";

  private static final int FEW = 2;
  private static final long LEAST_BLOCK = 4 << 10;
  private static final long LARGEST_BLOCK = 256 << 10;

  private final Reading reading;
  private final @Nullable GraphTransaction writer;
  private final Map<String, ?> parameters;
  private final NativeMemory memory;
  private final Budget account;
  private final SpillFolder spill;
  private final long deadline;
  private final StatementClock clock;
  private final Procedures procedures;
  private final HelperThreads.Share helpers;
  private final Execution whole;
  private final Runnable stop;
  private final @Nullable Morsels morsels;
  private final Scratches scratches;
  private final Scratch lasting; // for columns and constants
  private final List<Runnable> endings = new ArrayList<>(FEW);
  private final List<Runnable> keepers = new ArrayList<>(FEW);
  private @Nullable Counters counters; // most queries change nothing
  private final Pace pace = new Pace(this::check);
  private final int batchRows = Integer.getInteger("quarry.batchRows", 1000);
  private volatile boolean cancelled;

  /// @param writer null where the query must not write
  /// @param account of this query alone
  /// @param spill where rows go that its memory has no room for
  /// @param deadline of `System.nanoTime`, 0 for none
  /// @param clock read once for the statement at most, and by functions that ask for the time of
  ///   each row
  /// @param procedures holds the functions that are not part of the language
  /// @param helpers the threads that may share the work
  public Execution(
      Reading reading,
      @Nullable GraphTransaction writer,
      Map<String, ?> parameters,
      NativeMemory memory,
      Budget account,
      SpillFolder spill,
      long deadline,
      InstantSource clock,
      Procedures procedures,
      HelperThreads.Share helpers) {
    this.reading = reading;
    this.writer = writer;
    this.parameters = parameters;
    this.memory = memory;
    this.account = account;
    this.spill = spill;
    this.deadline = deadline;
    this.clock = new StatementClock(clock);
    this.procedures = procedures;
    this.helpers = helpers;
    this.whole = this;
    this.stop = () -> {};
    this.morsels = null;
    this.scratches = memory.scratches(account);
    this.lasting = newScratch();
  }

  private Execution(Execution whole, Reading reading, Morsels morsels, Runnable stop) {
    this.reading = reading;
    this.writer = null;
    this.parameters = whole.parameters;
    this.memory = whole.memory;
    this.account = whole.account;
    this.spill = whole.spill;
    this.deadline = whole.deadline;
    this.clock = whole.clock;
    this.procedures = whole.procedures;
    this.helpers = whole.helpers;
    this.whole = whole;
    this.stop = stop;
    this.morsels = morsels;
    this.scratches = memory.scratches(account);
    this.lasting = newScratch();
  }

  /// A part of this run, for a thread that has its own reader of the same commit: the same
  /// parameters, clock, account and limits. It ends when this run is cancelled. Close it.
  ///
  /// @param ofPart the pieces of the scan that it goes over
  /// @param stop throws what ends the part, if it should end
  Execution part(Reading reader, Morsels ofPart, Runnable stop) {
    assert writer == null && morsels == null : "only a whole run that reads has parts";
    return new Execution(this, reader, ofPart, stop);
  }

  /// The pieces of the scan at the beginning that this part of a run goes over; null in a whole
  /// run.
  @Nullable Morsels morsels() {
    return morsels;
  }

  /// The threads that may share the work.
  HelperThreads.Share helpers() {
    return helpers;
  }

  Reading reading() {
    return reading;
  }

  GraphTransaction writer() {
    if (writer == null) {
      throw new IllegalStateException("a query that writes has no writer");
    }
    return writer;
  }

  /// Whether a clause may create while its input goes on, where the plan proves that nobody can
  /// tell (rule S1): yes, unless the property `quarry.streamUpdates` says no, for tests.
  boolean mayStreamUpdates() {
    return !"false".equals(System.getProperty("quarry.streamUpdates"));
  }

  /// A parameter; null if it is missing.
  @Nullable Object parameter(String name) {
    return parameters.get(name);
  }

  /// What was changed so far.
  public Counters counters() {
    Counters known = counters;
    if (known == null) {
      known = new Counters();
      counters = known;
    }
    return known;
  }

  /// Memory of the query, given back when it ends.
  Scratch newScratch() {
    return scratches.add();
  }

  /// A set of nodes, given back when the query ends.
  DistinctNodes newDistinctNodes() {
    return new DistinctNodes(newScratch(), this::check);
  }

  /// A buffer of rows, given back when the query ends.
  ///
  /// @param slots what is kept of each row
  RowBuffer newRowBuffer(int[] slots) {
    RowBuffer buffer = new RowBuffer(this, slots);
    keepers.add(buffer::close);
    return buffer;
  }

  /// Sorted runs of rows, deleted when the query ends.
  ///
  /// @param cells of a row
  SortRuns newSortRuns(int cells, SortRuns.RowOrder order) {
    SortRuns runs = new SortRuns(this, cells, order);
    keepers.add(runs::close);
    return runs;
  }

  /// A spill file for rows. Close it.
  ///
  /// @param scratch for one block of them
  SpilledRows newSpilledRows(Scratch scratch, int cells) {
    long blockBytes = Math.clamp(account.limit() / 64, LEAST_BLOCK, LARGEST_BLOCK);
    return new SpilledRows(spill.newFile(), scratch, cells, blockBytes);
  }

  /// How many rows a buffer keeps in memory at most, where there is room: all, unless the property
  /// `quarry.spillRows` says less, for tests.
  long spillRows() {
    return Long.getLong("quarry.spillRows", Long.MAX_VALUE);
  }

  /// A batch of as many rows as are usual: 1,000, or what the property `quarry.batchRows` says, for
  /// tests. No answer depends on it.
  Batch newBatch(int slotCount) {
    return newBatch(slotCount, batchRows);
  }

  /// A batch of so many rows at most.
  Batch newBatch(int slotCount, int most) {
    return new Batch(slotCount, lasting, most);
  }

  int batchRows() {
    return batchRows;
  }

  /// The memory of the store.
  NativeMemory memory() {
    return memory;
  }

  /// What the query may use.
  Budget account() {
    return account;
  }

  /// A walk over relationships, left when the query ends.
  ///
  /// @param types tokens; null for all
  Expansion newExpansion(Direction direction, int @Nullable [] types) {
    return newExpansion(direction, types, Degrees.ANY_LABEL);
  }

  /// Walks relationships, of which those may be left out that lead to nodes without a label; ends
  /// with the query.
  ///
  /// @param label token, -1 for one that nobody has used, or [Degrees#ANY_LABEL]
  Expansion newExpansion(Direction direction, int @Nullable [] types, int label) {
    Expansion expansion = reading.takeExpansion(direction, types, label);
    keepers.add(() -> reading.giveBack(expansion));
    return expansion;
  }

  /// Ends something, at the latest, when the query does: calls of procedures, look-ups.
  ///
  /// @param ending may run more than once
  void endWith(Runnable ending) {
    endings.add(ending);
  }

  /// Ends what nobody waits for any more.
  void endAll() {
    for (int i = 0; i < endings.size(); i++) {
      endings.get(i).run();
    }
  }

  EvaluationContext context(Scratch values) {
    return new EvaluationContext(reading, parameters, lasting, values, clock, procedures, pace);
  }

  /// Asks the query to end, from any thread.
  public void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /// What loops count their steps with.
  Pace pace() {
    return pace;
  }

  /// Ends the query if somebody asked for it, or its time is over. Looked at once per batch, and by
  /// all loops at their [#pace()].
  void check() {
    stop.run();
    if (whole.cancelled) {
      throw new CancelledException(ErrorCode.CANCELLED, "the query was cancelled");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, INTERRUPTED);
    }
    if (deadline != 0 && System.nanoTime() - deadline > 0) {
      throw new CancelledException(ErrorCode.TIMED_OUT, "the query ran out of its time");
    }
    reading.ensureOpen();
  }

  @Override
  public void close() {
    endAll();
    for (Runnable keeper : keepers) {
      keeper.run();
    }
    keepers.clear();
    scratches.close();
  }
}
