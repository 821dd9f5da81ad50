package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.check.SpaceNames;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.arena.Column;
import java.util.List;

/// Saves nodes with their labels and properties.
///
/// A node exists if its live bit says so. Where that cannot be read, it exists if it has a property
/// or a relationship: of a slot that was freed all of that was taken away.
final class NodeSalvage {
  private final GraphSnapshot from;
  private final Catalog catalog;
  private final BulkTransaction to;
  private final PropertySalvage properties;
  private final Losses losses;
  private final SpaceNames names;
  private final Steps steps;
  private long saved;

  NodeSalvage(
      GraphSnapshot from,
      BulkTransaction to,
      PropertySalvage properties,
      Losses losses,
      SpaceNames names,
      Steps steps) {
    this.from = from;
    this.catalog = from.catalog();
    this.to = to;
    this.properties = properties;
    this.losses = losses;
    this.names = names;
    this.steps = steps;
  }

  /// Saves all nodes and returns how many there are.
  long run() {
    catalog.arenas().stream().filter(arena -> !arena.isDropped()).forEach(this::arena);
    return saved;
  }

  private void arena(Arena arena) {
    ArenaReader reader = from.nodeReader(arena.id());
    SlotSalvage slots = new SlotSalvage(from, arena, reader);
    List<Flip> flips = catalog.flips().stream().filter(f -> f.arena() == arena.id()).toList();
    long here = 0;
    boolean guessed = false;
    for (long slot = 0; slot < slots.end(); slot++) {
      boolean exists;
      try {
        exists = slots.isLive(slot);
      } catch (CorruptPageException e) {
        guessed = true;
        exists = slots.knowsEnd() && hasTraces(arena, reader, slot);
      }
      if (exists) {
        here++;
        node(arena, reader, slots, flips, slot);
        to.step();
      }
      steps.row();
    }
    saved += here;
    long counted = slots.count();
    if (counted >= 0 && counted != here) {
      losses.add(Losses.Kind.NODES, names.nodes(arena.id()), counted - here, true);
    } else if (counted < 0 && guessed) {
      losses.add(Losses.Kind.NODES, names.nodes(arena.id()), 0, false);
    }
  }

  private boolean hasTraces(Arena arena, ArenaReader reader, long slot) {
    for (ColumnLayout column : arena.columns()) {
      if (properties.hasValue(reader, slot, column.key())) {
        return true;
      }
    }
    return hasList(reader, true, slot) || hasList(reader, false, slot) || hasOwnList(arena, slot);
  }

  private static boolean hasList(ArenaReader reader, boolean out, long slot) {
    try {
      return reader.lists(out).length(slot) > 0;
    } catch (CorruptPageException e) {
      return false;
    }
  }

  private boolean hasOwnList(Arena arena, long slot) {
    return catalog.kinds().stream()
        .filter(kind -> kind.arena() == arena.id())
        .anyMatch(kind -> new SalvagedLists(from, kind).isListed(slot));
  }

  private void node(
      Arena arena, ArenaReader reader, SlotSalvage slots, List<Flip> flips, long slot) {
    long node = Ids.node(arena.id(), slot);
    to.installNode(node, slots.generation(slot, losses, names.nodes(arena.id())));
    for (Flip flip : flips) {
      if (isFlipped(flip, slot)) {
        to.flip(node, flip.label());
      }
    }
    properties.copy(
        reader, slot, names.nodes(arena.id()), (key, value) -> to.putNode(node, key, value));
  }

  private boolean isFlipped(Flip flip, long slot) {
    try {
      return new Column(from.pages(), flip.space(), 0).bit(slot);
    } catch (CorruptPageException e) {
      String label = "label " + catalog.labels().get(flip.label());
      losses.add(Losses.Kind.LABELS, label + " of " + names.nodes(flip.arena()), 1, false);
      return false;
    }
  }
}
