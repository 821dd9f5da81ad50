package dev.quarry.graph.kernel;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.Progress;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.RecordReading;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;

/// One run of a kernel: the nodes it is about, its threads, its memory, and whom it asks and tells.
///
/// A snapshot is read by several threads, each with a reader of its own of the same commit; what a
/// write transaction sees, by its own thread alone. Memory for the result outlives the run, all
/// else is given back with it. Used by one thread.
public final class Kernel implements AutoCloseable {
  /// What a kernel is given.
  ///
  /// @param reading the state of the graph
  /// @param memory of the store
  /// @param account that all native memory of the run and its result is charged to
  /// @param threads the most that share the work, at least 1
  /// @param check called by the caller's thread now and then; throws what ends the run
  /// @param progress told by the caller's thread how far the run is
  public record Setting(
      RecordReading reading,
      NativeMemory memory,
      Budget account,
      int threads,
      Runnable check,
      Progress progress) {}

  private static final int FILLED_BYTES = 1 << 20;

  private final Setting setting;
  private final Subgraph part;
  private final int grain = Integer.getInteger("quarry.kernelGrain", 64);
  private final Scratch result;
  private final List<Scratch> scratches = new ArrayList<>();
  private final List<GraphSnapshot> others = new ArrayList<>();
  private final Positions positions;
  private final Crew crew;
  private boolean done;

  /// Numbers the nodes and calls the threads together.
  public Kernel(Setting setting, Subgraph part) {
    this.setting = setting;
    this.part = part;
    this.result = setting.memory().scratch(setting.account());
    try {
      setting.reading().ensureOpen();
      this.positions = Positions.of(setting.reading(), part.labels(), result, new Pace(this::look));
      this.crew = new Crew(workers(), this::look);
    } catch (Throwable thrown) {
      free();
      throw thrown;
    }
  }

  private List<Worker> workers() {
    List<Worker> workers = new ArrayList<>();
    workers.add(new Worker(0, setting.reading(), newScratch()));
    if (setting.reading() instanceof GraphSnapshot snapshot && positions.nodes() >= grain * 64L) {
      for (int i = 1; i < setting.threads(); i++) {
        GraphSnapshot other = snapshot.another();
        others.add(other);
        workers.add(new Worker(i, other, newScratch()));
      }
    }
    return workers;
  }

  /// Memory of the run.
  Scratch newScratch() {
    Scratch scratch = setting.memory().scratch(setting.account());
    scratches.add(scratch);
    return scratch;
  }

  /// Memory of the result.
  Scratch result() {
    return result;
  }

  /// How many words of 64 positions make a piece that is worth a thread: 64, or what the property
  /// `quarry.kernelGrain` says, for tests. No answer depends on it.
  int grain() {
    return grain;
  }

  Subgraph part() {
    return part;
  }

  /// The nodes of the run.
  public Positions positions() {
    return positions;
  }

  RecordReading reading() {
    return setting.reading();
  }

  Crew crew() {
    return crew;
  }

  /// What is done for 64 positions.
  @FunctionalInterface
  interface OfWord {
    /// @param wanted which of them are of nodes, not 0
    void run(long word, long wanted, Worker worker);
  }

  /// Shares all words of 64 positions among the threads, some in a row at a time.
  void shareWords(Crew.Work work) {
    crew.share(positions.words(), grain, work);
  }

  /// Shares work for all words that have nodes among the threads.
  void forEachWord(OfWord work) {
    shareWords(
        (worker, piece, from, to) -> {
          for (long word = from; word < to; word++) {
            long wanted = positions.word(word);
            if (wanted != 0) {
              work.run(word, wanted, worker);
            }
          }
        });
  }

  /// New memory, all zeros: filled by all threads in pieces, since the memory of many nodes takes
  /// longer than a run may go on without looking whether it should end.
  ///
  /// @param scratch where it lies
  long zeroed(Scratch scratch, long bytes) {
    long address = scratch.allocate(bytes);
    fill(address, bytes, (byte) 0);
    return address;
  }

  /// Sets all bytes of some memory, in the same way.
  void fill(long address, long bytes, byte value) {
    crew.share(
        bytes,
        FILLED_BYTES,
        (worker, piece, from, to) -> Memory.fill(address + from, to - from, value));
  }

  /// Sets cells of 4 bytes to 0, 1, 2 and so on, in the same way.
  void ascend(long cells, long count) {
    crew.share(
        count,
        FILLED_BYTES / 4,
        (worker, piece, from, to) -> ListLoops.ascend(cells + from * 4, to - from, (int) from));
  }

  /// What each of the threads walks with.
  Neighbours[] neighbours(Subgraph along) {
    Neighbours[] all = new Neighbours[crew.size()];
    for (int i = 0; i < all.length; i++) {
      Worker worker = crew.worker(i);
      all[i] = new Neighbours(worker.reading(), positions, along, worker.scratch());
    }
    return all;
  }

  /// Tells how far the run is.
  ///
  /// @param stages 0 if nobody knows how many there will be
  void tell(String stage, int number, int stages, long rows) {
    setting.progress().at(new Progress.Step(stage, number, stages, rows, 0, 0, 0));
  }

  /// Ends the run if somebody asked for it.
  void look() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, Crew.INTERRUPTED);
    }
    setting.reading().ensureOpen();
    setting.check().run();
  }

  /// The result: cells by position, in memory of the result.
  ///
  /// @param cellBytes 4 or 8
  NodeCells finish(long cells, int cellBytes) {
    done = true;
    return new NodeCells(positions, result, cells, cellBytes);
  }

  @Override
  public void close() {
    crew.close();
    free();
  }

  private void free() {
    others.forEach(GraphSnapshot::close);
    scratches.forEach(Scratch::close);
    if (!done) {
      result.close();
    }
  }
}
