package dev.quarry.storage;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// Adds to the newest version what the [Upkeep] has to add. Nothing is lost if it never becomes
/// durable, so it is visible at once.
///
/// Threads: the holder of the writer's lock.
final class KeepUp {
  private final Newest newest;
  private final Frames frames;
  private final @Nullable PageFile pages;
  private final Faults faults;
  private @Nullable Upkeep upkeep;

  KeepUp(Newest newest, Frames frames, @Nullable PageFile pages, Faults faults) {
    this.newest = newest;
    this.frames = frames;
    this.pages = pages;
    this.faults = faults;
  }

  /// What is done from now on.
  void with(Upkeep newUpkeep) {
    upkeep = newUpkeep;
  }

  /// Does it. If what only helps fails, the checkpoint goes on without: that must not keep commits
  /// from becoming durable.
  ///
  /// @throws QuarryException if pages cannot get what the version holds besides
  void run() {
    Upkeep work = upkeep;
    if (work != null) {
      add(work::complete);
      try {
        add(work);
      } catch (QuarryException e) {
        // As it says above.
      }
    }
  }

  /// Completes the pages of a version that nobody else will see.
  void complete(PageTransaction copy) {
    Upkeep work = upkeep;
    if (work != null) {
      work.complete(copy);
    }
  }

  /// Adds what some work adds. If that fails, nothing is added. No commit may be logged behind the
  /// newest version.
  void add(Upkeep work) {
    PageTransaction added = new PageTransaction(newest.get(), frames, pages, Long.MAX_VALUE);
    boolean kept = false;
    try {
      faults.scoped(() -> work.before(added));
      kept = added.dirty();
    } finally {
      if (!kept) {
        added.abandon();
      }
    }
    if (kept) {
      newest.replace(added.next().asCommit(newest.commitNumber()));
      added.retireReplaced();
    }
  }
}
