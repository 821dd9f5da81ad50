package dev.quarry.graph.index;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.ValueCodec;
import java.time.temporal.Temporal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is looked for in an index: equal values of its first keys, and then maybe a range or a
/// prefix of the next one.
///
/// Values are in their canonical form or of types that are widened to it. Immutable.
public final class Lookup {
  /// Stands for null, which equals nothing and cannot be compared.
  private static final Object NOTHING = new Object();

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

  /// Records whose first properties equal these values. NaN and null equal nothing, and neither
  /// does what cannot be stored.
  public static Lookup equal(List<?> values) {
    return new Lookup(widened(values), null, false, null, false, null);
  }

  /// Records whose first property equals an integer.
  public static Lookup equal(long number) {
    return new Lookup(List.of(number), null, false, null, false, null);
  }

  private static List<Object> widened(List<?> values) {
    Object[] widened = new Object[values.size()];
    for (int i = 0; i < widened.length; i++) {
      Object value = values.get(i);
      widened[i] = value == null ? NOTHING : widened(value);
    }
    return List.of(widened);
  }

  /// The canonical form; also of lists that cannot be stored, since they can be asked for.
  private static Object widened(Object value) {
    return value instanceof List<?> list ? widened(list) : ValueCodec.canonical(value);
  }

  /// The same records, of which the next property lies in a range: where `<` and its kin are true
  /// of it and the bounds. Of a range of lists all lists are looked at.
  ///
  /// @param from null for no lower bound; not both are null
  /// @param to null for no upper bound
  public Lookup andRange(
      @Nullable Object from, boolean fromIncluded, @Nullable Object to, boolean toIncluded) {
    Object low = from == null ? null : widened(from);
    Object high = to == null ? null : widened(to);
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

  /// The conditions on the properties of its keys, in order.
  public Condition[] conditions() {
    Condition[] conditions = new Condition[keyCount()];
    for (int i = 0; i < equal.size(); i++) {
      conditions[i] = new EqualCondition(equal.get(i));
    }
    if (prefix != null) {
      conditions[equal.size()] = new PrefixCondition(ValueCodec.utf8(prefix));
    } else if (hasRange()) {
      conditions[equal.size()] = new RangeCondition(from, fromIncluded, to, toIncluded);
    }
    return conditions;
  }

  /// Where entries lie that may be wanted; null where none can be.
  ///
  /// @param keys how many keys the index has
  public @Nullable Bounds bounds(int keys) {
    if (keyCount() > keys) {
      throw new IllegalArgumentException("%d of %d keys".formatted(keyCount(), keys));
    }
    if (keys == 1 && equal.size() == 1 && equal.getFirst() instanceof Long number) {
      long order = IndexKey.order(number);
      long hash = IndexKey.hashOfOne(number);
      return new Bounds(order, hash, order, hash);
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

  /// Whether nothing can be found, as between values of two kinds.
  private boolean isVain() {
    for (Object value : equal) {
      if (!isStorable(value) || !Comparison.equal(value, value)) {
        return true;
      }
    }
    return from != null && isNowhere(from)
        || to != null && isNowhere(to)
        || from != null && to != null && isDivided(from, to);
  }

  private static boolean isStorable(Object value) {
    return switch (value) {
      case Boolean truth -> true;
      case Long number -> true;
      case Double number -> true;
      case String text -> true;
      case CypherDuration duration -> true;
      case Point point -> true;
      case Temporal time -> true;
      case List<?> list ->
          list.stream().allMatch(one -> !(one instanceof List<?>) && isStorable(one));
      default -> false;
    };
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
