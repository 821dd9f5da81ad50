package dev.quarry.query.value;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;

/// The four relations on values (rule S14): equality, equivalence, comparability, orderability, and
/// the hash that agrees with them. Values are given as head and body.
public final class Relations {
  /// Neither true nor false.
  public static final int UNKNOWN = 2;

  private Relations() {}

  /// Ternary equality: 1, 0 or [#UNKNOWN].
  public static int equal(long headA, long bodyA, long headB, long bodyB) {
    int a = Cell.tag(headA);
    int b = Cell.tag(headB);
    if (a == Cell.NULL || b == Cell.NULL) {
      return UNKNOWN;
    }
    if (Cell.isNumber(a) && Cell.isNumber(b)) {
      return numbersEqual(a, bodyA, b, bodyB) ? 1 : 0;
    }
    if (a != b) {
      return 0;
    }
    return switch (a) {
      case Cell.LIST -> listsEqual(headA, bodyA, headB, bodyB);
      case Cell.MAP -> mapsEqual(headA, bodyA, headB, bodyB);
      default -> equivalent(headA, bodyA, headB, bodyB) ? 1 : 0;
    };
  }

  private static boolean numbersEqual(int a, long bodyA, int b, long bodyB) {
    if (a == Cell.INTEGER && b == Cell.INTEGER) {
      return bodyA == bodyB;
    }
    if (a == Cell.FLOAT && b == Cell.FLOAT) {
      return Double.longBitsToDouble(bodyA) == Double.longBitsToDouble(bodyB);
    }
    return compareNumbers(a, bodyA, b, bodyB) == 0;
  }

  /// Compares two numbers exactly; NaN is above all others and equal to itself.
  static int compareNumbers(int a, long bodyA, int b, long bodyB) {
    if (a == Cell.INTEGER) {
      return b == Cell.INTEGER
          ? Long.compare(bodyA, bodyB)
          : compare(bodyA, Double.longBitsToDouble(bodyB));
    }
    double left = Double.longBitsToDouble(bodyA);
    if (b == Cell.INTEGER) {
      return -compare(bodyB, left);
    }
    double right = Double.longBitsToDouble(bodyB);
    return left == right ? 0 : Double.compare(left, right);
  }

  private static int compare(long integer, double number) {
    if (Double.isNaN(number) || number >= 0x1p63) {
      return -1;
    }
    if (number < -0x1p63) {
      return 1;
    }
    long whole = (long) number;
    if (integer != whole) {
      return Long.compare(integer, whole);
    }
    return Double.compare(whole, number) == 0 || number == whole
        ? 0
        : Double.compare(0, number - whole);
  }

  private static int listsEqual(long headA, long bodyA, long headB, long bodyB) {
    if (Cell.size(headA) != Cell.size(headB)) {
      return 0;
    }
    Pace.lookAhead(Cell.cells(headA));
    int result = 1;
    for (long i = 0; i < Cell.size(headA); i++) {
      Pace.look(i);
      int one = equalCells(bodyA + i * Cell.BYTES, bodyB + i * Cell.BYTES);
      if (one == 0) {
        return 0;
      }
      result = Math.max(result, one);
    }
    return result;
  }

  private static int mapsEqual(long headA, long bodyA, long headB, long bodyB) {
    if (Cell.size(headA) != Cell.size(headB)) {
      return 0;
    }
    Pace.lookAhead(Cell.cells(headA));
    int result = 1;
    for (long i = 0; i < Cell.size(headA); i++) {
      Pace.look(i);
      long key = bodyA + i * 2 * Cell.BYTES;
      long other = find(headB, bodyB, Cell.body(key), Cell.size(Cell.head(key)));
      int one = other == 0 ? 0 : equalCells(key + Cell.BYTES, other);
      if (one == 0) {
        return 0;
      }
      result = Math.max(result, one);
    }
    return result;
  }

  private static int equalCells(long a, long b) {
    return equal(Cell.head(a), Cell.body(a), Cell.head(b), Cell.body(b));
  }

  /// The address of the value of a key in a map; 0 if it has none.
  public static long find(long head, long body, long key, int keyBytes) {
    for (long i = 0; i < Cell.size(head); i++) {
      Pace.look(i);
      long at = body + i * 2 * Cell.BYTES;
      if (Cell.size(Cell.head(at)) == keyBytes && Memory.equal(Cell.body(at), key, keyBytes)) {
        return at + Cell.BYTES;
      }
    }
    return 0;
  }

  /// Equivalence: as in DISTINCT and grouping, where null is like null and NaN like NaN.
  public static boolean equivalent(long headA, long bodyA, long headB, long bodyB) {
    int a = Cell.tag(headA);
    int b = Cell.tag(headB);
    if (Cell.isNumber(a) && Cell.isNumber(b)) {
      return compareNumbers(a, bodyA, b, bodyB) == 0;
    }
    if (a != b) {
      return false;
    }
    switch (a) {
      case Cell.NULL -> {
        return true;
      }
      case Cell.BOOLEAN -> {
        return bodyA == bodyB;
      }
      case Cell.NODE -> {
        return bodyA == bodyB && headA == headB;
      }
      case Cell.RELATIONSHIP -> {
        return Cell.sameRelationship(bodyA, bodyB);
      }
      case Cell.STRING -> {
        return headA == headB && Memory.equal(bodyA, bodyB, Cell.size(headA));
      }
      case Cell.LIST, Cell.PATH -> {
        return cellsEquivalent(headA, bodyA, headB, bodyB);
      }
      case Cell.MAP -> {
        return order(headA, bodyA, headB, bodyB) == 0;
      }
      default -> {
        if (headA == headB && Memory.equal(bodyA, bodyB, Cell.size(headA))) {
          return true;
        }
        return a != Cell.POINT && decode(headA, bodyA).equals(decode(headB, bodyB));
      }
    }
  }

  private static boolean cellsEquivalent(long headA, long bodyA, long headB, long bodyB) {
    if (headA == headB && bodyA == bodyB) {
      return true;
    }
    if (!Cell.sameForm(headA, headB)) {
      return false;
    }
    Pace.lookAhead(Cell.cells(headA));
    for (long i = 0; i < Cell.size(headA); i++) {
      Pace.look(i);
      long a = bodyA + i * Cell.BYTES;
      long b = bodyB + i * Cell.BYTES;
      if (!equivalent(Cell.head(a), Cell.body(a), Cell.head(b), Cell.body(b))) {
        return false;
      }
    }
    return true;
  }

  /// Comparability, as `<` uses it.
  ///
  /// @return negative, 0, positive, or [Integer#MIN_VALUE] where two values cannot be compared
  public static int compare(long headA, long bodyA, long headB, long bodyB) {
    int a = Cell.tag(headA);
    int b = Cell.tag(headB);
    if (Cell.isNumber(a) && Cell.isNumber(b)) {
      return compareNumbers(a, bodyA, b, bodyB);
    }
    boolean comparable =
        a == b && (a == Cell.STRING || a == Cell.BOOLEAN || a >= Cell.DATE && a < Cell.DURATION);
    if (a == Cell.LIST && b == Cell.LIST) {
      return compareLists(headA, bodyA, headB, bodyB);
    }
    return comparable ? sign(order(headA, bodyA, headB, bodyB)) : Integer.MIN_VALUE;
  }

  private static int compareLists(long headA, long bodyA, long headB, long bodyB) {
    Pace.lookAhead(Cell.cells(headA));
    int shared = Math.min(Cell.size(headA), Cell.size(headB));
    for (long i = 0; i < shared; i++) {
      Pace.look(i);
      long a = bodyA + i * Cell.BYTES;
      long b = bodyB + i * Cell.BYTES;
      int one = compare(Cell.head(a), Cell.body(a), Cell.head(b), Cell.body(b));
      if (one != 0) {
        return one;
      }
    }
    return Integer.compare(Cell.size(headA), Cell.size(headB));
  }

  private static int sign(int order) {
    return Integer.signum(order);
  }

  /// Orderability: total, as ORDER BY uses it.
  public static int order(long headA, long bodyA, long headB, long bodyB) {
    int a = Cell.tag(headA);
    int b = Cell.tag(headB);
    if (Cell.isNumber(a) && Cell.isNumber(b)) {
      return compareNumbers(a, bodyA, b, bodyB);
    }
    if (a != b) {
      return Integer.compare(rank(a), rank(b));
    }
    return switch (a) {
      case Cell.NULL -> 0;
      case Cell.BOOLEAN -> Long.compare(bodyA, bodyB);
      case Cell.STRING -> Memory.compareBytes(bodyA, Cell.size(headA), bodyB, Cell.size(headB));
      case Cell.NODE -> Long.compare(bodyA, bodyB);
      case Cell.RELATIONSHIP -> Cell.compareRelationships(bodyA, bodyB);
      case Cell.LIST, Cell.PATH -> orderLists(headA, bodyA, headB, bodyB);
      case Cell.MAP -> orderMaps(headA, bodyA, headB, bodyB);
      default -> orderObjects(decode(headA, bodyA), decode(headB, bodyB));
    };
  }

  /// map, node, relationship, list, path, point, zoned datetime, local datetime, date, zoned time,
  /// local time, duration, string, boolean, number, null
  private static int rank(int tag) {
    return switch (tag) {
      case Cell.MAP -> 0;
      case Cell.NODE -> 1;
      case Cell.RELATIONSHIP -> 2;
      case Cell.LIST -> 3;
      case Cell.PATH -> 4;
      case Cell.POINT -> 5;
      case Cell.DATETIME -> 6;
      case Cell.LOCAL_DATETIME -> 7;
      case Cell.DATE -> 8;
      case Cell.TIME -> 9;
      case Cell.LOCAL_TIME -> 10;
      case Cell.DURATION -> 11;
      case Cell.STRING -> 12;
      case Cell.BOOLEAN -> 13;
      case Cell.NULL -> 15;
      default -> 14;
    };
  }

  private static int orderLists(long headA, long bodyA, long headB, long bodyB) {
    if (headA == headB && bodyA == bodyB) {
      return 0;
    }
    Pace.lookAhead(Cell.cells(headA));
    int shared = Math.min(Cell.size(headA), Cell.size(headB));
    for (long i = 0; i < shared; i++) {
      Pace.look(i);
      int one = orderCells(bodyA + i * Cell.BYTES, bodyB + i * Cell.BYTES);
      if (one != 0) {
        return one;
      }
    }
    return Integer.compare(Cell.size(headA), Cell.size(headB));
  }

  private static int orderCells(long a, long b) {
    return order(Cell.head(a), Cell.body(a), Cell.head(b), Cell.body(b));
  }

  /// By number of keys, then by their sorted keys, then by the values in that order.
  private static int orderMaps(long headA, long bodyA, long headB, long bodyB) {
    if (headA == headB && bodyA == bodyB) {
      return 0;
    }
    int size = Cell.size(headA);
    if (size != Cell.size(headB)) {
      return Integer.compare(size, Cell.size(headB));
    }
    Pace.lookAhead(Cell.cells(headA));
    long[] a = sortedKeys(size, bodyA);
    long[] b = sortedKeys(size, bodyB);
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < size; i++) {
        Pace.look(i);
        int one = orderCells(a[i] + pass * Cell.BYTES, b[i] + pass * Cell.BYTES);
        if (one != 0) {
          return one;
        }
      }
    }
    return 0;
  }

  private static long[] sortedKeys(int size, long body) {
    Long[] keys = new Long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = body + i * 2L * Cell.BYTES;
    }
    java.util.Arrays.sort(keys, Relations::orderCells);
    return java.util.Arrays.stream(keys).mapToLong(Long::longValue).toArray();
  }

  private static int orderObjects(Object a, Object b) {
    return switch (a) {
      case LocalDate date -> date.compareTo((LocalDate) b);
      case LocalTime time -> time.compareTo((LocalTime) b);
      case OffsetTime time -> time.compareTo((OffsetTime) b);
      case LocalDateTime time -> time.compareTo((LocalDateTime) b);
      case ZonedDateTime time -> time.compareTo((ZonedDateTime) b);
      case CypherDuration duration -> orderDurations(duration, (CypherDuration) b);
      case Point point -> orderPoints(point, (Point) b);
      default -> throw new AssertionError(a);
    };
  }

  /// By average length: a month has 30.436875 days.
  private static int orderDurations(CypherDuration a, CypherDuration b) {
    int bySeconds = Double.compare(averageSeconds(a), averageSeconds(b));
    return bySeconds != 0 ? bySeconds : Integer.compare(a.nanoseconds(), b.nanoseconds());
  }

  private static double averageSeconds(CypherDuration duration) {
    return duration.months() * 2_629_746.0 + duration.days() * 86_400.0 + duration.seconds();
  }

  private static int orderPoints(Point a, Point b) {
    int one = Integer.compare(a.srid(), b.srid());
    one = one != 0 ? one : Double.compare(a.x(), b.x());
    one = one != 0 ? one : Double.compare(a.y(), b.y());
    return one != 0 ? one : Double.compare(a.z(), b.z());
  }

  /// A hash that is equal for equivalent values.
  public static long hash(long head, long body) {
    int tag = Cell.tag(head);
    return switch (tag) {
      case Cell.NULL -> 0x9E37_79B9L;
      case Cell.INTEGER -> Memory.mix(body);
      case Cell.FLOAT -> hash(Double.longBitsToDouble(body));
      case Cell.BOOLEAN -> Memory.mix(body + 0x5DEECE66DL);
      case Cell.NODE -> Memory.mix(body ^ 0x4E4F_4445L << 24);
      case Cell.STRING -> Memory.hash(body, Cell.size(head));
      case Cell.RELATIONSHIP -> Cell.hashRelationship(body);
      case Cell.LIST, Cell.PATH -> {
        Pace.lookAhead(Cell.cells(head));
        yield hashCells(Cell.size(head), body);
      }
      case Cell.MAP -> {
        Pace.lookAhead(Cell.cells(head));
        yield hashMap(Cell.size(head), body);
      }
      default -> Memory.mix(decode(head, body).hashCode());
    };
  }

  private static long hash(double number) {
    long whole = (long) number;
    if (whole == number && whole != Long.MAX_VALUE) {
      return Memory.mix(whole);
    }
    return Memory.mix(Double.doubleToLongBits(number));
  }

  private static long hashCells(int size, long body) {
    long hash = size;
    for (long i = 0; i < size; i++) {
      Pace.look(i);
      long at = body + i * Cell.BYTES;
      hash = Memory.mix(hash * 31 + hash(Cell.head(at), Cell.body(at)));
    }
    return hash;
  }

  private static long hashMap(int size, long body) {
    long hash = size;
    for (long i = 0; i < size; i++) {
      Pace.look(i);
      hash += hashCells(2, body + i * 2 * Cell.BYTES);
    }
    return hash;
  }

  /// A temporal value, duration or point as an object.
  public static Object decode(long head, long body) {
    byte[] bytes = new byte[Cell.size(head)];
    Memory.getBytes(body, bytes, 0, bytes.length);
    return ValueCodec.decode(bytes);
  }
}
