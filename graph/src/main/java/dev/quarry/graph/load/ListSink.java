package dev.quarry.graph.load;

import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.slab.ListWriter;

/// Writes lists of a kind from relationships that come in order: each list once, whole.
final class ListSink implements RelationshipSorter.Sink, AutoCloseable {
  private final BulkTransaction transaction;
  private final ListWriter lists;
  private final boolean wide;
  private final NativeMemory memory;
  private final Budget account;
  private Scratch scratch;
  private long entries;
  private long capacity;
  private long count;
  private long slot = -1;

  ListSink(
      BulkTransaction transaction,
      ListWriter lists,
      boolean wide,
      NativeMemory memory,
      Budget account) {
    this.transaction = transaction;
    this.lists = lists;
    this.wide = wide;
    this.memory = memory;
    this.account = account;
    this.scratch = memory.scratch(account);
  }

  @Override
  public void accept(long first, long second, long edgeSlot) {
    if (first != slot) {
      flush();
      slot = first;
    }
    if (count == capacity) {
      grow();
    }
    if (wide) {
      put8(second << 32 | Ids.row(edgeSlot) + 1);
    } else {
      Memory.putInt(entries + count * 4, (int) second);
    }
    count++;
  }

  /// Relationships of one pair come in the order of the file, entries are in that of edge slots.
  private void put8(long word) {
    long at = entries + count * 8;
    while (at > entries && Long.compareUnsigned(Memory.getLong(at - 8), word) > 0) {
      Memory.putLong(at, Memory.getLong(at - 8));
      at -= 8;
    }
    Memory.putLong(at, word);
  }

  private void grow() {
    long larger = Math.max(1024, capacity * 2);
    Scratch next = memory.scratch(account);
    long copy = next.allocate(larger * (wide ? 8 : 4));
    if (count > 0) {
      Memory.copy(entries, copy, count * (wide ? 8 : 4));
    }
    scratch.close();
    scratch = next;
    entries = copy;
    capacity = larger;
  }

  void flush() {
    if (count > 0) {
      lists.write(slot, entries, (int) count);
      transaction.step();
      count = 0;
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
