package dev.quarry.graph.transaction;

import dev.quarry.storage.arena.LiveBits;
import dev.quarry.storage.arena.Slots;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which nodes a write transaction has, for many ids. What was found is kept until the transaction
/// changes something.
final class KnownNodes {
  private static final @Nullable LiveBits[] NONE = {};

  private final GraphTransaction transaction;
  private long steps; // of the transaction, when the bits were found
  private @Nullable LiveBits[] bits = NONE; // by arena

  KnownNodes(GraphTransaction transaction) {
    this.transaction = transaction;
  }

  boolean has(long node) {
    if (transaction.steps() != steps) {
      steps = transaction.steps();
      bits = NONE;
    }
    int arena = Ids.arena(node);
    LiveBits known = arena < bits.length ? bits[arena] : null;
    if (known == null) {
      Slots slots = transaction.slots(arena);
      if (slots == null) {
        return false;
      }
      known = slots.liveBits();
      if (arena >= bits.length) {
        bits = Arrays.copyOf(bits, arena + 1);
      }
      bits[arena] = known;
    }
    return known.isLive(Ids.slot(node)) && !transaction.isLeaving(node);
  }
}
