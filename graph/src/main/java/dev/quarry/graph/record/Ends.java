package dev.quarry.graph.record;

/// The bits of the ends of a relationship's row.
///
/// ```text
///         63         56 55                                            0
///        ┌─────────────┬───────────────────────────────────────────────┐
/// 0      │ origin, low │ source                                        │
///        ├─────────────┼───────────────────────────────────────────────┤
/// 8      │ origin, high│ target                                        │
///        └─────────────┴───────────────────────────────────────────────┘
/// ```
///
/// The origin is 0 for a relationship that was created with properties, else one more than the
/// ordinal that it had among its equals when it got its first one: part of its identity.
public final class Ends {
  /// The greatest ordinal that can be remembered.
  public static final long MOST_ORIGIN = 0xFFFE;

  static final long NODE = (1L << 56) - 1;

  private Ends() {}

  static long low(long source, long origin) {
    return source | origin + 1 << 56;
  }

  static long high(long target, long origin) {
    return target | origin + 1 >>> 8 << 56;
  }

  static long origin(long low, long high) {
    return (low >>> 56 | high >>> 56 << 8) - 1;
  }
}
