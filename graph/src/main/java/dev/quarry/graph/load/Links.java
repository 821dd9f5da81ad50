package dev.quarry.graph.load;

import dev.quarry.graph.statistics.DegreeSketch;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.slab.ListSpaces;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// All relationships of a load, noted by kind until their nodes are complete.
///
/// Rows of properties are written before the lists of their kind, in the order of the outgoing
/// ones: so who walks over such a list reads properties that lie one behind the other.
///
/// A kind that is dense enough gets lists of its own; a rare one goes to the mixed lists, and so do
/// relationships of a kind that has lists already.
public final class Links implements AutoCloseable {
  private static final long DENSE = 256;

  private final BulkTransaction transaction;
  private final NativeMemory memory;
  private final Budget account;
  private final long recordBytes; // of all kinds together
  private final long bufferBytes;
  private final SortResources resources;
  private final RowWriter rows;
  private final Map<Kind, RelationshipSorter> sorters = new LinkedHashMap<>();
  private @Nullable Kind last;
  private @Nullable RelationshipSorter lastSorter;

  private enum Rows {
    NONE,
    WRITTEN, // edge slots are given
    ENCODED
  }

  /// Compared by methods of its own: those that a record has are linked at their first call, which
  /// took 12 ms of a load in a JVM that just started.
  private record Kind(int source, int type, int target, Rows rows) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Kind kind
          && kind.source == source
          && kind.type == type
          && kind.target == target
          && kind.rows == rows;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * source + type) + target) + rows.ordinal();
    }

    /// Whether entries of lists have edge slots.
    boolean isWide() {
      return rows != Rows.NONE;
    }
  }

  /// @param mostBytes for sorting, all kinds together
  public Links(
      BulkTransaction transaction,
      NativeMemory memory,
      Budget account,
      long mostBytes,
      Disk disk,
      Path folder) {
    this.transaction = transaction;
    this.memory = memory;
    this.account = account;
    this.recordBytes = mostBytes * 3 / 8; // sorting takes as much again
    this.bufferBytes = mostBytes / 4;
    this.rows = new RowWriter(transaction);
    int threads = transaction.mostThreads();
    this.resources = new SortResources(memory, account, threads, disk, folder);
  }

  /// Notes bare relationships of one kind.
  ///
  /// @param keys slots of source and target of each, first << 32 | second
  /// @param bits that are set in any of them
  void addAll(int sourceArena, int type, int targetArena, long[] keys, int count, long bits) {
    PlainSorter sorter = (PlainSorter) sorter(new Kind(sourceArena, type, targetArena, Rows.NONE));
    for (int done = 0; done < count; ) {
      makeRoom(sorter.growth());
      done = sorter.add(keys, done, count, bits);
    }
  }

  /// Notes a relationship whose row is written already, or which never has one.
  ///
  /// @param edgeSlot -1 for a bare relationship
  public void add(long source, int type, long target, long edgeSlot) {
    Rows rows = edgeSlot < 0 ? Rows.NONE : Rows.WRITTEN;
    PlainSorter sorter =
        (PlainSorter) sorter(new Kind(Ids.arena(source), type, Ids.arena(target), rows));
    makeRoom(sorter.growth());
    sorter.add(Ids.slot(source), Ids.slot(target), edgeSlot);
  }

  /// Notes a relationship of a file with properties.
  ///
  /// @param rows which have its properties
  /// @param row its index there
  void add(long source, int type, long target, EncodedRows rows, int row) {
    RowSorter sorter =
        (RowSorter) sorter(new Kind(Ids.arena(source), type, Ids.arena(target), Rows.ENCODED));
    int from = rows.from(row);
    int to = rows.to(row);
    makeRoom(sorter.growth(to - from));
    sorter.add(Ids.slot(source), Ids.slot(target), rows.bytes(), from, to);
  }

  private RelationshipSorter sorter(Kind kind) {
    RelationshipSorter known = lastSorter;
    if (known == null || !kind.equals(last)) {
      known = sorters.computeIfAbsent(kind, this::newSorter);
      last = kind;
      lastSorter = known;
    }
    return known;
  }

  private RelationshipSorter newSorter(Kind kind) {
    String name = "kind" + sorters.size();
    if (kind.rows() == Rows.ENCODED) {
      return new RowSorter(rows, resources, recordBytes, bufferBytes, name);
    }
    return new PlainSorter(resources, kind.isWide(), bufferBytes, name);
  }

  /// Has the kind with most records write them to files, if so many bytes more are too many.
  private void makeRoom(long bytes) {
    if (bytes == 0) {
      return;
    }
    RelationshipSorter largest = null;
    long used = 0;
    for (RelationshipSorter sorter : sorters.values()) {
      used += sorter.bytes();
      largest = largest == null || sorter.bytes() > largest.bytes() ? sorter : largest;
    }
    if (largest != null && largest.bytes() > 0 && used + bytes > recordBytes) {
      largest.spill();
    }
  }

  /// How many were noted.
  public long total() {
    return sorters.values().stream().mapToLong(RelationshipSorter::total).sum();
  }

  /// Writes all lists.
  ///
  /// @param done is told how many more relationships stand in lists of one direction
  public void write(LongConsumer done) {
    for (Map.Entry<Kind, RelationshipSorter> entry : sorters.entrySet()) {
      Kind kind = entry.getKey();
      RelationshipSorter sorter = entry.getValue();
      rows.begin(kind.source(), kind.type(), kind.target());
      boolean exists = transaction.kind(kind.source(), kind.type(), kind.target()) != null;
      if (exists || sorter.total() < DENSE) {
        linkEach(kind, sorter);
      } else {
        writeLists(kind, sorter, done);
      }
      sorter.close();
    }
  }

  private void linkEach(Kind kind, RelationshipSorter sorter) {
    int width = kind.isWide() ? 16 : 8;
    sorter.drain(
        (records, count) -> {
          for (long at = records; at < records + count * width; at += width) {
            long key = Memory.getLong(at);
            transaction.link(
                Ids.node(kind.source(), key >>> 32),
                kind.type(),
                Ids.node(kind.target(), key & 0xFFFF_FFFFL),
                kind.isWide() ? Memory.getLong(at + 8) : -1);
            transaction.step();
          }
        },
        (records, count) -> {});
  }

  private void writeLists(Kind kind, RelationshipSorter sorter, LongConsumer done) {
    ListSpaces[] spaces =
        transaction.createKind(kind.source(), kind.type(), kind.target(), kind.isWide());
    long total = sorter.total();
    DegreeSketch leaving = new DegreeSketch(kind.type(), true);
    DegreeSketch entering = new DegreeSketch(kind.type(), false);
    try (KindLists outgoing = new KindLists(transaction, spaces[0], total, memory, account);
        KindLists incoming = new KindLists(transaction, spaces[1], total, memory, account);
        ListBuilder out = builder(kind, outgoing, leaving);
        ListBuilder in = builder(kind, incoming, entering)) {
      sorter.drain(counted(out, done), counted(in, done));
      out.end();
      outgoing.finish();
      in.end();
      incoming.finish();
    }
    transaction.count(kind.source(), kind.type(), kind.target(), total);
    transaction.degrees(kind.source(), leaving);
    transaction.degrees(kind.target(), entering);
  }

  private ListBuilder builder(Kind kind, ListTarget lists, DegreeSketch degrees) {
    boolean mayLoop = kind.source() == kind.target();
    return new ListBuilder(lists, kind.isWide(), degrees, mayLoop, memory, account);
  }

  private static Sorted counted(ListBuilder lists, LongConsumer done) {
    return (records, count) -> {
      lists.accept(records, count);
      done.accept(count);
    };
  }

  @Override
  public void close() {
    sorters.values().forEach(RelationshipSorter::close);
  }
}
