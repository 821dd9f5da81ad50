package dev.quarry.graph.load;

import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.ListWriter;
import dev.quarry.storage.slab.RunWriter;

/// Writes the lists of a kind in one direction: as runs, or each by itself where all of them would
/// not fill a page.
final class KindLists implements ListTarget, AutoCloseable {
  private final BulkTransaction transaction;
  private final Scratch scratch;
  private final ListTarget target;
  private final Runnable end;

  /// @param spaces of the lists, of which there are none yet
  /// @param total how many entries there will be
  KindLists(
      BulkTransaction transaction,
      ListSpaces spaces,
      long total,
      NativeMemory memory,
      Budget account) {
    this.transaction = transaction;
    this.scratch = memory.scratch(account);
    if (total * spaces.entryBytes() < RunWriter.leastBytes()) {
      ListWriter lists = transaction.listWriter(spaces);
      this.target = (slot, entries, count) -> lists.write(slot, entries, Math.toIntExact(count));
      this.end = lists::finish;
    } else {
      RunWriter runs = transaction.runWriter(spaces, scratch.allocate(RunWriter.BUFFER));
      this.target = runs::list;
      this.end = runs::finish;
    }
  }

  @Override
  public void list(long slot, long entries, long count) {
    target.list(slot, entries, count);
    transaction.step();
  }

  /// Completes the last ones.
  void finish() {
    end.run();
  }

  @Override
  public void close() {
    scratch.close();
  }
}
