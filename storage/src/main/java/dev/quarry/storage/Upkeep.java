package dev.quarry.storage;

import dev.quarry.storage.page.PageTransaction;

/// What the layer above does before a checkpoint, while the writer's lock is held: it may add to
/// the newest version what no log record tells of and no answer depends on; and it puts into pages
/// what the version holds besides, see [#complete].
///
/// The commit number stays what it is. After a crash before the checkpoint is durable all of it is
/// gone.
@FunctionalInterface
public interface Upkeep {
  /// Does it. What it throws ends it, and its changes are dropped; the checkpoint goes on.
  ///
  /// @param transaction on the newest version; it never spills
  void before(PageTransaction transaction);

  /// Writes to pages what only the attachment of the version holds, before all else. What it throws
  /// keeps the checkpoint from beginning. It only changes pages by [PageTransaction#writable(int,
  /// long)], since it is also called of versions that are not the newest, for a copy of them.
  ///
  /// @param transaction on the version; it never spills
  default void complete(PageTransaction transaction) {}
}
