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

  void run() {
    PageTransaction added = added();
    if (added != null) {
      newest.replace(added.next().asCommit(newest.commitNumber()));
      added.retireReplaced();
    }
  }

  /// What the upkeep adds; null if that is nothing. If it fails, the checkpoint goes on without.
  private @Nullable PageTransaction added() {
    Upkeep work = upkeep;
    if (work == null) {
      return null;
    }
    PageTransaction added = new PageTransaction(newest.get(), frames, pages, Long.MAX_VALUE);
    boolean kept = false;
    try {
      faults.scoped(() -> work.before(added));
      kept = added.dirty();
    } catch (QuarryException e) {
      // What only helps must not keep commits from becoming durable.
    } finally {
      if (!kept) {
        added.abandon();
      }
    }
    return kept ? added : null;
  }
}
