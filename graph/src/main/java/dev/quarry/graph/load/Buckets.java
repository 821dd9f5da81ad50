package dev.quarry.graph.load;

/// Records that were distributed to buckets, each of which is sorted by itself, where it lies.
/// Small ones in a row are sorted together.
final class Buckets implements Pipeline.Stage<SortBuffer> {
  private final Records records;
  private final long[] ends;
  private final long usual;
  private final int lowestBit;
  private int bucket;
  private long done;

  /// @param ends where the records of each bucket end
  /// @param usual how many records are worth a piece
  /// @param lowestBit of the key to sort by
  Buckets(Records records, long[] ends, long usual, int lowestBit) {
    this.records = records;
    this.ends = ends;
    this.usual = usual;
    this.lowestBit = lowestBit;
  }

  @Override
  public boolean begin(SortBuffer buffer) {
    buffer.from[0] = done;
    while (bucket < ends.length && (done == buffer.from[0] || fits(buffer))) {
      done = ends[bucket++];
    }
    buffer.to[0] = done;
    return buffer.count() > 0;
  }

  private boolean fits(SortBuffer buffer) {
    return ends[bucket] - buffer.from[0] <= usual;
  }

  @Override
  public void work(SortBuffer buffer) {
    records.get(buffer.from[0], buffer.to[0], buffer.room());
    buffer.sort(lowestBit);
    records.put(buffer.from[0], buffer.to[0], buffer.sorted());
  }
}
