package dev.quarry.bench.allocator;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.SlabSpaces;
import dev.quarry.storage.slab.SlabWriter;
import dev.quarry.storage.slab.Slabs;

/// Quarry's slab slots: in a store in memory, its only writer is the thread.
///
/// A freed slot can be taken again at once if its transaction has taken it, others after the
/// commit. So there is one at the first free after [#TAKEN] blocks were taken; all that it costs is
/// in the time.
final class SlabBlocks implements Blocks {
  /// Blocks that a transaction takes, of any size.
  static final int TAKEN = 1 << 13;

  private static final long MEMORY = 3L << 30;

  private final Store store = Store.inMemory(StoreOptions.defaults().withMemory(MEMORY));
  private final SlabSpaces spaces;
  private final long[] references;
  private PageTransaction transaction;
  private SlabWriter writer;
  private Slabs slabs;
  private int taken;

  SlabBlocks(int count) {
    references = new long[count];
    transaction = store.beginWrite();
    spaces = SlabSpaces.create(transaction);
    writer = new SlabWriter(transaction, spaces);
    slabs = new Slabs(transaction, spaces);
  }

  @Override
  public void allocate(int block, int bytes) {
    references[block] = writer.take(bytes);
    taken++;
  }

  @Override
  public void free(int block) {
    writer.giveBack(references[block]);
    if (taken >= TAKEN) {
      commit();
    }
  }

  @Override
  public void freeAll(int count) {
    for (int block = 0; block < count; block++) {
      writer.giveBack(references[block]);
    }
    commit();
  }

  private void commit() {
    writer.finish();
    store.commit(transaction);
    transaction = store.beginWrite();
    writer = new SlabWriter(transaction, spaces);
    slabs = new Slabs(transaction, spaces);
    taken = 0;
  }

  @Override
  public void putLong(int block, int offset, long value) {
    Memory.putLong(writer.writableEnd(references[block]) + offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return Memory.getLong(slabs.address(references[block], offset + 8L) + offset);
  }

  /// Bytes of pages, those of the descriptors included.
  @Override
  public long heldBytes() {
    commit();
    long bytes = 0;
    for (int space : new int[] {spaces.small(), spaces.large(), spaces.descriptors()}) {
      PageTable pages = transaction.table(space);
      bytes += pages.presentPages() * pages.pageBytes();
    }
    return bytes;
  }

  @Override
  public long roundedBytes() {
    long[] sum = new long[1];
    slabs.inUse(reference -> sum[0] += slabs.bytes(reference));
    return sum[0];
  }

  @Override
  public void close() {
    writer.finish();
    store.commit(transaction);
    store.close();
    if (store.budget().used() != 0) {
      throw new IllegalStateException("the store still holds " + store.budget().used() + " bytes");
    }
  }
}
