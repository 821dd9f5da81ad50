package dev.quarry.graph.transaction;

import dev.quarry.storage.Replayer;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// Installs logged changes while a store is recovered. Bare relationships wait for those that
/// follow, also those of later commits, and are entered together, before anything else is done.
final class GraphReplayer implements Replayer, AutoCloseable {
  private static final long MOST_BYTES = 256 << 20;

  private final Budget budget = Budget.root("recovery", MOST_BYTES);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget);
  private final BareBatches bare = new BareBatches(scratch, BareBatches.MOST);
  private @Nullable Changes changes;
  private boolean onlyBare = true; // in the commit so far

  @Override
  public void replay(PageTransaction transaction, byte[] record, int offset, int length) {
    Changes open = changes;
    if (open == null || open.pages() != transaction) {
      open = new Changes(transaction, scratch);
      changes = open;
      bare.clear();
    }
    if (bare.isFull()) {
      enter(open);
    }
    if (LogRecord.isBare(record, offset, length) && LogRecord.addTo(bare, record, offset)) {
      return;
    }
    if (LogRecord.areBare(record, offset)) {
      LogRecord.addPairs(bare, open.catalog(), record, offset, length);
      return;
    }
    if (onlyBare && LogRecord.isEnd(record, offset)) {
      return;
    }
    enter(open);
    onlyBare = false;
    if (LogRecord.replay(open, record, offset, length)) {
      open.finish();
      changes = null;
      onlyBare = true;
    }
    transaction.spillPoint();
  }

  @Override
  public void complete(PageTransaction transaction) {
    Changes open = changes;
    if (open != null && open.pages() == transaction) {
      enter(open);
      open.finish();
    }
    changes = null;
    onlyBare = true;
  }

  private void enter(Changes open) {
    if (!bare.isEmpty()) {
      open.linkAll(bare, batch -> {}, open.pages()::spillPoint);
    }
  }

  @Override
  public void close() {
    bare.close();
    scratch.close();
    memory.close();
  }
}
