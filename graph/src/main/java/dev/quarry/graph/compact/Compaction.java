package dev.quarry.graph.compact;

import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.Store;
import dev.quarry.storage.Upkeep;
import dev.quarry.storage.page.PageTransaction;
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
  /// @param moved lists and strings that were moved
  /// @param movedBytes bytes of pages that were moved in the file
  public record Result(
      boolean isComplete, Occupancy before, Occupancy after, long moved, long movedBytes) {}

  private final Store store;
  private final GraphStore graph;
  private final Consumer<Runnable> turns;
  private final BooleanSupplier until;
  private final Steps steps;
  private final List<Stage> stages = List.of(new Freeze(), new Evacuate());
  private Stage.Position position = Stage.Position.START;
  private boolean walks;
  private long movedBytes;

  private Compaction(
      GraphStore graph, Consumer<Runnable> turns, BooleanSupplier until, Progress progress) {
    this.graph = graph;
    this.store = graph.store();
    this.turns = turns;
    this.until = until;
    this.steps = new Steps(progress, store.clock(), 2);
  }

  /// Compacts.
  ///
  /// @param turns runs what waits for the writer
  /// @param until asked between two steps whether to end
  /// @throws dev.quarry.error.StoreException if the store cannot be written, or a page is damaged
  public static Result run(
      GraphStore graph, Consumer<Runnable> turns, BooleanSupplier until, Progress progress) {
    return new Compaction(graph, turns, until, progress).run();
  }

  private Result run() {
    Occupancy before = occupancy();
    boolean complete = walk();
    steps.stage("move pages of the file");
    complete = complete && store.shrink(until, this::movedPages);
    return new Result(complete, before, occupancy(), moved(), movedBytes);
  }

  private void movedPages(int bytes) {
    movedBytes += bytes;
    steps.row();
  }

  private long moved() {
    return stages.stream().mapToLong(Stage::moved).sum();
  }

  private Occupancy occupancy() {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return Occupancy.of(snapshot.pages(), snapshot.catalog());
    }
  }

  /// Whether it came to the end of all targets.
  private boolean walk() {
    steps.stage("move lists and values");
    for (Stage stage : stages) {
      for (Target target : targets()) {
        for (int pass = 0; begin(stage, target, pass); pass++) {
          if (!walk(stage, target)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private List<Target> targets() {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return Target.all(snapshot.catalog());
    }
  }

  private boolean begin(Stage stage, Target target, int pass) {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return stage.begin(snapshot.pages(), snapshot.catalog(), target, pass);
    }
  }

  private boolean walk(Stage stage, Target target) {
    position = Stage.Position.START;
    walks = true;
    while (walks) {
      if (until.getAsBoolean()) {
        return false;
      }
      step(pages -> step(pages, stage, target));
      steps.row();
    }
    return true;
  }

  private void step(PageTransaction pages, Stage stage, Target target) {
    Catalog catalog = CatalogBuilder.of(pages);
    Stage.Position next = catalog == null ? null : stage.step(pages, catalog, target, position);
    walks = next != null;
    position = next == null ? position : next;
  }

  private void step(Upkeep step) {
    turns.accept(() -> store.rearrange(step));
  }
}
