package dev.quarry.graph.statistics;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.IndexWriter;
import dev.quarry.storage.page.PageTransaction;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/// Counts relationships by kind for one transaction: notes differences, and writes them when it
/// commits, when someone asks, or when there are too many to keep. Used by the writer's thread.
public final class KindCountsWriter {
  private static final int MOST_PENDING = 1_024;

  private final KindCounts counts;
  private final IndexWriter writer;
  private final Map<Kind, long[]> pending = new HashMap<>();

  private record Kind(int source, int type, int target) {}

  public KindCountsWriter(PageTransaction transaction, int space) {
    this.counts = new KindCounts(transaction, space);
    this.writer = new IndexWriter(transaction, space);
  }

  /// Notes that there are more relationships of a kind, or fewer.
  public void add(int source, int type, int target, long more) {
    pending.computeIfAbsent(new Kind(source, type, target), kind -> new long[1])[0] += more;
    if (pending.size() > MOST_PENDING) {
      flush();
    }
  }

  /// Takes away the counts of all kinds of which an arena is gone.
  public void forget(IntPredicate gone) {
    flush();
    counts.all(
        (source, type, target, count) -> {
          if (gone.test(source) || gone.test(target)) {
            pending.put(new Kind(source, type, target), new long[] {-count});
          }
        });
    flush();
  }

  /// Writes what was noted.
  public void flush() {
    pending.forEach((kind, more) -> write(kind, more[0]));
    pending.clear();
  }

  private void write(Kind kind, long more) {
    if (more == 0) {
      return;
    }
    IndexKey key = new IndexKey(kind.type, KindCounts.pair(kind.source, kind.target));
    long before = counts.count(kind.source, kind.type, kind.target);
    if (before + more < 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "%d relationships of kind %s are taken away, there are %d".formatted(-more, kind, before),
          "run `quarry check`");
    }
    if (before > 0 && before + more > 0) {
      writer.replace(key, before, before + more);
    } else if (before > 0) {
      writer.remove(key, before);
    } else {
      writer.insert(key, more);
    }
  }
}
