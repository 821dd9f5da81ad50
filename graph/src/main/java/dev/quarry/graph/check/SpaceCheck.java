package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Verifies that every space of one snapshot has exactly one owner in the catalog.
final class SpaceCheck {
  private final GraphSnapshot snapshot;
  private final Consumer<String> problems;
  private final Map<Integer, String> owners = new HashMap<>();

  SpaceCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
  }

  void run() {
    Catalog catalog = snapshot.catalog();
    if (catalog.counts() < 0) {
      return;
    }
    own("the counters", catalog.counts());
    if (catalog.statistics().kinds() >= 0) {
      own("the counts by kind", catalog.statistics().kinds());
    }
    if (catalog.statistics().estimates() >= 0) {
      own("the estimates", catalog.statistics().estimates());
    }
    catalog.arenas().forEach(arena -> arena("arena " + arena.id(), arena));
    catalog
        .edgeArenas()
        .forEach(
            arena -> arena("rows of :" + catalog.types().get(arena.labels().getFirst()), arena));
    for (Flip flip : catalog.flips()) {
      own("a flip of arena " + flip.arena(), flip.space());
    }
    for (ListKind kind : catalog.kinds()) {
      lists("lists of :" + catalog.types().get(kind.type()), kind.spaces());
    }
    for (IndexDefinition index : catalog.indexes()) {
      own("index `" + index.name() + "`", index.space());
    }
    if (catalog.regions().hasUnswept()) {
      own("the sweep", catalog.regions().sweep());
    }
    for (int space = Version.FIRST_FREE; space < snapshot.pages().spaceCount(); space++) {
      if (snapshot.pages().hasSpace(space) && !owners.containsKey(space)) {
        problems.accept("space " + space + " belongs to nobody");
      }
    }
  }

  private void arena(String name, Arena arena) {
    if (arena.isDropped()) {
      return;
    }
    SlotSpaces slots = arena.slots();
    own(name, slots.live(), slots.generations(), slots.counts());
    slabs(name, arena.strings().slabs());
    for (ColumnLayout column : arena.columns()) {
      own(name, column.values(), column.nulls(), column.overflow());
      if (column.dictionary().exist()) {
        own(name, column.dictionary().codes(), column.dictionary().entries());
      }
    }
    lists(name, arena.outgoing());
    lists(name, arena.incoming());
    if (arena.ends() >= 0) {
      own(name, arena.ends());
    }
  }

  private void lists(String name, @Nullable ListSpaces lists) {
    if (lists != null) {
      own(name, lists.directory(), lists.hubs());
      slabs(name, lists.slabs());
      if (lists.runs().exist()) {
        own(name, lists.runs().groups(), lists.runs().ends(), lists.runs().entries());
      }
    }
  }

  private void slabs(String name, SlabSpaces slabs) {
    own(name, slabs.small(), slabs.large(), slabs.descriptors());
  }

  private void own(String name, int... spaces) {
    for (int space : spaces) {
      String other = owners.put(space, name);
      if (other != null) {
        problems.accept("space %d belongs to %s and to %s".formatted(space, other, name));
      }
      if (!snapshot.pages().hasSpace(space)) {
        problems.accept("space %d of %s does not exist".formatted(space, name));
      }
    }
  }
}
