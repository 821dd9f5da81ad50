package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.slab.Evacuation;
import dev.quarry.storage.slab.SlabOccupancy;
import dev.quarry.storage.slab.SlabSpaces;
import dev.quarry.storage.slab.Slabs;

/// How full the slab pages of a graph are.
///
/// @param slotBytes bytes of all slots of the pages that are there
/// @param liveBytes bytes of those in use
/// @param below size classes, each of its set of slabs, that are less full than compacting makes
///   them, and could have fewer pages
public record Occupancy(long slotBytes, long liveBytes, int below) {
  /// Counts what a state has; reads the descriptors of all slab pages.
  public static Occupancy of(PageReader state, Catalog catalog) {
    long slots = 0;
    long live = 0;
    int below = 0;
    for (Target target : Target.all(catalog)) {
      SlabSpaces slabs = target.slabs(catalog);
      if (slabs == null) {
        continue;
      }
      Evacuation found = Evacuation.of(new Slabs(state, slabs));
      for (int sizeClass = 0; sizeClass < Evacuation.classes(); sizeClass++) {
        SlabOccupancy one = found.occupancy(sizeClass);
        slots += one.slots() * one.slotBytes();
        live += one.live() * one.slotBytes();
        below += one.isAtLeast(Evacuation.GOAL) ? 0 : 1;
      }
    }
    return new Occupancy(slots, live, below);
  }

  /// The part of all slots that is in use, 1 where there are none.
  public double share() {
    return slotBytes == 0 ? 1 : (double) liveBytes / slotBytes;
  }
}
