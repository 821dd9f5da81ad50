package dev.quarry.graph.catalog;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The numbers of relationships of those kinds that changed since counts were last written to
/// pages: so a commit need not copy the pages of its counts. They lie on the heap, with a version,
/// and are written before its checkpoint, or by the first transaction that finds too many of them.
/// A crash loses none: the log that is repeated then counts again.
///
/// Of a version they never change; a transaction shows its own, as far as it has come.
///
/// Invariant: pages have an entry of each kind that is here, and a counter of its type and regions.
///
/// @param byKind what is true of a kind, whatever pages say
public record UnwrittenCounts(Map<Kind, Count> byKind) {
  /// Everything is in pages.
  public static final UnwrittenCounts NONE = new UnwrittenCounts(Map.of());

  /// A type of relationships between two arenas. It is compared by methods of its own, since a
  /// commit in a JVM that just started would have to wait until those of a record are linked.
  public record Kind(int source, int type, int target) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Kind kind && kind.is(source, type, target);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * source + type) + target;
    }

    /// Whether it is the one that these numbers name.
    public boolean is(int itsSource, int itsType, int itsTarget) {
      return source == itsSource && type == itsType && target == itsTarget;
    }
  }

  /// @param total how many relationships there are; above 0
  /// @param more by how many that is more than pages say
  public record Count(long total, long more) {}

  /// Chooses pairs of arenas.
  @FunctionalInterface
  public interface Ends {
    boolean are(int source, int target);
  }

  public boolean isEmpty() {
    return byKind.isEmpty();
  }

  /// How many more relationships of a type there are than pages say.
  ///
  /// @param ends between which of them
  public long more(int type, Ends ends) {
    long more = 0;
    for (Map.Entry<Kind, Count> one : byKind.entrySet()) {
      Kind kind = one.getKey();
      if (kind.type == type && ends.are(kind.source, kind.target)) {
        more += one.getValue().more;
      }
    }
    return more;
  }

  /// The number of relationships of a kind.
  ///
  /// @param written what pages say
  public long total(int source, int type, int target, long written) {
    Count known = byKind.isEmpty() ? null : count(source, type, target);
    return known == null ? written : known.total;
  }

  private @Nullable Count count(int source, int type, int target) {
    return byKind.get(new Kind(source, type, target));
  }

  /// The same with another count of one kind.
  public UnwrittenCounts with(Kind kind, Count count) {
    if (byKind.isEmpty() || byKind.size() == 1 && byKind.containsKey(kind)) {
      return new UnwrittenCounts(Map.of(kind, count));
    }
    Map<Kind, Count> copy = new HashMap<>(byKind);
    copy.put(kind, count);
    return new UnwrittenCounts(Map.copyOf(copy));
  }
}
