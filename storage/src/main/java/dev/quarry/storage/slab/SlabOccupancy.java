package dev.quarry.storage.slab;

/// How full the pages of one size class are.
///
/// @param slotBytes bytes of a slot
/// @param pages pages that are there
/// @param slots slots that these have
/// @param live slots in use
public record SlabOccupancy(int slotBytes, long pages, long slots, long live) {
  /// Whether they could not be fewer.
  public boolean isLeast() {
    long perPage = pages == 0 ? 1 : slots / pages;
    return pages <= (live + perPage - 1) / perPage;
  }

  /// Whether at least so many of a hundred slots are in use, or the pages cannot be fewer.
  public boolean isAtLeast(int percent) {
    return live * 100 >= slots * percent || isLeast();
  }
}
