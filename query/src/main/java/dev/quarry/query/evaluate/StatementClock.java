package dev.quarry.query.evaluate;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// The clock of one statement: read when it is first asked for, then it stands still (rule S16).
/// Most statements never ask. Threads: those of the statement.
public final class StatementClock {
  private final InstantSource source;
  private volatile @Nullable Instant read;

  public StatementClock(InstantSource source) {
    this.source = source;
  }

  /// The time of the statement.
  Instant now() {
    Instant known = read;
    return known == null ? readOnce() : known;
  }

  private synchronized Instant readOnce() {
    Instant known = read;
    if (known == null) {
      known = source.instant();
      read = known;
    }
    return known;
  }

  /// The time right now, for what asks for that of each row.
  Instant realTime() {
    return source.instant();
  }
}
