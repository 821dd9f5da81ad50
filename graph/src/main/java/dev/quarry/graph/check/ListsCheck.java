package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.slab.Lists;
import dev.quarry.storage.slab.RunCheck;
import dev.quarry.storage.slab.SlabCheck;
import java.util.function.Consumer;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/// Verifies lists as such: order and length of each, no list of a free slot, every page of a hub
/// owned by one hub or free, and the descriptors of blocks and strings.
final class ListsCheck {
  private final GraphSnapshot snapshot;
  private final Consumer<String> problems;

  ListsCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
  }

  void run() {
    SpaceNames names = new SpaceNames(snapshot.catalog());
    for (Arena arena : snapshot.catalog().arenas()) {
      if (arena.isDropped()) {
        continue;
      }
      ArenaReader reader = snapshot.nodeReader(arena.id());
      String of = "arena " + arena.id() + " (" + names.nodes(arena.id()) + ")";
      lists(reader.lists(true), arena.lists(true).hubs(), reader.slots(), of + ", outgoing");
      lists(reader.lists(false), arena.lists(false).hubs(), reader.slots(), of + ", incoming");
      descriptors(reader, of);
    }
    for (Arena arena : snapshot.catalog().edgeArenas()) {
      if (!arena.isDropped()) {
        String type = snapshot.catalog().types().get(arena.labels().getFirst());
        descriptors(snapshot.edgeReader(arena), "rows of :" + type);
      }
    }
    for (ListKind kind : snapshot.catalog().kinds()) {
      Slots slots = snapshot.nodeReader(kind.arena()).slots();
      String of =
          "%s lists of :%s of arena %d"
              .formatted(
                  kind.out() ? "outgoing" : "incoming",
                  snapshot.catalog().types().get(kind.type()),
                  kind.arena());
      lists(new Lists(snapshot.pages(), kind.spaces()), kind.spaces().hubs(), slots, of);
    }
  }

  private void descriptors(ArenaReader reader, String of) {
    SlabCheck.descriptors(
        reader.strings().slabs(), problem -> problems.accept(of + ", strings: " + problem));
  }

  private void lists(Lists lists, int hubs, Slots slots, String of) {
    SlabCheck check = new SlabCheck(lists);
    Roaring64Bitmap hubPages = new Roaring64Bitmap();
    for (long slot = 0; slot < slots.highWater(); slot++) {
      String fault = check.fault(slot);
      if (fault != null) {
        problems.accept(of + ": the list of slot " + slot + ": " + fault);
      }
      if (!slots.isLive(slot) && lists.length(slot) > 0) {
        problems.accept(of + ": slot " + slot + " is free but has relationships");
      }
      lists.owned(slot, block -> {}, page -> own(hubPages, page, of));
    }
    lists.hubs().freePages(page -> own(hubPages, page, of));
    PageTable pages = snapshot.pages().table(hubs);
    long all = Math.max(0, pages.pageCount() - 1);
    if (hubPages.getLongCardinality() != all) {
      problems.accept(
          "%s: %d pages of hubs are owned, there are %d"
              .formatted(of, hubPages.getLongCardinality(), all));
    }
    RunCheck.check(lists, problem -> problems.accept(of + ", runs: " + problem));
    SlabCheck.descriptors(lists.slabs(), problem -> problems.accept(of + ", blocks: " + problem));
  }

  private void own(Roaring64Bitmap owned, long page, String of) {
    if (owned.contains(page)) {
      problems.accept("%s: page %d of a hub is owned twice".formatted(of, page));
    }
    owned.addLong(page);
  }
}
