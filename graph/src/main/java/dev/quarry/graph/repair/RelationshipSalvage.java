package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.load.Links;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Saves relationships with their properties.
///
/// Each stands in two lists, and one with properties in a row besides. So what a damaged outgoing
/// list held comes from the incoming lists of others, and what both lists lost from the rows:
///
/// ```text
/// 1. every outgoing list that can be read        all of it
/// 2. every incoming list that can be read        what stands in an outgoing list that cannot be read
/// 3. every row                                   what neither gave
/// ```
///
/// A relationship whose source or target is lost is lost with it.
final class RelationshipSalvage {
  private final GraphSnapshot from;
  private final Catalog catalog;
  private final List<Arena> arenas;
  private final Damage damage;
  private final BulkTransaction to;
  private final PropertySalvage properties;
  private final Links links;
  private final Losses losses;
  private final Steps steps;
  private final long[] saved;
  private final Map<Integer, List<SalvagedLists>> outgoing = new HashMap<>();

  RelationshipSalvage(
      GraphSnapshot from,
      Damage damage,
      BulkTransaction to,
      PropertySalvage properties,
      Links links,
      Losses losses,
      Steps steps) {
    this.from = from;
    this.catalog = from.catalog();
    this.damage = damage;
    this.to = to;
    this.properties = properties;
    this.links = links;
    this.losses = losses;
    this.steps = steps;
    this.arenas = catalog.arenas().stream().filter(arena -> !arena.isDropped()).toList();
    this.saved = new long[catalog.types().size()];
  }

  /// Notes all relationships for the links and returns how many there are.
  long run() {
    for (Arena arena : arenas) {
      for (SalvagedLists lists : lists(arena.id(), true)) {
        each(arena.id(), lists, (node, type, other, row) -> save(node, type, other, row));
      }
    }
    for (Arena arena : arenas) {
      for (SalvagedLists lists : lists(arena.id(), false)) {
        if (needed(arena.id(), lists.kind())) {
          each(
              arena.id(),
              lists,
              (node, type, other, row) -> {
                if (!outgoingIsReadable(other, node, lists.kind())) {
                  save(other, type, node, row);
                }
              });
        }
      }
    }
    catalog.edgeArenas().stream().filter(arena -> !arena.isDropped()).forEach(this::rows);
    long all = 0;
    for (int type = 0; type < saved.length; type++) {
      all += saved[type];
      compare(type);
    }
    return all;
  }

  private interface Visitor {
    void relationship(long node, int type, long other, long row);
  }

  private void each(int arena, SalvagedLists lists, Visitor visitor) {
    SlotSalvage slots = new SlotSalvage(from, catalog.arenas().get(arena), from.nodeReader(arena));
    for (long slot = 0; slot < slots.end(); slot++) {
      long node = Ids.node(arena, slot);
      if (to.hasNode(node) && lists.isReadable(slot)) {
        lists.read(slot, (type, other, row) -> visitor.relationship(node, type, other, row));
      }
      steps.row();
    }
  }

  /// Whether incoming lists of an arena may hold what outgoing ones have lost.
  private boolean needed(int arena, @Nullable ListKind in) {
    if (in != null) {
      return !damage.spares(mirror(in).spaces());
    }
    return arenas.stream().anyMatch(other -> !damage.spares(other.lists(true)));
  }

  private ListKind mirror(ListKind in) {
    return Objects.requireNonNull(catalog.kind(in.other(), in.type(), true, in.arena()));
  }

  /// Whether the outgoing list that must hold a relationship was read.
  private boolean outgoingIsReadable(long source, long target, @Nullable ListKind in) {
    if (Ids.arena(source) >= catalog.arenas().size()
        || catalog.arenas().get(Ids.arena(source)).isDropped()) {
      return false;
    }
    for (SalvagedLists lists : lists(Ids.arena(source), true)) {
      ListKind kind = lists.kind();
      boolean same = in == null ? kind == null : mirror(in).equals(kind);
      if (same) {
        return lists.isReadable(Ids.slot(source));
      }
    }
    return false;
  }

  private List<SalvagedLists> lists(int arena, boolean out) {
    return out ? outgoing.computeIfAbsent(arena, id -> listsOf(id, true)) : listsOf(arena, false);
  }

  private List<SalvagedLists> listsOf(int arena, boolean out) {
    List<SalvagedLists> lists = new ArrayList<>();
    for (ListKind kind : catalog.kinds()) {
      if (kind.arena() == arena && kind.out() == out) {
        lists.add(new SalvagedLists(from, kind));
      }
    }
    lists.add(new SalvagedLists(from, arena, out));
    return lists;
  }

  /// Rows that no list gave.
  private void rows(Arena arena) {
    ArenaReader reader = from.edgeReader(arena);
    int type = arena.labels().getFirst();
    SlotSalvage slots = new SlotSalvage(from, arena, reader);
    for (long slot = 0; slot < slots.end(); slot++) {
      try {
        long edgeSlot = Ids.edgeSlot(arena.region(), slot);
        if (slots.isLive(slot) && !to.hasRow(type, edgeSlot)) {
          save(reader.source(slot), type, reader.target(slot), edgeSlot);
        }
      } catch (CorruptPageException e) {
        continue; // whether it exists, or its ends, nobody knows
      }
    }
  }

  private void save(long source, int type, long target, long edgeSlot) {
    if (type >= saved.length || !to.hasNode(source) || !to.hasNode(target)) {
      return;
    }
    if (edgeSlot >= 0
        && (catalog.edgeArena(type, Ids.region(edgeSlot)) == null || to.hasRow(type, edgeSlot))) {
      return;
    }
    if (edgeSlot >= 0) {
      ArenaReader reader = from.edgeReader(type, edgeSlot);
      long row = Ids.row(edgeSlot);
      String of = "relationships :" + catalog.types().get(type);
      SlotSalvage rows = new SlotSalvage(from, reader.arena(), reader);
      if (row >= rows.end()) {
        return; // an entry that leads nowhere
      }
      int generation = rows.generation(row, losses, of);
      to.installRow(type, edgeSlot, generation, source, target);
      properties.copy(reader, row, of, (key, value) -> to.putRow(type, edgeSlot, key, value));
    }
    links.add(source, type, target, edgeSlot);
    saved[type]++;
    to.step();
  }

  private void compare(int type) {
    String of = "relationships :" + catalog.types().get(type);
    try {
      long counted = from.counts().relationships(type);
      if (counted != saved[type]) {
        losses.add(Losses.Kind.RELATIONSHIPS, of, counted - saved[type], true);
      }
    } catch (CorruptPageException e) {
      if (damage.count() > 1) {
        losses.add(Losses.Kind.RELATIONSHIPS, of, 0, false);
      }
    }
  }
}
