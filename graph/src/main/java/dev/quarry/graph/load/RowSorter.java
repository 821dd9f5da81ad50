package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import java.nio.file.Path;
import java.util.function.IntConsumer;

/// Sorts relationships of one kind some of which have properties, and gives edge slots in the order
/// of the lists by source.
///
/// ```text
/// added       source, target, row's address, or -1 ──► sorted, in memory or as a run of records
///                                                        and one of rows
///             source, target, run's number, or -1  ──► merged, with the rows of each run in turn
/// by source   source, target, edge slot, or -1     ──► lists; sorted again, by target
/// by target   target, source, edge slot, or -1     ──► lists
/// ```
final class RowSorter implements RelationshipSorter {
  /// Records at a time, so few that the rows of all of them stay in the cache until they are taken.
  private static final int PIECE = 1 << 9;

  private final RowTarget target;
  private final RowMemory rows;
  private final RowRuns rowRuns;
  private final Records records;
  private final RecordSort sort;
  private final RunFile bySource;
  private final Records turned; // numbered, and in order of the source
  private final RecordSort turnedSort;
  private final RunFile byTarget;
  private final long turnedBytes;
  private long[] words = {}; // of some records that are changed
  private long total;

  /// @param mostBytes that [#bytes()] may be
  /// @param bufferBytes memory to sort in, beside twice what the records take
  RowSorter(
      RowTarget target, SortResources resources, long mostBytes, long bufferBytes, String name) {
    NativeMemory memory = resources.memory();
    Budget account = resources.account();
    Path rowFile = resources.folder().resolve(name + "-rows");
    this.target = target;
    this.rows = new RowMemory(memory, account);
    this.rowRuns = new RowRuns(memory, account, mostBytes / 16, resources.disk(), rowFile);
    this.records = resources.newRecords(true);
    this.sort = new RecordSort(resources, 16, bufferBytes);
    this.bySource = resources.runFile(name + "-out", 16);
    // While runs are merged, as many bytes again as records had are free, but not the buffers.
    this.turned = resources.newRecords(true);
    this.turnedBytes = mostBytes / 4;
    this.turnedSort = new RecordSort(resources, 16, mostBytes / 8);
    this.byTarget = resources.runFile(name + "-in", 16);
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long bytes() {
    return records.bytes() + rows.bytes();
  }

  /// Bytes that an addition needs; mostly 0.
  ///
  /// @param rowBytes of its row
  long growth(int rowBytes) {
    return (records.room() > 0 ? 0 : records.growth()) + rows.growth(rowBytes);
  }

  /// Adds a relationship.
  ///
  /// @param row bytes in which its properties are from one to another; none if it has none
  void add(long source, long target, byte[] row, int from, int to) {
    if (records.room() == 0) {
      records.grow();
    }
    records.add(source, target, from == to ? -1 : rows.add(row, from, to));
    total++;
  }

  @Override
  public void spill() {
    int run = rowRuns.begin();
    bySource.begin(records.count());
    Sorted written =
        (at, count) -> {
          replaceAll(at, count, true, (ends, address) -> appended(address, run), piece -> {});
          bySource.accept(at, count);
        };
    sort.sort(records, written).close();
    rowRuns.end();
    rows.close();
  }

  private long appended(long address, int run) {
    rowRuns.append(address);
    return run;
  }

  @Override
  public void drain(Sorted out, Sorted in) {
    bySource(out);
    if (byTarget.runs().isEmpty()) {
      sort.sortTurned(turned, in).close();
      return;
    }
    if (turned.count() > 0) {
      spillTurned();
    }
    sort.merge(byTarget, in);
  }

  private void bySource(Sorted out) {
    if (bySource.runs().isEmpty()) {
      sort.sort(records, numbered(out, (ends, row) -> rows.take(row, ends, target))).close();
      rows.close();
      return;
    }
    if (records.count() > 0) {
      spill();
    }
    rowRuns.beginReading();
    sort.merge(bySource, numbered(out, (ends, run) -> rowRuns.take((int) run, ends, target)));
    bySource.close();
    rowRuns.close();
  }

  /// Gives edge slots before lists are made.
  private Sorted numbered(Sorted out, Replacement edgeSlots) {
    boolean inMemory = bySource.runs().isEmpty();
    long most = inMemory ? Long.MAX_VALUE : turnedBytes;
    return (at, count) -> {
      replaceAll(at, count, inMemory, edgeSlots, piece -> turn(piece, most));
      target.flush();
      out.accept(at, count);
    };
  }

  /// Keeps the records at hand for the other direction.
  private void turn(int piece, long most) {
    for (int i = 0; i < 2 * piece; i += 2) {
      if (turned.room() == 0) {
        if (turned.bytes() + turned.growth() > most && turned.count() > 0) {
          spillTurned();
        }
        turned.grow();
      }
      turned.add(words[i] >>> 32, words[i] & 0xFFFF_FFFFL, words[i + 1]);
    }
  }

  private void spillTurned() {
    byTarget.begin(turned.count());
    turnedSort.sortTurned(turned, byTarget).close();
  }

  /// What comes instead of the second word of a record that has a row.
  private interface Replacement {
    long of(long ends, long word);
  }

  /// Changes records, some at a time, in an array.
  ///
  /// @param inMemory whether their rows are
  /// @param changed is told how many stand in the array
  private void replaceAll(
      long at, long count, boolean inMemory, Replacement replacement, IntConsumer changed) {
    words = words.length == 0 ? new long[2 * PIECE] : words;
    for (long done = 0; done < count; done += PIECE) {
      int piece = (int) Math.min(PIECE, count - done);
      Memory.getLongs(at + done * 16, words, 0, 2 * piece);
      if (inMemory) {
        rows.touch(words, 2 * piece);
      }
      for (int i = 0; i < 2 * piece; i += 2) {
        if (words[i + 1] >= 0) {
          words[i + 1] = replacement.of(words[i], words[i + 1]);
        }
      }
      Memory.putLongs(words, 0, at + done * 16, 2 * piece);
      changed.accept(piece);
    }
  }

  @Override
  public void close() {
    rows.close();
    rowRuns.close();
    records.close();
    bySource.close();
    turned.close();
    byTarget.close();
    words = new long[0];
  }
}
