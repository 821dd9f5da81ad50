package dev.quarry.graph.transaction;

import dev.quarry.storage.arena.LiveBits;
import dev.quarry.storage.arena.Slots;
import org.jspecify.annotations.Nullable;

/// Which nodes a write transaction has, for ids of which most belong to one arena. What was found
/// is kept until the transaction changes something.
final class KnownNodes {
  private final GraphTransaction transaction;
  private long steps; // of the transaction, when the bits were found
  private int arena;
  private @Nullable LiveBits bits;

  KnownNodes(GraphTransaction transaction) {
    this.transaction = transaction;
  }

  boolean has(long node) {
    LiveBits known = bits;
    if (known == null || Ids.arena(node) != arena || transaction.steps() != steps) {
      Slots slots = transaction.slots(Ids.arena(node));
      if (slots == null) {
        return false;
      }
      known = slots.liveBits();
      steps = transaction.steps();
      arena = Ids.arena(node);
      bits = known;
    }
    return known.isLive(Ids.slot(node)) && !transaction.isLeaving(node);
  }
}
