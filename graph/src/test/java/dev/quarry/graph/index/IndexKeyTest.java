package dev.quarry.graph.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.value.Comparison;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexKeyTest {
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static final List<Object> FIXED =
      List.of(
          true,
          false,
          0L,
          1L,
          -1L,
          1L << 53,
          (1L << 53) + 1,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          0.0,
          -0.0,
          1.0,
          0.1,
          0x1p53,
          0x1p63,
          -0x1p63,
          Double.MIN_VALUE,
          Double.MAX_VALUE,
          Double.NEGATIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.NaN,
          "",
          "\0",
          "a",
          "a\0",
          "abcdefg",
          "abcdefgh",
          "abcdefgi",
          "ﬁ",
          "😀",
          LocalDate.MIN,
          LocalDate.MAX,
          LocalDate.of(1969, 12, 31),
          LocalTime.MIN,
          LocalTime.MAX,
          OffsetTime.MIN,
          OffsetTime.MAX,
          OffsetTime.parse("12:00:00+02:00"),
          OffsetTime.parse("10:00:00Z"),
          LocalDateTime.MIN,
          LocalDateTime.MAX,
          LocalDateTime.parse("1999-12-31T23:59:59.5"),
          ZonedDateTime.parse("2024-03-31T02:30:00+02:00[Europe/Berlin]"),
          ZonedDateTime.parse("2024-03-31T00:30:00Z"),
          new CypherDuration(1, 0, 0, 0),
          new CypherDuration(0, 30, 0, 0),
          new Point(Point.WGS_84, 13.4, 52.5),
          new Point(Point.CARTESIAN, -1, 0),
          List.of(1L, 2L),
          List.of(1.0, 2.0),
          List.of());

  private List<Object> values() {
    Random random = new Random(seed);
    List<Object> values = new ArrayList<>(FIXED);
    for (int i = 0; i < 300; i++) {
      long number = random.nextLong() >> random.nextInt(64);
      values.add(number);
      values.add((double) number);
      values.add(number + random.nextDouble());
      values.add(Double.longBitsToDouble(random.nextLong()));
      values.add(text(random));
      values.add(LocalDate.ofEpochDay(random.nextInt()));
      values.add(LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L)));
      values.add(LocalDate.ofEpochDay(random.nextInt(100)).atTime(random.nextInt(24), 0));
    }
    return values;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(List.of("a", "b", "\0", "é", "ﬁ", "😀").get(random.nextInt(6)));
    }
    return text.toString();
  }

  @Test
  void aSmallerValueNeverHasAGreaterOrderAndEqualValuesMeet() {
    List<Object> values = values();
    for (Object a : values) {
      for (Object b : values) {
        String where = "seed " + seed + ": " + a + " and " + b;
        int order = Comparison.compare(a, b);
        int words = Long.compareUnsigned(IndexKey.order(a), IndexKey.order(b));
        if (order != Comparison.INCOMPARABLE && order != 0) {
          assertTrue(words == 0 || Integer.signum(words) == Integer.signum(order), where);
        }
        if (Comparison.equal(a, b)) {
          assertEquals(IndexKey.of(List.of(a)), IndexKey.of(List.of(b)), where);
          assertEquals(IndexKey.of(List.of("x", a)), IndexKey.of(List.of("x", b)), where);
        }
      }
    }
  }

  @Test
  void boundsHoldAllThatTheConditionAccepts() {
    List<Object> values = values();
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      Object from = values.get(random.nextInt(values.size()));
      Object to = values.get(random.nextInt(values.size()));
      Lookup lookup =
          switch (random.nextInt(4)) {
            case 0 -> Lookup.range(from, random.nextBoolean(), to, random.nextBoolean());
            case 1 -> Lookup.range(from, random.nextBoolean(), null, false);
            case 2 -> Lookup.range(null, false, to, random.nextBoolean());
            default -> Lookup.equal(List.of(from));
          };
      Lookup.Bounds bounds = lookup.bounds(1);
      Condition condition = lookup.conditions()[0];
      for (Object value : values) {
        boolean accepted =
            switch (value) {
              case Long number -> condition.accepts((long) number);
              case Double number -> condition.accepts((double) number);
              case String text -> {
                byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                yield condition.accepts(utf8, utf8.length);
              }
              default -> condition.accepts(value);
            };
        IndexKey key = IndexKey.of(List.of(value));
        boolean inside =
            bounds != null
                && Long.compareUnsigned(key.order(), bounds.fromOrder()) >= 0
                && (key.order() != bounds.fromOrder()
                    || Long.compareUnsigned(key.hash(), bounds.fromHash()) >= 0)
                && !bounds.isPast(key.order(), key.hash());
        assertTrue(!accepted || inside, "seed " + seed + ": " + value + " of " + from + ", " + to);
      }
    }
  }

  @Test
  void numbersAreComparedExactly() {
    List<Object> numbers =
        values().stream()
            .filter(value -> value instanceof Long || value instanceof Double d && finite(d))
            .toList();
    for (Object a : numbers) {
      for (Object b : numbers) {
        assertEquals(decimal(a).compareTo(decimal(b)), Comparison.compare(a, b), a + " " + b);
      }
    }
    assertFalse(Comparison.equal((1L << 53) + 1, 0x1p53));
    assertTrue(Comparison.equal(0.0, -0.0));
    assertFalse(Comparison.equal(Double.NaN, Double.NaN));
    assertEquals(Comparison.INCOMPARABLE, Comparison.compare(Double.NaN, 1L));
  }

  private static boolean finite(double number) {
    return Double.isFinite(number);
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof Long whole
        ? BigDecimal.valueOf(whole)
        : new BigDecimal((double) number);
  }

  @Test
  void kindsFollowTheOrderOfOrderBy() {
    List<Object> ascending =
        List.of(
            List.of(1L),
            new Point(Point.CARTESIAN, 1, 1),
            ZonedDateTime.parse("2024-03-31T00:30:00Z"),
            LocalDateTime.MIN,
            LocalDate.MIN,
            OffsetTime.MIN,
            LocalTime.MIN,
            new CypherDuration(0, 0, 0, 0),
            "",
            false,
            Double.NEGATIVE_INFINITY,
            Double.POSITIVE_INFINITY,
            Double.NaN);
    for (int i = 1; i < ascending.size(); i++) {
      long before = IndexKey.order(ascending.get(i - 1));
      assertTrue(Long.compareUnsigned(before, IndexKey.order(ascending.get(i))) < 0);
    }
  }

  @Test
  void theWordsArePartOfTheFileFormat() {
    assertEquals(0x0E_BFF00000000000L, IndexKey.order(1L));
    assertEquals(0x0C_61626364656667L, IndexKey.order("abcdefgh"));
    assertEquals(0x08_80000000000000L, IndexKey.order(LocalDate.EPOCH));
    assertEquals("7dab15f91488c537", Long.toHexString(IndexKey.of(List.of("abcdefgh", 1L)).hash()));
    assertNotEquals(IndexKey.of(List.of("a", "b")).hash(), IndexKey.of(List.of("b", "a")).hash());
  }
}
