package dev.quarry.graph.load;

import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.slab.ListSpaces;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// All relationships of a load, noted by kind until their nodes are complete.
///
/// A kind that is dense enough gets lists of its own; a rare one goes to the mixed lists, and so do
/// relationships of a kind that has lists already.
public final class Links implements AutoCloseable {
  private static final long DENSE = 256;

  private final BulkTransaction transaction;
  private final NativeMemory memory;
  private final Budget account;
  private final long mostBytes;
  private final Disk disk;
  private final Path folder;
  private final Map<Kind, RelationshipSorter> sorters = new LinkedHashMap<>();

  private record Kind(int source, int type, int target, boolean rows) {}

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
    this.mostBytes = mostBytes;
    this.disk = disk;
    this.folder = folder;
  }

  /// Notes bare relationships of one kind.
  ///
  /// @param ends slots of sources and targets in turn
  void addAll(int sourceArena, int type, int targetArena, long[] ends, int count) {
    RelationshipSorter sorter =
        sorters.computeIfAbsent(new Kind(sourceArena, type, targetArena, false), this::sorter);
    for (int i = 0; i < count; i++) {
      sorter.add(ends[2 * i], ends[2 * i + 1], -1);
    }
  }

  /// Notes a relationship.
  ///
  /// @param rows whether relationships of this file have edge slots
  public void add(long source, int type, long target, boolean rows, long edgeSlot) {
    Kind kind = new Kind(Ids.arena(source), type, Ids.arena(target), rows);
    if (!kind.equals(last)) {
      last = kind;
      lastSorter = sorters.computeIfAbsent(kind, this::sorter);
    }
    RelationshipSorter sorter = java.util.Objects.requireNonNull(lastSorter);
    sorter.add(Ids.slot(source), Ids.slot(target), edgeSlot);
  }

  private Links.@org.jspecify.annotations.Nullable Kind last;
  private @org.jspecify.annotations.Nullable RelationshipSorter lastSorter;

  private RelationshipSorter sorter(Kind kind) {
    long share = Math.max(1 << 20, mostBytes / (sorters.size() + 2));
    return new RelationshipSorter(
        memory, account, kind.rows(), share, disk, folder, "kind" + sorters.size());
  }

  /// How many were noted.
  public long total() {
    return sorters.values().stream().mapToLong(RelationshipSorter::total).sum();
  }

  /// Writes all lists.
  ///
  /// @param each runs for each entry of a list
  public void write(Runnable each) {
    for (Map.Entry<Kind, RelationshipSorter> entry : sorters.entrySet()) {
      Kind kind = entry.getKey();
      RelationshipSorter sorter = entry.getValue();
      boolean exists = transaction.kind(kind.source(), kind.type(), kind.target()) != null;
      if (exists || sorter.total() < DENSE) {
        linkEach(kind, sorter);
      } else {
        writeLists(kind, sorter, each);
      }
      sorter.close();
    }
  }

  private void linkEach(Kind kind, RelationshipSorter sorter) {
    sorter.drain(
        (source, target, edgeSlot) -> {
          transaction.link(
              Ids.node(kind.source(), source),
              kind.type(),
              Ids.node(kind.target(), target),
              edgeSlot);
          transaction.step();
        },
        (target, source, edgeSlot) -> {});
  }

  private void writeLists(Kind kind, RelationshipSorter sorter, Runnable each) {
    ListSpaces[] spaces =
        transaction.createKind(kind.source(), kind.type(), kind.target(), kind.rows());
    long total = sorter.total();
    try (ListSink out = sink(spaces[0], total);
        ListSink in = sink(spaces[1], total)) {
      sorter.drain(
          (source, target, edgeSlot) -> {
            out.accept(source, target, edgeSlot);
            each.run();
          },
          (target, source, edgeSlot) -> {
            in.accept(target, source, edgeSlot);
            each.run();
          });
      out.finish();
      in.finish();
    }
    transaction.count(kind.source(), kind.type(), kind.target(), sorter.total());
  }

  private ListSink sink(ListSpaces spaces, long total) {
    return new ListSink(transaction, spaces, total, memory, account);
  }

  @Override
  public void close() {
    sorters.values().forEach(RelationshipSorter::close);
  }
}
