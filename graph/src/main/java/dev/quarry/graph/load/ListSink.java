package dev.quarry.graph.load;

import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.ListWriter;
import dev.quarry.storage.slab.RunWriter;
import org.jspecify.annotations.Nullable;

/// Writes lists of a kind from relationships that come in order: each list once, whole.
final class ListSink implements RelationshipSorter.Sink, AutoCloseable {
  private final BulkTransaction transaction;
  private final Target target;
  private final boolean wide;
  private final NativeMemory memory;
  private final Budget account;
  private final Runnable end;
  private @Nullable Scratch runBuffer;
  private Scratch scratch;
  private long entries;
  private long capacity;
  private long count;
  private long slot = -1;

  /// Takes a list, whole.
  private interface Target {
    void list(long slot, long entries, long count);
  }

  /// @param spaces of the lists
  /// @param total how many entries there will be
  ListSink(
      BulkTransaction transaction,
      ListSpaces spaces,
      long total,
      NativeMemory memory,
      Budget account) {
    this.transaction = transaction;
    this.wide = spaces.entryBytes() == 8;
    this.memory = memory;
    this.account = account;
    this.scratch = memory.scratch(account);
    if (total * spaces.entryBytes() < RunWriter.BUFFER) {
      ListWriter lists = transaction.listWriter(spaces);
      this.target = (list, from, length) -> lists.write(list, from, (int) length);
      this.end = lists::finish;
    } else {
      this.runBuffer = memory.scratch(account);
      RunWriter runs = transaction.runWriter(spaces, runBuffer.allocate(RunWriter.BUFFER));
      this.target = runs::list;
      this.end = runs::finish;
    }
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

  /// Writes what is left.
  void finish() {
    flush();
    end.run();
  }

  private void flush() {
    if (count > 0) {
      target.list(slot, entries, count);
      transaction.step();
      count = 0;
    }
  }

  @Override
  public void close() {
    scratch.close();
    if (runBuffer != null) {
      runBuffer.close();
    }
  }
}
