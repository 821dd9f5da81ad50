package dev.quarry.graph.check;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Strings;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.slab.Lists;
import dev.quarry.storage.slab.Slabs;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/// Verifies one snapshot.
///
/// 1. Every page agrees with the checksum that its parent keeps (the hash tree).
/// 2. Every value of every live record can be read.
/// 3. Every end of every list is a live node, every edge slot a live row that names the same ends,
///    and the outgoing lists hold the same relationships as the incoming ones (as sums of 64-bit
///    hashes, so a difference goes unseen once in 2⁶⁴).
/// 4. Counters, and counts by kind, equal walks; dead slots have empty lists.
/// 5. Every slab slot in use is owned exactly once.
/// 6. Every index holds what a scan finds, and nothing else; constraints hold; every space, and
///    every page of an index, is owned exactly once.
/// 7. Estimates can be read, and speak of arenas and columns that exist.
public final class GraphCheck {
  private static final int MOST_PROBLEMS = 100;

  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final Progress progress;
  private final List<String> problems = new ArrayList<>();
  private long pages;
  private long nodes;
  private long relationships;
  private long stage;

  /// What was found.
  ///
  /// @param pages read and verified
  /// @param problems in words; empty if the graph is sound
  public record Result(long pages, long nodes, long relationships, List<String> problems) {}

  private GraphCheck(GraphSnapshot snapshot, Progress progress) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.progress = progress;
  }

  /// Verifies a snapshot.
  public static Result run(GraphSnapshot snapshot, Progress progress) {
    GraphCheck check = new GraphCheck(snapshot, progress);
    check.stage("pages");
    if (check.pages()) {
      check.stage("records");
      check.guard("records", check::records);
      check.stage("relationships");
      check.guard("relationships", check::relationships);
      check.stage("slabs");
      check.guard("slabs", check::ownership);
      check.stage("indexes");
      IndexCheck indexes = new IndexCheck(snapshot, check::problem);
      check.guard("indexes", indexes::run);
      SpaceCheck spaces = new SpaceCheck(snapshot, check::problem);
      check.guard("spaces", spaces::run);
      EstimatesCheck estimates = new EstimatesCheck(snapshot, check::problem);
      check.guard("estimates", estimates::run);
    }
    return new Result(check.pages, check.nodes, check.relationships, List.copyOf(check.problems));
  }

  private void stage(String name) {
    progress.at(new Progress.Step(name, (int) ++stage, 5, 0, 0, 0, 0));
  }

  private void problem(String text) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(text);
    }
  }

  private void guard(String what, Runnable step) {
    try {
      step.run();
    } catch (CorruptPageException e) {
      problem(what + ": " + e.getMessage());
    }
  }

  /// Whether all pages are good; else nothing more can be said.
  private boolean pages() {
    for (int space = 0; space < snapshot.pages().spaceCount(); space++) {
      if (snapshot.pages().hasSpace(space)) {
        int id = space;
        guard("space " + space, () -> pagesOf(snapshot.pages().table(id)));
      }
    }
    return problems.isEmpty();
  }

  private void pagesOf(PageTable table) {
    for (long page = 0; page < table.pageCount(); page++) {
      if (!table.isAbsent(page)) {
        table.address(page);
        pages++;
      }
    }
  }

  private void records() {
    for (Arena arena : catalog.arenas()) {
      nodes += records(arena, snapshot.nodeReader(arena.id()), "nodes of arena " + arena.id());
    }
    for (Arena arena : catalog.edgeArenas()) {
      String type = catalog.types().get(arena.id());
      records(arena, snapshot.edgeReader(arena.id()), "rows of :" + type);
    }
  }

  private long records(Arena arena, ArenaReader reader, String what) {
    long live = 0;
    long end = reader.slots().highWater();
    for (long slot = 0; slot < end; slot++) {
      if (reader.slots().isLive(slot)) {
        live++;
        for (int key : reader.keys()) {
          reader.property(slot, key);
        }
      }
    }
    if (live != reader.slots().liveCount()) {
      problem(what + ": " + live + " are live, the counter says " + reader.slots().liveCount());
    }
    if (arena.outgoing() != null) {
      deadLists(arena, reader, end);
    }
    return live;
  }

  private void deadLists(Arena arena, ArenaReader reader, long end) {
    for (long slot = 0; slot < end; slot++) {
      if (!reader.slots().isLive(slot)
          && (reader.lists(true).length(slot) > 0 || reader.lists(false).length(slot) > 0)) {
        problem("slot " + slot + " of arena " + arena.id() + " is free but has relationships");
      }
    }
  }

  private void relationships() {
    int types = catalog.types().size();
    long[] counts = new long[types];
    KindCheck kinds = new KindCheck(snapshot, this::problem);
    long out = walk(Direction.OUTGOING, counts, kinds);
    kinds.compare();
    long[] incoming = new long[types];
    long in = walk(Direction.INCOMING, incoming, new KindCheck(snapshot, this::problem));
    if (out != in) {
      problem("the outgoing lists and the incoming lists hold different relationships");
    }
    for (int type = 0; type < types; type++) {
      long counted = snapshot.relationshipCount(type);
      String name = catalog.types().get(type);
      if (counts[type] != counted || incoming[type] != counted) {
        problem(
            "relationships of :%s: %d leave a node, %d enter one, the counter says %d"
                .formatted(name, counts[type], incoming[type], counted));
      }
      relationships += counts[type];
    }
  }

  /// The sum of the hashes of all relationships of a direction.
  private long walk(Direction direction, long[] counts, KindCheck kinds) {
    long sum = 0;
    long[] rows = new long[counts.length];
    Expansion expansion = snapshot.expansion(direction, null);
    for (Arena arena : catalog.arenas()) {
      ArenaReader reader = snapshot.nodeReader(arena.id());
      long end = reader.slots().highWater();
      for (long slot = 0; slot < end; slot++) {
        if (!reader.slots().isLive(slot)) {
          continue;
        }
        expansion.open(Ids.node(arena.id(), slot));
        while (expansion.next()) {
          counts[expansion.type()]++;
          rows[expansion.type()] += expansion.edgeSlot() >= 0 ? 1 : 0;
          kinds.note(expansion.source(), expansion.type(), expansion.target());
          sum += verify(expansion);
        }
      }
    }
    for (int type = 0; type < rows.length; type++) {
      long live = snapshot.edgeReader(type).slots().liveCount();
      if (rows[type] != live) {
        problem(
            "rows of :%s: %d are live, %d stand in %s lists"
                .formatted(catalog.types().get(type), live, rows[type], direction));
      }
    }
    return sum;
  }

  private long verify(Expansion expansion) {
    long other = expansion.neighbour();
    boolean exists =
        Ids.arena(other) < catalog.arenas().size()
            && snapshot.nodeReader(Ids.arena(other)).slots().isLive(Ids.slot(other));
    if (!exists) {
      problem(
          "a relationship of node n%d.%d leads to a node that does not exist"
              .formatted(Ids.arena(expansion.node()), Ids.slot(expansion.node())));
    }
    long slot = expansion.edgeSlot();
    if (slot >= 0) {
      ArenaReader rows = snapshot.edgeReader(expansion.type());
      boolean agrees =
          rows.slots().isLive(slot)
              && rows.source(slot) == expansion.source()
              && rows.target(slot) == expansion.target();
      if (!agrees) {
        problem(
            "row %d of :%s does not agree with the list of a node"
                .formatted(slot, catalog.types().get(expansion.type())));
      }
    }
    long hash = Memory.mix(expansion.source() * 31 + expansion.target());
    return Memory.mix(hash ^ (long) expansion.type() << 48 ^ slot + 1);
  }

  private void ownership() {
    for (Arena arena : catalog.arenas()) {
      ArenaReader reader = snapshot.nodeReader(arena.id());
      String name = "arena " + arena.id();
      strings(arena, reader, name);
      long end = reader.slots().highWater();
      lists(reader.lists(true), end, name + ", outgoing");
      lists(reader.lists(false), end, name + ", incoming");
    }
    for (Arena arena : catalog.edgeArenas()) {
      strings(
          arena, snapshot.edgeReader(arena.id()), "rows of :" + catalog.types().get(arena.id()));
    }
    for (ListKind kind : catalog.kinds()) {
      long end = snapshot.nodeReader(kind.arena()).slots().highWater();
      String name = "lists of :" + catalog.types().get(kind.type());
      lists(new Lists(snapshot.pages(), kind.spaces()), end, name);
    }
  }

  private void lists(Lists lists, long end, String name) {
    Roaring64Bitmap owned = new Roaring64Bitmap();
    for (long slot = 0; slot < end; slot++) {
      lists.owned(slot, reference -> own(owned, reference, name), page -> {});
    }
    compare(owned, lists.slabs(), name);
  }

  private void strings(Arena arena, ArenaReader reader, String name) {
    Roaring64Bitmap owned = new Roaring64Bitmap();
    Strings strings = reader.strings();
    for (ColumnLayout layout : arena.columns()) {
      Column nulls = new Column(snapshot.pages(), layout.nulls(), 0);
      Column overflow = new Column(snapshot.pages(), layout.overflow(), 16);
      int cellBytes = layout.tag().cellBytes();
      Column values = new Column(snapshot.pages(), layout.values(), cellBytes);
      for (long slot = 0; slot < reader.slots().highWater(); slot++) {
        if (!reader.slots().isLive(slot)) {
          continue;
        }
        if (nulls.bit(slot)) {
          strings.owned(overflow.address(slot), reference -> own(owned, reference, name));
        } else if (layout.tag().isBytes()) {
          strings.owned(values.address(slot), reference -> own(owned, reference, name));
        }
      }
    }
    compare(owned, strings.slabs(), name + ", strings");
  }

  private void own(Roaring64Bitmap owned, long reference, String name) {
    if (owned.contains(reference)) {
      problem("%s: slab slot 0x%x is owned twice".formatted(name, reference));
    }
    owned.addLong(reference);
  }

  private void compare(Roaring64Bitmap owned, Slabs slabs, String name) {
    Roaring64Bitmap used = new Roaring64Bitmap();
    slabs.inUse(used::addLong);
    if (!used.equals(owned)) {
      problem(
          "%s: %d slab slots are in use, %d are owned"
              .formatted(name, used.getLongCardinality(), owned.getLongCardinality()));
    }
  }
}
