package dev.quarry.graph.value;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;

/// Equality and comparability of storable values in their canonical form (rule S14).
///
/// An integer is compared with a float exactly, never by a cast. Threads: any.
public final class Comparison {
  /// What [#compare] says of two values that cannot be compared.
  public static final int INCOMPARABLE = Integer.MIN_VALUE;

  private Comparison() {}

  /// Whether two values are equal: 1 equals 1.0, -0.0 equals 0.0, NaN equals nothing.
  public static boolean equal(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return numbers(a, b) == 0;
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      return listsEqual(left, right);
    }
    return a.equals(b);
  }

  private static boolean listsEqual(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Compares as `<` does: numbers with numbers, else values of one kind, lists by their first
  /// elements that differ. Durations and points are never comparable; NaN is only within lists,
  /// where it is above all numbers.
  ///
  /// @return negative, 0, positive, or [#INCOMPARABLE]
  public static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return numbers(a, b);
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      return compareLists(left, right);
    }
    if (a.getClass() != b.getClass()) {
      return INCOMPARABLE;
    }
    return switch (a) {
      case Boolean truth -> truth.compareTo((Boolean) b);
      case String text -> compareText(text, (String) b);
      case LocalDate date -> Integer.signum(date.compareTo((LocalDate) b));
      case LocalTime time -> Integer.signum(time.compareTo((LocalTime) b));
      case OffsetTime time -> Integer.signum(time.compareTo((OffsetTime) b));
      case LocalDateTime time -> Integer.signum(time.compareTo((LocalDateTime) b));
      case ZonedDateTime time -> Integer.signum(time.compareTo((ZonedDateTime) b));
      default -> INCOMPARABLE;
    };
  }

  private static int compareLists(List<?> a, List<?> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = compareElements(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }

  private static int compareElements(Object a, Object b) {
    boolean aboveAll = a instanceof Double number && number.isNaN();
    boolean belowIt = b instanceof Double number && number.isNaN();
    return isNumber(a) && isNumber(b) && (aboveAll || belowIt)
        ? Boolean.compare(aboveAll, belowIt)
        : compare(a, b);
  }

  /// By code point, which is the order of UTF-8 bytes (rule S15).
  private static int compareText(String a, String b) {
    return Integer.signum(Arrays.compareUnsigned(ValueCodec.utf8(a), ValueCodec.utf8(b)));
  }

  private static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double;
  }

  /// Compares two numbers; NaN cannot be compared.
  private static int numbers(Object a, Object b) {
    if (a instanceof Long left) {
      return b instanceof Long right ? Long.compare(left, right) : compareNumbers(left, (double) b);
    }
    double left = (double) a;
    if (b instanceof Long right) {
      int order = compareNumbers(right, left);
      return order == INCOMPARABLE ? order : -order;
    }
    return compareNumbers(left, (double) b);
  }

  /// Compares two floats; NaN cannot be compared.
  public static int compareNumbers(double a, double b) {
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : INCOMPARABLE;
  }

  /// Compares an integer with a float, exactly; NaN cannot be compared.
  public static int compareNumbers(long integer, double number) {
    if (Double.isNaN(number)) {
      return INCOMPARABLE;
    }
    if (number >= 0x1p63) {
      return -1;
    }
    if (number < -0x1p63) {
      return 1;
    }
    long whole = (long) number;
    return integer != whole ? Long.compare(integer, whole) : compareNumbers(0.0, number - whole);
  }
}
