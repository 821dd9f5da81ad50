package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Readers of pages that began some time ago, and what each of them saw. Every other one begins
/// with what another left, and leaves it.
final class OldReaders {
  private record Reader(Snapshot snapshot, long digest, boolean again) {
    void end() {
      if (again) {
        snapshot.leave(this);
      } else {
        snapshot.close();
      }
    }
  }

  private final Deque<Reader> open = new ArrayDeque<>();
  private @Nullable Snapshot closed;
  private int begun;

  void begin(Store store) {
    boolean again = begun++ % 2 == 0;
    Snapshot snapshot = again ? store.beginReadAgain() : store.beginRead();
    try {
      open.add(new Reader(snapshot, PageContent.digest(snapshot), again));
    } catch (RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  /// Ends the oldest one, and closes the one before it once more, if nobody has it since then,
  /// which must harm nobody.
  void endOldest() {
    Reader oldest = open.poll();
    if (oldest != null) {
      oldest.end();
    }
    if (closed != null) {
      closed.close();
    }
    closed = oldest == null || oldest.again ? null : oldest.snapshot;
  }

  /// Raises [Violation] if one of them sees something else than at first.
  void ask() {
    for (Reader reader : open) {
      if (PageContent.digest(reader.snapshot) != reader.digest) {
        throw new Violation("an old reader sees something else");
      }
    }
  }

  void endAll() {
    open.forEach(Reader::end);
    open.clear();
    closed = null;
  }
}
