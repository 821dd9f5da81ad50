package dev.quarry.graph.load;

/// Records that were distributed to buckets, each of which is sorted by itself, where it lies.
final class Buckets implements Pipeline.Stage<SortBuffer> {
  private final Records records;
  private final long[] ends;
  private final int lowestBit;
  private int bucket;
  private long done;

  /// @param ends where the records of each bucket end
  /// @param lowestBit of the key to sort by
  Buckets(Records records, long[] ends, int lowestBit) {
    this.records = records;
    this.ends = ends;
    this.lowestBit = lowestBit;
  }

  @Override
  public boolean begin(SortBuffer buffer) {
    buffer.from[0] = done;
    while (bucket < ends.length && done == buffer.from[0]) {
      done = ends[bucket++];
    }
    buffer.to[0] = done;
    return buffer.count() > 0;
  }

  @Override
  public void work(SortBuffer buffer) {
    buffer.sort(records, buffer.from[0], buffer.to[0], 0, lowestBit);
  }
}
