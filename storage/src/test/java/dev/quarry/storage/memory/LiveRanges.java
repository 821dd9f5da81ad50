package dev.quarry.storage.memory;

/// How much native memory of this process is in use, for tests of leaks.
public final class LiveRanges {
  private LiveRanges() {}

  /// Extents and windows that are live.
  public static int count() {
    return Ranges.live().size();
  }
}
