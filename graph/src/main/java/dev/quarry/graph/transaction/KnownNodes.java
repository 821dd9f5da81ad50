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
    LiveBits known = bits(Ids.arena(node));
    return known != null && known.isLive(Ids.slot(node)) && !transaction.isLeaving(node);
  }

  private @Nullable LiveBits bits(int arena) {
    LiveBits known = arena < bits.length ? bits[arena] : null;
    if (known == null) {
      Slots slots = transaction.slots(arena);
      if (slots == null) {
        return null;
      }
      known = slots.liveBits();
      if (arena >= bits.length) {
        bits = Arrays.copyOf(bits, arena + 1);
      }
      bits[arena] = known;
    }
    return known;
  }

  /// The bits of the arena of a node, until the transaction takes its next step; null if they say
  /// too much or nothing.
  @Nullable LiveBits near(long node) {
    int arena = Ids.arena(node);
    boolean known = transaction.steps() == steps && arena < bits.length;
    LiveBits near = known && !transaction.isAnyLeaving() ? bits[arena] : null;
    return near != null && near.end() <= BareBatch.MOST_SLOT ? near : null;
  }
}
