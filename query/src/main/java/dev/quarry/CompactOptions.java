package dev.quarry;

/// What a compaction does besides giving room back. Immutable; each method returns a copy.
///
/// @param pack whether it packs lists as well: see [#withPack]
public record CompactOptions(boolean pack) {
  /// Nothing is packed.
  public static CompactOptions defaults() {
    return new CompactOptions(false);
  }

  /// Whether it packs the relationships of each node, for graphs that are read now and then: what
  /// leads to them takes about half of the room, and reading it takes several times as long. What
  /// is packed is unpacked node by node where relationships change, and as a whole by a compaction
  /// without this, once it finds much to do there.
  ///
  /// Releases that know nothing of it do not open the store any more.
  public CompactOptions withPack(boolean newPack) {
    return new CompactOptions(newPack);
  }
}
