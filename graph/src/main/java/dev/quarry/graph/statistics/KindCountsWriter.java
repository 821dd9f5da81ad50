package dev.quarry.graph.statistics;

import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.IndexWriter;
import dev.quarry.graph.catalog.UnwrittenCounts.Count;
import dev.quarry.graph.catalog.UnwrittenCounts.Kind;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Counts relationships by kind for one transaction: goes on from what no page had when it began,
/// and writes to pages what comes and goes as a kind, and all when someone asks, or when there are
/// too many to keep. Used by the writer's thread.
public final class KindCountsWriter {
  private static final int MOST_KEPT = 1_024;
  private static final int MOST_LEFT = 16;
  private static final Count NOTHING = new Count(0, 0);

  private final PageTransaction transaction;
  private final int space;
  private final KindCounts.Sink written;
  private final UnwrittenCounts base;
  private @Nullable Map<Kind, Count> kept; // what base says, with all changes but those of last
  private @Nullable Kind last; // many transactions count one kind, and need no map
  private Count ofLast = NOTHING;

  /// @param space of the tree
  /// @param base what no page has yet
  /// @param written told how many more relationships of a kind pages have now
  public KindCountsWriter(
      PageTransaction transaction, int space, UnwrittenCounts base, KindCounts.Sink written) {
    this.transaction = transaction;
    this.space = space;
    this.written = written;
    this.base = base;
  }

  /// What no page has by now.
  public UnwrittenCounts unwritten() {
    return kept == null && last == null ? base : new UnwrittenCounts(kept());
  }

  /// What no page has, to be left to later transactions: few, or nothing; what was given to this if
  /// nothing was counted.
  ///
  /// @param later whether it may be; else all is written
  public UnwrittenCounts finish(boolean later) {
    if (later && kept == null && base.byKind().size() < MOST_LEFT) {
      return last == null ? base : base.with(last, ofLast);
    }
    if (!later || kept().size() > MOST_LEFT) {
      flush();
    }
    return kept().isEmpty() ? UnwrittenCounts.NONE : new UnwrittenCounts(Map.copyOf(kept()));
  }

  /// Notes that there are more relationships of a kind, or fewer.
  public void add(int source, int type, int target, long more) {
    Kind kind = last;
    if (kind == null || !kind.is(source, type, target)) {
      keepLast();
      kind = new Kind(source, type, target);
      Count known = (kept == null ? base.byKind() : kept).get(kind);
      ofLast = known == null ? new Count(inPages(kind), 0) : known;
      last = kind;
    }
    Count before = ofLast;
    Count after = new Count(before.total() + more, before.more() + more);
    if (after.total() < 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "%d relationships of kind %s are taken away, there are %d"
              .formatted(-more, kind, before.total()),
          "run `quarry check`");
    }
    ofLast = after;
    if (after.total() == 0 || before.total() == 0) {
      last = null;
      kept().remove(kind);
      write(kind, after);
    } else if (kept != null && kept.size() > MOST_KEPT) {
      flush();
    }
  }

  /// What base says, with all changes.
  private Map<Kind, Count> kept() {
    Map<Kind, Count> known = kept;
    if (known == null) {
      known = new HashMap<>(base.byKind());
      kept = known;
    }
    if (last != null) {
      known.put(last, ofLast);
      last = null;
    }
    return known;
  }

  /// Another kind is counted now.
  private void keepLast() {
    if (last != null) {
      kept();
    }
  }

  private long inPages(Kind kind) {
    return new KindCounts(transaction, space).count(kind.source(), kind.type(), kind.target());
  }

  /// Takes away the counts of all kinds of which an arena is gone.
  public void forget(IntPredicate gone) {
    flush();
    List<Kind> kinds = new ArrayList<>();
    List<Long> counts = new ArrayList<>();
    new KindCounts(transaction, space)
        .all(
            (source, type, target, count) -> {
              if (gone.test(source) || gone.test(target)) {
                kinds.add(new Kind(source, type, target));
                counts.add(count);
              }
            });
    for (int i = 0; i < kinds.size(); i++) {
      replace(kinds.get(i), counts.get(i), 0);
    }
  }

  /// Writes what no page has.
  public void flush() {
    Map<Kind, Count> all = kept();
    all.forEach(this::write);
    all.clear();
  }

  private void write(Kind kind, Count count) {
    replace(kind, count.total() - count.more(), count.total());
    written.accept(kind.source(), kind.type(), kind.target(), count.more());
  }

  private void replace(Kind kind, long before, long after) {
    IndexWriter writer = new IndexWriter(transaction, space);
    IndexKey key = new IndexKey(kind.type(), KindCounts.pair(kind.source(), kind.target()));
    if (before > 0 && after > 0 && before != after) {
      writer.replace(key, before, after);
    } else if (before > 0 && after == 0) {
      writer.remove(key, before);
    } else if (before == 0 && after > 0) {
      writer.insert(key, after);
    }
  }
}
