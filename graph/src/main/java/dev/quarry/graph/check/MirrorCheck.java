package dev.quarry.graph.check;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// Names the nodes at which the outgoing and the incoming lists of a type differ.
///
/// ```text
/// for each node n:   Σ hash of what leaves n      − Σ hash of what others say that it leaves n
///                    Σ hash of what enters n      − Σ hash of what others say that it enters n
/// ```
///
/// Where a difference is not 0, the lists differ. The sums of some nodes at a time are kept, 16
/// bytes each, and all lists of the type are walked once for each such window. Used by one thread.
final class MirrorCheck {
  private static final long WINDOW = 1 << 17;

  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final int type;
  private final ToLongFunction<Expansion> hash;
  private final Consumer<String> problems;

  MirrorCheck(
      GraphSnapshot snapshot, int type, ToLongFunction<Expansion> hash, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.type = type;
    this.hash = hash;
    this.problems = problems;
  }

  void run() {
    for (Arena arena : catalog.arenas()) {
      long end = snapshot.nodeReader(arena.id()).slots().highWater();
      for (long from = 0; from < end; from += WINDOW) {
        window(arena.id(), from, Math.min(WINDOW, end - from));
      }
    }
  }

  private void window(int arena, long from, long count) {
    Scratch scratch = snapshot.scratch();
    long mark = scratch.mark();
    long leaving = scratch.allocateZeroed(count * 8);
    long entering = scratch.allocateZeroed(count * 8);
    long first = Ids.node(arena, from);
    walk(Direction.OUTGOING, 1, leaving, entering, first, count);
    walk(Direction.INCOMING, -1, leaving, entering, first, count);
    for (long i = 0; i < count; i++) {
      differs(Memory.getLong(leaving + i * 8), "outgoing", "incoming", first + i);
      differs(Memory.getLong(entering + i * 8), "incoming", "outgoing", first + i);
    }
    scratch.release(mark);
  }

  private void walk(
      Direction direction, long sign, long leaving, long entering, long first, long count) {
    Expansion expansion = snapshot.expansion(direction, new int[] {type});
    for (Arena arena : catalog.arenas()) {
      ArenaReader reader = snapshot.nodeReader(arena.id());
      for (long slot = 0; slot < reader.slots().highWater(); slot++) {
        if (reader.slots().isLive(slot)) {
          expansion.open(Ids.node(arena.id(), slot));
          while (expansion.next()) {
            long word = sign * hash.applyAsLong(expansion);
            add(leaving, expansion.source() - first, count, word);
            add(entering, expansion.target() - first, count, word);
          }
        }
      }
    }
  }

  private static void add(long sums, long index, long count, long word) {
    if (index >= 0 && index < count) {
      Memory.putLong(sums + index * 8, Memory.getLong(sums + index * 8) + word);
    }
  }

  private void differs(long difference, String its, String others, long node) {
    if (difference != 0) {
      problems.accept(
          "the %s :%s relationships of node n%d.%d are not those that the %s lists of others hold"
              .formatted(its, catalog.types().get(type), Ids.arena(node), Ids.slot(node), others));
    }
  }
}
