package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What each space of a graph holds, in the words of the graph: for reports of damage.
public final class SpaceNames {
  private final Catalog catalog;
  private final Map<Integer, String> names = new HashMap<>();

  public SpaceNames(Catalog catalog) {
    this.catalog = catalog;
    names.put(0, "the catalog");
    names.put(catalog.counts(), "the counters");
    names.put(catalog.statistics().estimates(), "the estimates");
    catalog.arenas().forEach(arena -> arena(arena, nodes(arena)));
    catalog.edgeArenas().forEach(arena -> arena(arena, rows(arena)));
    names.remove(-1); // what is left of dropped arenas has no spaces
    for (Flip flip : catalog.flips()) {
      String label = catalog.labels().get(flip.label());
      names.put(flip.space(), "changes of label " + label + " of " + nodes(flip.arena()));
    }
    for (ListKind kind : catalog.kinds()) {
      String type = catalog.types().get(kind.type());
      lists(kind.spaces(), direction(kind.out()) + " :" + type + " of " + nodes(kind.arena()));
    }
    for (IndexDefinition index : catalog.indexes()) {
      names.put(index.space(), "index `" + index.name() + "`");
    }
  }

  /// What a space holds.
  public String of(int space) {
    return names.getOrDefault(space, "space " + space);
  }

  /// The nodes of an arena, by the labels that they were created with: `nodes :A:B`.
  public String nodes(int arena) {
    return nodes(catalog.arenas().get(arena));
  }

  private String nodes(Arena arena) {
    List<Integer> labels = arena.labels();
    return labels.isEmpty()
        ? "nodes without labels"
        : labels.stream()
            .map(label -> ":" + catalog.labels().get(label))
            .collect(Collectors.joining("", "nodes ", ""));
  }

  private String rows(Arena arena) {
    return "relationships :" + catalog.types().get(arena.labels().getFirst());
  }

  private void arena(Arena arena, String of) {
    SlotSpaces slots = arena.slots();
    names.put(slots.live(), "which " + of + " exist");
    names.put(slots.generations(), "generations of " + of);
    names.put(slots.counts(), "the count of " + of);
    slabs(arena.strings().slabs(), "long values of " + of);
    for (ColumnLayout column : arena.columns()) {
      String property = "property " + catalog.keys().get(column.key()) + " of " + of;
      names.put(column.values(), property);
      names.put(column.nulls(), "which have " + property);
      names.put(column.overflow(), property + ", values of other types");
      names.put(column.dictionary().codes(), property + " (codes)");
      names.put(column.dictionary().entries(), property + " (dictionaries)");
    }
    lists(arena.outgoing(), direction(true) + " of " + of);
    lists(arena.incoming(), direction(false) + " of " + of);
    if (arena.ends() >= 0) {
      names.put(arena.ends(), "ends of " + of);
    }
  }

  private static String direction(boolean out) {
    return out ? "outgoing relationships" : "incoming relationships";
  }

  private void lists(@Nullable ListSpaces lists, String what) {
    if (lists != null) {
      names.put(lists.directory(), what + " (directory)");
      names.put(lists.hubs(), what + " (hubs)");
      slabs(lists.slabs(), what + " (blocks)");
      names.put(lists.runs().groups(), what + " (groups of runs)");
      names.put(lists.runs().ends(), what + " (ends of runs)");
      names.put(lists.runs().entries(), what + " (runs)");
    }
  }

  private void slabs(SlabSpaces slabs, String what) {
    names.put(slabs.small(), what);
    names.put(slabs.large(), what);
    names.put(slabs.descriptors(), what + ", descriptors");
  }
}
