package dev.quarry.graph.catalog;

import static dev.quarry.storage.page.PageReader.NO_SPACE;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The regions of a graph, and how its relationships connect them. Immutable.
///
/// Counts of relationships are kept per pair of regions, so a drop changes no count: those that
/// touch a dropped region are just not summed any more.
///
/// @param all by number; the first is the default region
/// @param counts one for each type and pair of regions that had a relationship since the last sweep
/// @param sweep space of how far the sweep is, see [SweepPosition]; [NO_SPACE] if there is nothing
///   to sweep
public record Regions(List<Region> all, List<RegionCount> counts, int sweep) {
  /// Regions there may be, the default one and those that wait for the sweep included.
  public static final int MOST = 4096;

  /// The default region alone.
  public static final Regions NONE =
      new Regions(List.of(new Region("", Region.State.LIVE)), List.of(), NO_SPACE);

  public Regions {
    all = List.copyOf(all);
    counts = List.copyOf(counts);
  }

  /// The number of a live region; -1 if there is none of that name.
  public int named(String name) {
    for (int region = 1; region < all.size(); region++) {
      if (all.get(region).isLive() && all.get(region).name().equals(name)) {
        return region;
      }
    }
    return -1;
  }

  /// The names of the live regions but the default one.
  public List<String> names() {
    return all.stream().skip(1).filter(Region::isLive).map(Region::name).toList();
  }

  public boolean isLive(int region) {
    return all.get(region).isLive();
  }

  /// Whether entries of lists or indexes may lead to what was dropped.
  public boolean hasUnswept() {
    return sweep != NO_SPACE;
  }

  /// Whether relationships of this count are there: both regions are.
  public boolean isLive(RegionCount count) {
    return isLive(count.source()) && isLive(count.target());
  }

  /// The count of a type and a pair of regions, or null.
  public @Nullable RegionCount count(int type, int source, int target) {
    for (RegionCount count : counts) {
      if (count.type() == type && count.source() == source && count.target() == target) {
        return count;
      }
    }
    return null;
  }

  /// The lowest number that is free.
  ///
  /// @throws GraphException if none is
  public int free() {
    for (int region = 1; region < all.size(); region++) {
      if (all.get(region).state() == Region.State.FREE) {
        return region;
      }
    }
    if (all.size() == MOST) {
      throw new GraphException(
          ErrorCode.STORE_LAYOUT,
          "a graph can have "
              + (MOST - 1)
              + " regions, those that were dropped and wait to be swept included, and has them all",
          "put what varies into a label or a property; regions are for parts of 10 MiB and more");
    }
    return all.size();
  }

  Regions with(int number, Region region) {
    List<Region> more = new ArrayList<>(all);
    if (number == more.size()) {
      more.add(region);
    } else {
      more.set(number, region);
    }
    return new Regions(more, counts, sweep);
  }

  Regions with(RegionCount count) {
    List<RegionCount> more = new ArrayList<>(counts);
    more.add(count);
    return new Regions(all, more, sweep);
  }

  Regions sweptBy(int space) {
    return new Regions(all, counts, space);
  }

  /// Nothing leads to dropped regions any more.
  Regions swept() {
    List<Region> left = new ArrayList<>(all);
    left.replaceAll(region -> region.isLive() ? region : Region.UNUSED);
    return new Regions(left, counts.stream().filter(this::isLive).toList(), NO_SPACE);
  }
}
