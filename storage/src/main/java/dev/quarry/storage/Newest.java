package dev.quarry.storage;

import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Space;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.List;

/// The newest version that is visible: what readers begin on. It changes with one volatile store.
///
/// Threads: read by any; changed by the holder of the writer's lock, and by the leader of a group
/// of commits, never by both at once.
final class Newest {
  private static final int CATALOG_PAGE_BITS = 12;

  private volatile Version version = withCatalog(new Version(1, 0, nothing(), null, List.of()));

  Version get() {
    return version;
  }

  long epoch() {
    return version.epoch();
  }

  long commitNumber() {
    return version.commitNumber();
  }

  /// Begins with the state that a file holds.
  void begin(Version state) {
    version = state.space(0) == null ? withCatalog(state) : state;
  }

  /// The same state in another form: under another number, or with what is no change of a commit.
  void replace(Version same) {
    version = same;
  }

  /// Makes a commit visible, and retires what it replaced.
  void publish(PageTransaction transaction, Version next) {
    Sched.point(Point.PUBLISH);
    version = next;
    Sched.point(Point.RETIRE);
    transaction.retireReplaced();
  }

  /// What the layer above keeps for it.
  void attach(Object attachment) {
    version = version.attached(attachment);
  }

  private static Version withCatalog(Version state) {
    Space[] spaces = nothing();
    spaces[0] = new Space(0, CATALOG_PAGE_BITS, 0);
    return new Version(state.epoch(), state.commitNumber(), spaces, state.attachment(), List.of());
  }

  private static Space[] nothing() {
    return new Space[Version.FIRST_FREE];
  }
}
