package dev.quarry.graph.catalog;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Regions as bytes, behind the rest of the catalog since its version 4.
///
/// ```text
/// sweep        space of how far the sweep is, or -1
/// regions      count · name, state 1
/// counts       count · type · region of the source · region of the target · counter
/// arenas       for each arena of nodes, then of relationships: its region
/// ```
///
/// Numbers have 4 bytes where nothing else is said.
final class RegionFormat {
  private RegionFormat() {}

  static void write(DataOutputStream out, Catalog catalog) throws IOException {
    Regions regions = catalog.regions();
    out.writeInt(regions.sweep());
    out.writeInt(regions.all().size());
    for (Region region : regions.all()) {
      out.writeUTF(region.name());
      out.writeByte(region.state().ordinal());
    }
    out.writeInt(regions.counts().size());
    for (RegionCount count : regions.counts()) {
      out.writeInt(count.type());
      out.writeInt(count.source());
      out.writeInt(count.target());
      out.writeInt(count.counter());
    }
    for (Arena arena : catalog.arenas()) {
      out.writeInt(arena.region());
    }
    for (Arena arena : catalog.edgeArenas()) {
      out.writeInt(arena.region());
    }
  }

  static Regions regions(DataInputStream in) throws IOException {
    int sweep = in.readInt();
    List<Region> all = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      int state = in.readByte();
      if (state < 0 || state >= Region.State.values().length) {
        throw new IOException("a region in the unknown state " + state);
      }
      all.add(new Region(name, Region.State.values()[state]));
    }
    List<RegionCount> counts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      counts.add(new RegionCount(in.readInt(), in.readInt(), in.readInt(), in.readInt()));
    }
    return new Regions(all, counts, sweep);
  }

  /// The arenas with their regions, which were read without.
  static List<Arena> arenas(DataInputStream in, List<Arena> without) throws IOException {
    List<Arena> arenas = new ArrayList<>();
    for (Arena arena : without) {
      arenas.add(arena.inRegion(in.readInt()));
    }
    return arenas;
  }
}
