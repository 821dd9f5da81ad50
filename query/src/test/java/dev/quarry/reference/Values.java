package dev.quarry.reference;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The four relations on values (rule S14). Truth is a Boolean, or null where nobody knows.
final class Values {
  private Values() {}

  // Equality.

  static @Nullable Boolean equal(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof Number x && b instanceof Number y) {
      return !isNaN(x) && !isNaN(y) && compareNumbers(x, y) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return listsEqual(x, y);
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return mapsEqual(x, y);
    }
    return a.equals(b);
  }

  private static @Nullable Boolean listsEqual(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    Boolean result = true;
    for (int i = 0; i < a.size(); i++) {
      result = and(result, equal(a.get(i), b.get(i)));
    }
    return result;
  }

  private static @Nullable Boolean mapsEqual(Map<?, ?> a, Map<?, ?> b) {
    if (!a.keySet().equals(b.keySet())) {
      return false;
    }
    Boolean result = true;
    for (Object key : a.keySet()) {
      result = and(result, equal(a.get(key), b.get(key)));
    }
    return result;
  }

  // Ternary logic.

  static @Nullable Boolean and(@Nullable Boolean a, @Nullable Boolean b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return a == null || b == null ? null : Boolean.TRUE;
  }

  static @Nullable Boolean or(@Nullable Boolean a, @Nullable Boolean b) {
    return not(and(not(a), not(b)));
  }

  static @Nullable Boolean xor(@Nullable Boolean a, @Nullable Boolean b) {
    return a == null || b == null ? null : (Boolean) (a.booleanValue() != b.booleanValue());
  }

  static @Nullable Boolean not(@Nullable Boolean a) {
    return a == null ? null : (Boolean) !a;
  }

  // Equivalence.

  static boolean equivalent(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return a == b;
    }
    if (a instanceof Number x && b instanceof Number y) {
      return compareNumbers(x, y) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      boolean same = x.size() == y.size();
      for (int i = 0; same && i < x.size(); i++) {
        same = equivalent(x.get(i), y.get(i));
      }
      return same;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.keySet().equals(y.keySet())
          && x.keySet().stream().allMatch(key -> equivalent(x.get(key), y.get(key)));
    }
    return a.equals(b);
  }

  // Comparability.

  /// Negative, 0 or positive; null where `<` and `>` are unknown. NaN is the caller's matter.
  static @Nullable Integer compare(@Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
        Integer one = compare(x.get(i), y.get(i));
        if (one == null || one != 0) {
          return one;
        }
      }
      return Integer.compare(x.size(), y.size());
    }
    boolean comparable =
        a instanceof Number && b instanceof Number
            || rank(a) == rank(b)
                && !(a instanceof Map
                    || a instanceof ReferenceEntity
                    || a instanceof ReferencePath
                    || a instanceof Point
                    || a instanceof CypherDuration);
    return comparable ? (Integer) order(a, b) : null;
  }

  static boolean isNaN(@Nullable Object value) {
    return value instanceof Double number && number.isNaN();
  }

  /// Exact, whatever the types; NaN is above all and like itself.
  private static int compareNumbers(Number a, Number b) {
    double x = a.doubleValue();
    double y = b.doubleValue();
    boolean exact = Double.isFinite(x) && Double.isFinite(y);
    return exact ? decimal(a).compareTo(decimal(b)) : Double.compare(x, y);
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof Long whole
        ? BigDecimal.valueOf(whole)
        : new BigDecimal(number.doubleValue());
  }

  // Orderability.

  /// Total, as ORDER BY, min and max use it.
  static int order(@Nullable Object a, @Nullable Object b) {
    int byKind = Integer.compare(rank(a), rank(b));
    if (byKind != 0 || a == null || b == null) {
      return byKind;
    }
    return switch (a) {
      case Map<?, ?> map -> orderMaps(map, (Map<?, ?>) b);
      case ReferenceEntity entity -> Long.compare(entity.id(), ((ReferenceEntity) b).id());
      case List<?> list -> orderLists(list, (List<?>) b);
      case ReferencePath path -> orderLists(flat(path), flat((ReferencePath) b));
      case Point point -> orderPoints(point, (Point) b);
      case ZonedDateTime time -> time.compareTo((ZonedDateTime) b);
      case LocalDateTime time -> time.compareTo((LocalDateTime) b);
      case LocalDate date -> date.compareTo((LocalDate) b);
      case OffsetTime time -> time.compareTo((OffsetTime) b);
      case LocalTime time -> time.compareTo((LocalTime) b);
      case CypherDuration duration ->
          Double.compare(averageSeconds(duration), averageSeconds((CypherDuration) b));
      case String text -> orderTexts(text, (String) b);
      case Boolean truth -> truth.compareTo((Boolean) b);
      case Number number -> compareNumbers(number, (Number) b);
      default -> throw new AssertionError(a);
    };
  }

  private static int rank(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> 0;
      case ReferenceNode node -> 1;
      case ReferenceRelationship relationship -> 2;
      case List<?> list -> 3;
      case ReferencePath path -> 4;
      case Point point -> 5;
      case ZonedDateTime time -> 6;
      case LocalDateTime time -> 7;
      case LocalDate date -> 8;
      case OffsetTime time -> 9;
      case LocalTime time -> 10;
      case CypherDuration duration -> 11;
      case String text -> 12;
      case Boolean truth -> 13;
      case Double number when number.isNaN() -> 15;
      case Number number -> 14;
      case null -> 16;
      default -> throw new AssertionError(value);
    };
  }

  private static int orderLists(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int one = order(a.get(i), b.get(i));
      if (one != 0) {
        return one;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  /// By number of keys, then by sorted keys, then by values in the order of the keys.
  private static int orderMaps(Map<?, ?> a, Map<?, ?> b) {
    int bySize = Integer.compare(a.size(), b.size());
    int byKeys =
        orderLists(List.copyOf(new TreeSet<>(a.keySet())), List.copyOf(new TreeSet<>(b.keySet())));
    return bySize != 0 ? bySize : byKeys != 0 ? byKeys : orderLists(sorted(a), sorted(b));
  }

  private static List<?> sorted(Map<?, ?> map) {
    return new java.util.ArrayList<Object>(new TreeMap<Object, Object>(map).values());
  }

  private static List<?> flat(ReferencePath path) {
    List<Object> elements = new java.util.ArrayList<>();
    for (int i = 0; i < path.nodes().size(); i++) {
      if (i > 0) {
        elements.add(path.relationships().get(i - 1));
      }
      elements.add(path.nodes().get(i));
    }
    return elements;
  }

  private static int orderPoints(Point a, Point b) {
    return java.util.Arrays.compare(
        new double[] {a.srid(), a.x(), a.y(), a.z()}, new double[] {b.srid(), b.x(), b.y(), b.z()});
  }

  /// A month has 30.436875 days here (rule S16).
  private static double averageSeconds(CypherDuration duration) {
    return duration.months() * 2_629_746.0
        + duration.days() * 86_400.0
        + duration.seconds()
        + duration.nanoseconds() / 1e9;
  }

  /// By code point (rule S15).
  private static int orderTexts(String a, String b) {
    return java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
  }
}
