package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bare relationships that wait to be entered into their lists, a [BareBatch] for each kind. Used
/// by the writer's thread.
final class BareBatches implements AutoCloseable {
  /// How many may wait, if there is memory for them: 16 bytes each.
  static final long MOST = 1 << 20;

  private final Scratch account;
  private final long most;
  private final List<BareBatch> batches = new ArrayList<>();
  private @Nullable BareBatch last;
  private long count;

  /// @param account scratch that is charged to the account to use; nothing is taken from it
  /// @param most how many may wait, at most [#MOST]
  BareBatches(Scratch account, long most) {
    this.account = account;
    this.most = most;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Whether those that wait should be entered before there are more.
  boolean isFull() {
    return count >= most;
  }

  /// Whether a relationship can wait here.
  static boolean takes(long source, long target) {
    return Math.max(Ids.slot(source), Ids.slot(target)) <= BareBatch.MOST_SLOT;
  }

  void add(long source, int type, long target) {
    BareBatch batch = last;
    if (batch == null || !batch.isOf(Ids.arena(source), type, Ids.arena(target))) {
      batch = batch(Ids.arena(source), type, Ids.arena(target));
      last = batch;
    }
    add(batch, Ids.slot(source), Ids.slot(target));
  }

  /// Adds one to a batch of these.
  void add(BareBatch batch, long sourceSlot, long targetSlot) {
    batch.add(sourceSlot, targetSlot);
    count++;
  }

  /// The batch to which one was added last, if it is of this kind; else null.
  @Nullable BareBatch last(long source, int type, long target) {
    BareBatch batch = last;
    boolean same = batch != null && batch.isOf(Ids.arena(source), type, Ids.arena(target));
    return same ? batch : null;
  }

  private BareBatch batch(int source, int type, int target) {
    for (BareBatch batch : batches) {
      if (batch.isOf(source, type, target)) {
        return batch;
      }
    }
    BareBatch batch = new BareBatch(source, type, target, account);
    batches.add(batch);
    return batch;
  }

  /// The batches, by the order in which their kinds came.
  List<BareBatch> all() {
    return batches;
  }

  /// Forgets all that wait, and gives their memory back.
  void clear() {
    batches.forEach(BareBatch::close);
    batches.clear();
    last = null;
    count = 0;
  }

  @Override
  public void close() {
    clear();
  }
}
