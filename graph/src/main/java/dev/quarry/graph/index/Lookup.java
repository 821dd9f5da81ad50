package dev.quarry.graph.index;

import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.ValueCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is looked for in an index: equal values of its first keys, and then maybe a range or a
/// prefix of the next one.
///
/// Values are in their canonical form or of types that are widened to it. Immutable.
public final class Lookup {
  private final List<Object> equal;
  private final @Nullable Object from;
  private final boolean fromIncluded;
  private final @Nullable Object to;
  private final boolean toIncluded;
  private final @Nullable String prefix;

  private Lookup(
      List<Object> equal,
      @Nullable Object from,
      boolean fromIncluded,
      @Nullable Object to,
      boolean toIncluded,
      @Nullable String prefix) {
    this.equal = equal;
    this.from = from;
    this.fromIncluded = fromIncluded;
    this.to = to;
    this.toIncluded = toIncluded;
    this.prefix = prefix;
  }

  /// Every record of the index: those that have all its properties.
  public static Lookup all() {
    return equal(List.of());
  }

  /// Records whose first properties equal these values; NaN equals nothing.
  public static Lookup equal(List<?> values) {
    List<Object> canonical = new ArrayList<>();
    for (Object value : values) {
      canonical.add(ValueCodec.canonical(value));
    }
    return new Lookup(List.copyOf(canonical), null, false, null, false, null);
  }

  /// The same records, of which the next property lies in a range: where `<` and its kin are true
  /// of it and the bounds. Of a range of lists all lists are looked at.
  ///
  /// @param from null for no lower bound; not both are null
  /// @param to null for no upper bound
  public Lookup andRange(
      @Nullable Object from, boolean fromIncluded, @Nullable Object to, boolean toIncluded) {
    Object low = from == null ? null : ValueCodec.canonical(from);
    Object high = to == null ? null : ValueCodec.canonical(to);
    if (low == null && high == null) {
      throw new IllegalArgumentException("a range without bounds");
    }
    return new Lookup(equal, low, fromIncluded, high, toIncluded, null);
  }

  /// The same records, of which the next property is a string that begins with a prefix.
  public Lookup andPrefix(String text) {
    return new Lookup(equal, null, false, null, false, text);
  }

  /// Records whose first property lies in a range, see [#andRange].
  public static Lookup range(
      @Nullable Object from, boolean fromIncluded, @Nullable Object to, boolean toIncluded) {
    return all().andRange(from, fromIncluded, to, toIncluded);
  }

  /// Records whose first property is a string that begins with a prefix.
  public static Lookup prefix(String text) {
    return all().andPrefix(text);
  }

  /// How many keys of the index it looks at.
  public int keyCount() {
    return equal.size() + (hasRange() || prefix != null ? 1 : 0);
  }

  private boolean hasRange() {
    return from != null || to != null;
  }

  /// The tests for the properties of its keys, in order.
  public ValueTest[] tests() {
    ValueTest[] tests = new ValueTest[keyCount()];
    for (int i = 0; i < equal.size(); i++) {
      tests[i] = new EqualTest(equal.get(i));
    }
    if (prefix != null) {
      tests[equal.size()] = new PrefixTest(ValueCodec.utf8(prefix));
    } else if (hasRange()) {
      tests[equal.size()] = new RangeTest(from, fromIncluded, to, toIncluded);
    }
    return tests;
  }

  /// Where entries lie that may be wanted; null where none can be.
  ///
  /// @param keys how many keys the index has
  public @Nullable Bounds bounds(int keys) {
    if (keyCount() > keys) {
      throw new IllegalArgumentException("%d of %d keys".formatted(keyCount(), keys));
    }
    if (isVain()) {
      return null;
    }
    if (!equal.isEmpty()) {
      long order = IndexKey.order(equal.getFirst());
      long hash = equal.size() == keys ? IndexKey.of(equal).hash() : 0;
      return new Bounds(order, hash, order, equal.size() == keys ? hash : -1);
    }
    if (prefix != null) {
      byte[] utf8 = ValueCodec.utf8(prefix);
      return new Bounds(IndexKey.firstOrder(utf8), 0, IndexKey.lastOrder(utf8), -1);
    }
    Object kind = from != null ? from : to;
    if (kind == null) {
      return new Bounds(0, 0, -1, -1);
    }
    return new Bounds(
        from == null ? IndexKey.firstOfKind(kind) : IndexKey.order(from),
        0,
        to == null ? IndexKey.lastOfKind(kind) : IndexKey.order(to),
        -1);
  }

  /// Whether nothing can be found: NaN equals nothing, and no value lies between values of two
  /// kinds.
  private boolean isVain() {
    for (Object value : equal) {
      if (!Comparison.equal(value, value)) {
        return true;
      }
    }
    return from != null && isNowhere(from)
        || to != null && isNowhere(to)
        || from != null && to != null && isDivided(from, to);
  }

  private static boolean isNowhere(Object bound) {
    return !(bound instanceof List<?>)
        && Comparison.compare(bound, bound) == Comparison.INCOMPARABLE;
  }

  private static boolean isDivided(Object from, Object to) {
    boolean lists = from instanceof List<?> && to instanceof List<?>;
    return !lists && Comparison.compare(from, to) == Comparison.INCOMPARABLE;
  }

  /// A part of an index, both ends included, as unsigned words.
  public record Bounds(long fromOrder, long fromHash, long toOrder, long toHash) {
    /// Whether an entry lies behind the end.
    public boolean isPast(long order, long hash) {
      int byOrder = Long.compareUnsigned(order, toOrder);
      return byOrder > 0 || byOrder == 0 && Long.compareUnsigned(hash, toHash) > 0;
    }
  }
}
