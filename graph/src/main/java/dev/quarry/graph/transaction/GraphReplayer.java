package dev.quarry.graph.transaction;

import dev.quarry.storage.Replayer;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// Installs logged changes while a store is recovered, transaction by transaction. Bare
/// relationships that follow each other are installed together.
final class GraphReplayer implements Replayer, AutoCloseable {
  private static final long MOST_BYTES = 256 << 20;

  private final Budget budget = Budget.root("recovery", MOST_BYTES);
  private final NativeMemory memory = new NativeMemory(budget, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(budget);
  private final BareBatch bare = new BareBatch();
  private @Nullable Changes changes;

  @Override
  public void replay(PageTransaction transaction, byte[] record, int offset, int length) {
    Changes open = changes;
    if (open == null || open.pages() != transaction) {
      open = new Changes(transaction, scratch);
      changes = open;
      bare.clear();
    }
    boolean isBare = LogRecord.isBare(record, offset, length);
    if (isBare && LogRecord.addTo(bare, record, offset)) {
      return;
    }
    open.linkAll(bare);
    bare.clear();
    if (isBare) {
      LogRecord.addTo(bare, record, offset);
    } else if (LogRecord.replay(open, record, offset, length)) {
      open.finish();
      changes = null;
    }
    transaction.spillPoint();
  }

  @Override
  public void close() {
    scratch.close();
    memory.close();
  }
}
