package dev.quarry.graph.load;

/// Sorts relationships of one kind whose edge slots are known, or which have none: what lies in
/// memory is sorted both ways at once.
final class PlainSorter implements RelationshipSorter {
  private final Records records;
  private final RecordSort sort;
  private final RunFile bySource;
  private final RunFile byTarget;
  private long total;

  /// @param isWide whether relationships have edge slots
  /// @param bufferBytes memory to sort in, beside twice what the records take
  PlainSorter(SortResources resources, boolean isWide, long bufferBytes, String name) {
    this.records = resources.newRecords(isWide);
    int recordBytes = records.recordBytes();
    this.sort = new RecordSort(resources, recordBytes, bufferBytes);
    this.bySource = resources.runFile(name + "-out", recordBytes);
    this.byTarget = resources.runFile(name + "-in", recordBytes);
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long bytes() {
    return records.bytes();
  }

  /// Bytes that the next addition needs; mostly 0.
  long growth() {
    return records.room() > 0 ? 0 : records.growth();
  }

  void add(long source, long target, long edgeSlot) {
    if (records.room() == 0) {
      records.grow();
    }
    records.add(source, target, edgeSlot);
    total++;
  }

  /// Adds bare relationships, as many as a chunk has room for.
  ///
  /// @param keys first << 32 | second
  /// @param bits that are set in any of them
  /// @return the index behind the last one that was added
  int add(long[] keys, int from, int to, long bits) {
    if (records.room() == 0) {
      records.grow();
    }
    int end = records.add(keys, from, to, bits);
    total += end - from;
    return end;
  }

  @Override
  public void spill() {
    bySource.begin(records.count());
    byTarget.begin(records.count());
    sort.sortBothWays(records, bySource, byTarget);
  }

  @Override
  public void drain(Sorted out, Sorted in) {
    if (bySource.runs().isEmpty()) {
      sort.sortBothWays(records, out, in);
      return;
    }
    if (records.count() > 0) {
      spill();
    }
    sort.merge(bySource, out);
    sort.merge(byTarget, in);
  }

  @Override
  public void close() {
    records.close();
    bySource.close();
    byTarget.close();
  }
}
