package dev.quarry.graph.check;

import dev.quarry.storage.arena.DictionaryCheck;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.catalog.RegionCount;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Strings;
import dev.quarry.storage.checkpoint.FileCheck;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageWalk;
import dev.quarry.storage.slab.Lists;
import dev.quarry.storage.slab.Slabs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/// Verifies one snapshot, and the file below it.
///
/// 1. Every page agrees with the checksum that its parent keeps (the hash tree), whether it was
///    verified before or not; of a store with a file, see
///    [dev.quarry.storage.checkpoint.FileCheck], every place of it is owned once.
/// 2. Every value of every live record can be read.
/// 3. Every end of every list is a live node, every edge slot a live row that names the same ends,
///    and the outgoing lists hold the same relationships as the incoming ones (as sums of 64-bit
///    hashes, so a difference goes unseen once in 2⁶⁴). Where they do not, [MirrorCheck] names the
///    nodes.
/// 4. Counters, and counts by kind, equal walks; dead slots have empty lists. What leads to a
///    dropped region is passed over as long as the sweep is not at its end, and a problem from then
///    on.
/// 5. Every slab slot in use is owned exactly once.
/// 6. Every index holds what a scan finds, and nothing else; constraints hold; every space, and
///    every page of an index, is owned exactly once.
/// 7. Lists ascend where they say so, and what describes their blocks agrees with them.
/// 8. Estimates can be read, and speak of arenas and columns that exist.
/// 9. What dirty pages are charged equals a walk over them, if nobody else uses the store.
///
/// It reports and goes on: the first findings in words, all of them as a number.
public final class GraphCheck {
  private static final int STAGES = 7;

  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final Steps steps;
  private final Findings findings = new Findings();
  private long pages;
  private long nodes;
  private long relationships;

  /// What was found.
  ///
  /// @param pages read and verified
  /// @param problems in words, at most 100; empty if the graph is sound
  /// @param found how many there are in all
  public record Result(
      long pages, long nodes, long relationships, List<String> problems, long found) {}

  /// A type and the regions of both ends.
  private record Between(int type, int source, int target) {}

  private GraphCheck(GraphSnapshot snapshot, Steps steps) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.steps = steps;
  }

  /// Verifies a snapshot.
  public static Result run(GraphSnapshot snapshot, Progress progress) {
    return new GraphCheck(snapshot, new Steps(progress, Clock.system(), STAGES)).run(sink -> {});
  }

  /// Verifies the newest commit of a store, and its file.
  public static Result run(GraphStore store, Progress progress) {
    Steps steps = new Steps(progress, store.store().clock(), STAGES);
    GraphCheck check;
    try (GraphSnapshot snapshot = store.beginRead()) {
      check = new GraphCheck(snapshot, steps);
      check.run(store.store()::verifyFile);
    }
    store.store().verifyLedger(check::problem);
    return check.result();
  }

  private Result run(Consumer<FileCheck.Sink> verifyFile) {
    steps.stage("file");
    verifyFile.accept(fileSink());
    steps.stage("pages");
    pages();
    steps.stage("records");
    guard("records", this::records);
    steps.stage("relationships");
    guard("relationships", this::relationships);
    steps.stage("slabs");
    guard("slabs", this::ownership);
    steps.stage("lists");
    guard("lists", () -> new ListsCheck(snapshot, findings::add).run());
    guard("counters", () -> new CounterCheck(snapshot, findings::add).run());
    steps.stage("indexes");
    guard("indexes", () -> new IndexCheck(snapshot, findings::add).run());
    guard("spaces", () -> new SpaceCheck(snapshot, findings::add).run());
    guard("estimates", () -> new EstimatesCheck(snapshot, findings::add).run());
    return result();
  }

  private Result result() {
    return new Result(pages, nodes, relationships, findings.first(), findings.count());
  }

  private FileCheck.Sink fileSink() {
    return new FileCheck.Sink() {
      @Override
      public void problem(String text) {
        findings.add(text);
      }

      @Override
      public void page(int bytes) {
        steps.page(bytes);
      }
    };
  }

  private void problem(String text) {
    findings.add(text);
  }

  /// A step that meets a damaged page, or a value that is none, ends there.
  private void guard(String what, Runnable step) {
    try {
      step.run();
    } catch (CorruptPageException e) {
      problem(what + " cannot be verified to the end: " + e.getMessage());
    }
  }

  private void pages() {
    SpaceNames names = new SpaceNames(catalog);
    for (int space = 0; space < snapshot.pages().spaceCount(); space++) {
      PageWalk.run(snapshot.pages(), space, visitor(names.of(space)));
    }
  }

  private PageWalk.Visitor visitor(String space) {
    return new PageWalk.Visitor() {
      @Override
      public void page(long page, long address) {
        pages++;
        steps.page(0);
      }

      @Override
      public void damaged(CorruptPageException what, long firstPage, long count) {
        problem(space + ": " + what.getMessage());
      }
    };
  }

  private void records() {
    for (Arena arena : catalog.arenas()) {
      nodes += records(arena, snapshot.nodeReader(arena.id()), "nodes of arena " + arena.id());
    }
    for (Arena arena : catalog.edgeArenas()) {
      records(arena, snapshot.edgeReader(arena), rowsOf(arena));
    }
  }

  private String rowsOf(Arena edges) {
    return "rows of :" + catalog.types().get(edges.labels().getFirst());
  }

  private long records(Arena arena, ArenaReader reader, String what) {
    if (!arena.isDropped() && !catalog.regions().isLive(arena.region())) {
      problem(what + ": they are there, but their region was dropped");
    }
    long live = 0;
    long end = reader.slots().highWater();
    for (long slot = 0; slot < end; slot++) {
      if (reader.slots().isLive(slot)) {
        live++;
        values(reader, slot, what);
        steps.row();
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

  private void values(ArenaReader reader, long slot, String what) {
    for (int key : reader.keys()) {
      try {
        reader.property(slot, key);
      } catch (CorruptPageException e) {
        if (e.code() == ErrorCode.CHECKSUM) {
          throw e;
        }
        String name = catalog.keys().get(key);
        problem("%s: property %s of slot %d is no value: %s".formatted(what, name, slot, e));
      }
    }
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
    Map<Between, long[]> counts = new HashMap<>();
    KindCheck kinds = new KindCheck(snapshot, this::problem);
    long[] out = walk(Direction.OUTGOING, counts, kinds);
    kinds.compare();
    long[] in = walk(Direction.INCOMING, counts, new KindCheck(snapshot, this::problem));
    for (int type = 0; type < catalog.types().size(); type++) {
      if (out[type] != in[type]) {
        problem(
            "the outgoing lists and the incoming lists hold different relationships of :"
                + catalog.types().get(type));
        new MirrorCheck(snapshot, type, GraphCheck::hash, findings::add).run();
      }
      counts.computeIfAbsent(new Between(type, 0, 0), key -> new long[2]);
    }
    for (RegionCount count : catalog.regions().counts()) {
      if (catalog.regions().isLive(count)) {
        Between key = new Between(count.type(), count.source(), count.target());
        counts.computeIfAbsent(key, absent -> new long[2]);
      }
    }
    counts.forEach(this::compare);
  }

  private void compare(Between key, long[] counts) {
    long counted = snapshot.counts().relationships(key.type(), key.source(), key.target());
    if (counts[0] != counted || counts[1] != counted) {
      problem(
          "relationships of :%s: %d leave a node, %d enter one, the counter says %d"
              .formatted(catalog.types().get(key.type()), counts[0], counts[1], counted));
    }
    relationships += counts[0];
  }

  /// The sum of the hashes of the relationships of each type, in one direction.
  private long[] walk(Direction direction, Map<Between, long[]> counts, KindCheck kinds) {
    int index = direction == Direction.OUTGOING ? 0 : 1;
    long[] sums = new long[catalog.types().size()];
    long[] rows = new long[sums.length];
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
          counts.computeIfAbsent(between(expansion), key -> new long[2])[index]++;
          rows[expansion.type()] += expansion.edgeSlot() >= 0 ? 1 : 0;
          kinds.note(expansion.source(), expansion.type(), expansion.target());
          sums[expansion.type()] += hash(expansion);
          verify(expansion);
          steps.row();
        }
      }
    }
    for (int type = 0; type < rows.length; type++) {
      long live = snapshot.counts().rows(type);
      if (rows[type] != live) {
        problem(
            "rows of :%s: %d are live, %d stand in %s lists"
                .formatted(catalog.types().get(type), live, rows[type], direction));
      }
    }
    return sums;
  }

  private Between between(Expansion expansion) {
    return new Between(expansion.type(), region(expansion.source()), region(expansion.target()));
  }

  /// The region of a node, also of one that a damaged entry names.
  private int region(long node) {
    int arena = Ids.arena(node);
    return arena < catalog.arenas().size() ? catalog.region(arena) : 0;
  }

  private boolean exists(long node) {
    return Ids.arena(node) < catalog.arenas().size()
        && snapshot.nodeReader(Ids.arena(node)).slots().isLive(Ids.slot(node));
  }

  private void verify(Expansion expansion) {
    if (!exists(expansion.neighbour())) {
      problem(
          "a relationship of node n%d.%d leads to a node that does not exist"
              .formatted(Ids.arena(expansion.node()), Ids.slot(expansion.node())));
    }
    long slot = expansion.edgeSlot();
    if (slot >= 0) {
      if (!agrees(expansion, slot)) {
        problem(
            "row %d of :%s does not agree with the list of a node"
                .formatted(Ids.row(slot), catalog.types().get(expansion.type())));
      }
    }
  }

  private static long hash(Expansion expansion) {
    long ends = Memory.mix(expansion.source() * 31 + expansion.target());
    return Memory.mix(ends ^ (long) expansion.type() << 48 ^ expansion.edgeSlot() + 1);
  }

  private boolean agrees(Expansion expansion, long edgeSlot) {
    if (Ids.region(edgeSlot) != region(expansion.source())
        || catalog.edgeArena(expansion.type(), Ids.region(edgeSlot)) == null) {
      return false;
    }
    ArenaReader rows = snapshot.edgeReader(expansion.type(), edgeSlot);
    long row = Ids.row(edgeSlot);
    return rows.slots().isLive(row)
        && rows.source(row) == expansion.source()
        && rows.target(row) == expansion.target();
  }

  private void ownership() {
    for (Arena arena : catalog.arenas()) {
      if (arena.isDropped()) {
        continue;
      }
      ArenaReader reader = snapshot.nodeReader(arena.id());
      String name = "arena " + arena.id();
      strings(arena, reader, name);
      long end = reader.slots().highWater();
      lists(reader.lists(true), end, name + ", outgoing");
      lists(reader.lists(false), end, name + ", incoming");
    }
    for (Arena arena : catalog.edgeArenas()) {
      strings(arena, snapshot.edgeReader(arena), rowsOf(arena));
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
    for (ColumnLayout layout : arena.columns()) {
      if (layout.dictionary().exist()) {
        dictionary(arena, layout, reader, owned, name);
      }
    }
    compare(owned, strings.slabs(), name + ", strings");
  }

  private void dictionary(
      Arena arena, ColumnLayout layout, ArenaReader reader, Roaring64Bitmap owned, String name) {
    String of = name + ", property " + catalog.keys().get(layout.key()) + ": ";
    Column nulls = new Column(snapshot.pages(), layout.nulls(), 0);
    DictionaryCheck check =
        new DictionaryCheck(
            snapshot.pages(),
            arena.strings(),
            layout.values(),
            layout.dictionary(),
            what -> problem(of + what));
    check.codes(slot -> reader.slots().isLive(slot) && !nulls.bit(slot));
    check.entries(reference -> own(owned, reference, name));
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
