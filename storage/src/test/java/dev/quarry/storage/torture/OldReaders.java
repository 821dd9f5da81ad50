package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Readers of pages that began some time ago, and what each of them saw.
final class OldReaders {
  private record Reader(Snapshot snapshot, long digest) {}

  private final Deque<Reader> open = new ArrayDeque<>();
  private @Nullable Snapshot closed;

  void begin(Store store) {
    Snapshot snapshot = store.beginRead();
    try {
      open.add(new Reader(snapshot, PageContent.digest(snapshot)));
    } catch (RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  /// Closes the oldest one, and the one before it once more, which must harm nobody.
  void endOldest() {
    Reader oldest = open.poll();
    if (oldest != null) {
      oldest.snapshot.close();
    }
    if (closed != null) {
      closed.close();
    }
    closed = oldest == null ? null : oldest.snapshot;
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
    open.forEach(reader -> reader.snapshot.close());
    open.clear();
    closed = null;
  }
}
