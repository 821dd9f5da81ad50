package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.arena.Column;
import java.util.function.Consumer;

/// Verifies counters that no other walk meets: of nodes whose labels changed, and whether a type
/// remembers ordinals.
final class CounterCheck {
  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final Consumer<String> problems;

  CounterCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.problems = problems;
  }

  void run() {
    if (catalog.counts() < 0) {
      return;
    }
    Column counts = new Column(snapshot.pages(), catalog.counts(), 8);
    catalog.flips().forEach(flip -> flip(flip, counts.getLong(flip.counter())));
    for (Arena arena : catalog.edgeArenas()) {
      int type = arena.labels().getFirst();
      long counter = counts.getLong(Catalog.typeCounter(type));
      if ((counter & Catalog.REMEMBERS) == 0 && remembers(snapshot.edgeReader(arena))) {
        problems.accept(
            "rows of :%s remember ordinals, their counter denies it"
                .formatted(catalog.types().get(type)));
      }
    }
  }

  private void flip(Flip flip, long counted) {
    Column bits = new Column(snapshot.pages(), flip.space(), 0);
    ArenaReader nodes = snapshot.nodeReader(flip.arena());
    String label = catalog.labels().get(flip.label());
    long set = 0;
    for (long slot = 0; slot < nodes.slots().highWater(); slot++) {
      if (bits.bit(slot)) {
        set++;
        if (!nodes.slots().isLive(slot)) {
          problems.accept(
              "slot %d of arena %d is free, but its label %s is said to have changed"
                  .formatted(slot, flip.arena(), label));
        }
      }
    }
    if (set != counted) {
      problems.accept(
          "label %s changed for %d nodes of arena %d, the counter says %d"
              .formatted(label, set, flip.arena(), counted));
    }
  }

  private static boolean remembers(ArenaReader rows) {
    for (long slot = 0; slot < rows.slots().highWater(); slot++) {
      if (rows.slots().isLive(slot) && rows.origin(slot) >= 0) {
        return true;
      }
    }
    return false;
  }
}
