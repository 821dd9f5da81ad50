package dev.quarry.storage.slab;

/// Where a slot lies, in one word: never an address.
///
/// ```text
///  63      56 55      48 47     40 39                                0
/// ┌──────────┬──────────┬─────────┬───────────────────────────────────┐
/// │ zeros    │ class    │ slot    │ page                              │
/// └──────────┴──────────┴─────────┴───────────────────────────────────┘
/// ```
final class SlabReference {
  private SlabReference() {}

  static long of(int sizeClass, int slot, long page) {
    return (long) sizeClass << 48 | (long) slot << 40 | page;
  }

  static int sizeClass(long reference) {
    return (int) (reference >>> 48) & 0xFF;
  }

  static int slot(long reference) {
    return (int) (reference >>> 40) & 0xFF;
  }

  static long page(long reference) {
    return reference & (1L << 40) - 1;
  }
}
