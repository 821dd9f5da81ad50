package dev.quarry.graph.compact;

import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreStatistics;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.GroupFreezer;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Compacts an open graph, while writers and readers go on.
///
/// ```text
///  for each stage, for each target:   look at it ► step ► step ► …      slab pages fill up
///  the file:                          pages of its end go into holes, and the end is cut off
/// ```
///
/// Between any two steps it may end: what it did until then stays. Used by one thread.
public final class Compaction {
  /// What was done.
  ///
  /// @param isComplete whether it came to its end
  /// @param before how full slab pages were
  /// @param after how full they are
  /// @param moved lists, strings and relationships that were moved
  /// @param movedBytes bytes of pages that were moved in the file
  public record Result(
      boolean isComplete, Occupancy before, Occupancy after, long moved, long movedBytes) {}

  private static final int CELL_BYTES = 16;

  private final Store store;
  private final GraphStore graph;
  private final Consumer<Runnable> turns;
  private final BooleanSupplier until;
  private final Steps steps;
  private final List<Stage> stages;
  private Stage.Position position = Stage.Position.START;
  private boolean walks;
  private long movedBytes;
  private long told; // bytes of the target at hand

  private Compaction(
      GraphStore graph,
      boolean packs,
      Consumer<Runnable> turns,
      BooleanSupplier until,
      Progress progress) {
    this.stages =
        List.of(
            new Separate(),
            new Freeze(packs),
            new FreezeStrings(),
            new Evacuate(),
            new RenewMixed());
    this.graph = graph;
    this.store = graph.store();
    this.turns = turns;
    this.until = until;
    this.steps = new Steps(progress, store.clock(), 2);
  }

  /// Compacts.
  ///
  /// @param packs whether to pack lists as well, see [GroupFreezer]
  /// @param turns runs what waits for the writer
  /// @param until asked between two steps whether to end
  /// @throws dev.quarry.error.StoreException if the store cannot be written, or a page is damaged
  public static Result run(
      GraphStore graph,
      boolean packs,
      Consumer<Runnable> turns,
      BooleanSupplier until,
      Progress progress) {
    return new Compaction(graph, packs, turns, until, progress).run();
  }

  private Result run() {
    Occupancy before = occupancy();
    boolean complete = walk();
    complete = complete && shrink();
    return new Result(complete, before, occupancy(), moved(), movedBytes);
  }

  private long moved() {
    return stages.stream().mapToLong(Stage::moved).sum();
  }

  private Occupancy occupancy() {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return Occupancy.of(snapshot.pages(), snapshot.catalog());
    }
  }

  /// Applies the stages; whether it came to the end of all targets.
  private boolean walk() {
    long bytes = targets().stream().mapToLong(Extent::bytes).sum();
    steps.stage("move lists and values", bytes);
    for (Stage stage : stages) {
      for (Extent one : targets()) { // a stage before may have made some
        for (int pass = 0; begin(stage, one.target, pass); pass++) {
          if (!walk(stage, one.target, pass == 0)) {
            return false;
          }
        }
        steps.bytes(one.bytes - told);
        told = 0;
      }
    }
    return true;
  }

  /// A target, and how much there is to walk over.
  private record Extent(Target target, long bytes) {
    static Extent of(PageReader state, Catalog catalog, Target target) {
      long pages =
          target.cells(catalog).stream().mapToLong(space -> state.table(space).pageCount()).sum();
      return new Extent(target, pages * Column.PAGE_BYTES);
    }
  }

  private List<Extent> targets() {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      Catalog catalog = snapshot.catalog();
      return Target.all(catalog).stream()
          .map(target -> Extent.of(snapshot.pages(), catalog, target))
          .toList();
    }
  }

  private boolean begin(Stage stage, Target target, int pass) {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return stage.begin(snapshot.pages(), snapshot.catalog(), target, pass);
    }
  }

  /// @param tells whether to tell how far it is
  private boolean walk(Stage stage, Target target, boolean tells) {
    position = Stage.Position.START;
    walks = true;
    while (walks) {
      if (until.getAsBoolean()) {
        return false;
      }
      Stage.Position from = position;
      turns.accept(() -> store.rearrange(pages -> step(pages, stage, target)));
      if (tells && walks && from.part() == position.part()) {
        long more = (position.cell() - from.cell()) * CELL_BYTES;
        told += more;
        steps.bytes(more);
      }
    }
    return true;
  }

  private void step(PageTransaction pages, Stage stage, Target target) {
    Catalog catalog = CatalogBuilder.of(pages);
    Stage.Position next = catalog == null ? null : stage.step(pages, catalog, target, position);
    walks = next != null;
    position = next == null ? position : next;
  }

  /// Makes the file shorter; whether it came to its end.
  private boolean shrink() {
    StoreStatistics file = store.statistics();
    long holes = file.fileBytes() - file.reachableBytes();
    steps.stage("move pages of the file", Math.clamp(holes, 0, file.reachableBytes()));
    return store.shrink(
        turns,
        until,
        bytes -> {
          movedBytes += bytes;
          steps.bytes(bytes);
        });
  }
}
