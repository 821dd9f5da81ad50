package dev.quarry.graph.transaction;

/// Says for a test how many kinds of an arena get lists of their own for the asking, so that the
/// mixed lists are seen as well.
final class ListsSetting {
  private static final String PROPERTY = "quarry.ownLists";

  private ListsSetting() {}

  /// None, one, or as many as usual, by a seed.
  static void vary(long seed) {
    if (Math.floorMod(seed, 3) < 2) {
      most(Math.floorMod(seed, 3));
    }
  }

  static void most(int kinds) {
    System.setProperty(PROPERTY, String.valueOf(kinds));
  }

  static void restore() {
    System.clearProperty(PROPERTY);
  }
}
