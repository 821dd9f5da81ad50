package dev.quarry.graph.load;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.RadixSort;
import dev.quarry.storage.memory.Scratch;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Sorts the relationships between two arenas, by source and by target, within a limit of memory.
///
/// ```text
/// record   0                         8                   16
///         ┌──────────┬──────────────┬───────────────────┐
///         │ target 4 │ source 4     │ edge slot or -1   │   the second word only with rows
///         └──────────┴──────────────┴───────────────────┘
/// ```
///
/// The slots of source and target are 32 bits each, the source above. What does not fit in memory
/// becomes sorted runs in files, one set for each direction. Equal pairs keep the order in which
/// they were added. Used by one thread.
final class RelationshipSorter implements AutoCloseable {
  private static final long FIRST = 4096;

  private final NativeMemory memory;
  private final Budget account;
  private final long most;
  private final int recordBytes;
  private final RunFiles bySource;
  private final RunFiles byTarget;
  private Scratch scratch;
  private long records;
  private long capacity;
  private long count;
  private long total;

  /// Takes relationships in order.
  interface Sink {
    void accept(long first, long second, long edgeSlot);
  }

  /// @param wide whether relationships have edge slots
  /// @param mostBytes memory to use, sorting included
  RelationshipSorter(
      NativeMemory memory,
      Budget account,
      boolean wide,
      long mostBytes,
      Disk disk,
      Path folder,
      String name) {
    this.memory = memory;
    this.account = account;
    this.recordBytes = wide ? 16 : 8;
    this.most = Math.max(FIRST, mostBytes / (2L * recordBytes));
    this.bySource = new RunFiles(disk, folder, name + "-out", recordBytes);
    this.byTarget = new RunFiles(disk, folder, name + "-in", recordBytes);
    this.scratch = memory.scratch(account);
  }

  /// How many were added.
  long total() {
    return total;
  }

  void add(long source, long target, long edgeSlot) {
    if (count == capacity) {
      makeRoom();
    }
    long at = records + count++ * recordBytes;
    Memory.putLong(at, source << 32 | target);
    if (recordBytes == 16) {
      Memory.putLong(at + 8, edgeSlot);
    }
    total++;
  }

  private void makeRoom() {
    if (capacity == most) {
      spill();
      return;
    }
    long larger = Math.min(most, Math.max(FIRST, capacity * 2));
    Scratch next = memory.scratch(account);
    long copy = next.allocate(larger * recordBytes);
    if (count > 0) {
      Memory.copy(records, copy, count * recordBytes);
    }
    scratch.close();
    scratch = next;
    records = copy;
    capacity = larger;
  }

  /// Writes what there is as one run per direction.
  private void spill() {
    try (Scratch spare = memory.scratch(account)) {
      long other = spare.allocate(count * recordBytes);
      long sorted = RadixSort.sort(records, other, count, recordBytes);
      bySource.write(sorted, count);
      swap(sorted);
      sorted = RadixSort.sort(sorted, sorted == records ? other : records, count, recordBytes);
      byTarget.write(sorted, count);
    }
    count = 0;
  }

  private void swap(long from) {
    for (long i = 0; i < count; i++) {
      long at = from + i * recordBytes;
      Memory.putLong(at, Long.rotateRight(Memory.getLong(at), 32));
    }
  }

  /// Hands on all relationships by source, then all by target.
  ///
  /// @param out takes source, target and edge slot
  /// @param in takes target, source and edge slot
  void drain(Sink out, Sink in) {
    if (!bySource.isEmpty()) {
      if (count > 0) {
        spill();
      }
      merge(bySource, out);
      merge(byTarget, in);
      return;
    }
    try (Scratch spare = memory.scratch(account)) {
      long other = spare.allocate(Math.max(1, count) * recordBytes);
      long sorted = RadixSort.sort(records, other, count, recordBytes);
      emit(sorted, out);
      swap(sorted);
      sorted = RadixSort.sort(sorted, sorted == records ? other : records, count, recordBytes);
      emit(sorted, in);
    }
    count = 0;
  }

  private void emit(long sorted, Sink sink) {
    for (long i = 0; i < count; i++) {
      long at = sorted + i * recordBytes;
      long key = Memory.getLong(at);
      sink.accept(key >>> 32, key & 0xFFFFFFFFL, recordBytes == 16 ? Memory.getLong(at + 8) : -1);
    }
  }

  private static void merge(RunFiles runs, Sink sink) {
    PriorityQueue<RunFiles.Reader> queue =
        new PriorityQueue<>(
            Comparator.comparing(RunFiles.Reader::key, Long::compareUnsigned)
                .thenComparing(RunFiles.Reader::number));
    for (RunFiles.Reader reader : runs.readers()) {
      if (reader.next()) {
        queue.add(reader);
      }
    }
    while (!queue.isEmpty()) {
      RunFiles.Reader least = queue.remove();
      sink.accept(least.key() >>> 32, least.key() & 0xFFFFFFFFL, least.payload());
      if (least.next()) {
        queue.add(least);
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
    bySource.close();
    byTarget.close();
  }
}
