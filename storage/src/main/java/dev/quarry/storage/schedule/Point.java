package dev.quarry.storage.schedule;

/// A place where another thread may come in between.
public enum Point {
  /// Between two steps of a test.
  STEP(false),
  /// The writer's lock is about to be taken.
  LOCK(false),
  /// The writer's lock was given back.
  UNLOCK(false),
  /// A reader has read which epoch is the newest, and has not published or compared it yet.
  PIN(true),
  /// A reader has pinned an epoch, and looks next which version it gets.
  PINNED(false),
  /// A pin is about to be given back.
  UNPIN(false),
  /// A call of a transaction with a lease is about to begin, or somebody is about to end one that
  /// is idle.
  CALL(false),
  /// A reader has read an entry, or verified the page that it leads to, and goes on from there.
  RESOLVE(false),
  /// A version is about to be published.
  PUBLISH(true),
  /// A version was published, and what it replaced is about to be retired.
  RETIRE(true),
  /// It is about to be decided, or was decided, that what was retired is used again.
  REUSE(true),
  /// A node is being handed over: entries, image and dirty bits change one after the other.
  ADOPT(true),
  /// The file has grown, and the map of its new part is about to be known.
  MAP(true),
  /// A commit is in the log's buffer.
  LOGGED(false),
  /// A leader is about to take what waits.
  LEAD(false),
  /// Bytes are about to be written to a file.
  WRITE(false),
  /// A barrier is about to begin.
  FORCE(false),
  /// A barrier has ended.
  FORCED(false),
  /// A thread of a statement is about to take the next piece of its scan.
  MORSEL(false),
  /// Something was left in a mailbox, or who handles it is about to end.
  MAILBOX(false);

  private final boolean locked;

  Point(boolean locked) {
    this.locked = locked;
  }

  /// Whether a thread that does not only read may hold a lock here for which others wait. Only
  /// readers may come in between then: they take no lock.
  public boolean locked() {
    return locked;
  }
}
