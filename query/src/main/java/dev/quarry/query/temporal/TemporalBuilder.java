package dev.quarry.query.temporal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalField;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes points in time of maps such as `{year: 2024, week: 3}` and `{date: d, hour: 7}`: takes
/// what the map selects of other values, then sets single fields, then the zone.
public final class TemporalBuilder {
  private static final Set<String> DATE_KEYS =
      Set.of("year", "month", "day", "week", "dayOfWeek", "quarter", "dayOfQuarter", "ordinalDay");
  private static final Set<String> TIME_KEYS =
      Set.of("hour", "minute", "second", "millisecond", "microsecond", "nanosecond");

  private final TemporalKind kind;
  private final Map<String, Object> fields = new HashMap<>();
  private final ZoneId defaultZone;
  private @Nullable LocalDate date;
  private @Nullable LocalTime time;
  private @Nullable ZoneId zone;
  private boolean keepsInstant;
  private boolean addsToNanoseconds;

  private TemporalBuilder(TemporalKind kind, Map<?, ?> map, ZoneId defaultZone) {
    this.kind = kind;
    this.defaultZone = defaultZone;
    map.forEach((key, value) -> fields.put((String) key, value));
  }

  /// A value of a map.
  ///
  /// @param defaultZone where the map gives none
  public static Object of(TemporalKind kind, Map<?, ?> map, ZoneId defaultZone) {
    if (map.isEmpty()) {
      throw new TemporalException(kind.text() + " needs at least one field");
    }
    TemporalBuilder builder = new TemporalBuilder(kind, map, defaultZone);
    return builder.guarded(
        () -> {
          builder.select();
          return builder.build();
        });
  }

  /// What another value has of this kind.
  public static Object convert(TemporalKind kind, Object other, ZoneId defaultZone) {
    LocalDate date = TemporalKind.date(other);
    LocalTime time = TemporalKind.time(other);
    boolean enough = (!kind.hasDate() || date != null) && (kind.hasDate() || time != null);
    if (!enough) {
      throw new TemporalException("a " + name(other) + " has no " + kind.text());
    }
    ZoneId zone = TemporalKind.zone(other);
    return kind.of(
        date == null ? LocalDate.EPOCH : date,
        time == null ? LocalTime.MIDNIGHT : time,
        zone == null ? defaultZone : zone);
  }

  /// A moment as a zone sees it.
  public static Object inZone(TemporalKind kind, ZonedDateTime moment, String zone) {
    ZonedDateTime there = moment.withZoneSameInstant(TemporalText.zone(zone));
    return kind.of(there.toLocalDate(), there.toLocalTime(), there.getZone());
  }

  /// Sets fields of a value that was truncated; parts of a second are added to what is left of it.
  static Object with(
      TemporalKind kind,
      LocalDate date,
      LocalTime time,
      ZoneId zone,
      Map<?, ?> map,
      ZoneId defaultZone) {
    TemporalBuilder builder = new TemporalBuilder(kind, map, defaultZone);
    builder.date = date;
    builder.time = time;
    builder.zone = zone;
    builder.addsToNanoseconds = true;
    return builder.guarded(builder::build);
  }

  private interface Step {
    Object run();
  }

  private Object guarded(Step step) {
    try {
      return step.run();
    } catch (DateTimeException | ArithmeticException e) {
      throw new TemporalException("no " + kind.text() + ": " + e.getMessage());
    }
  }

  // What is taken of other values.

  private void select() {
    Object whole = fields.remove("datetime");
    if (whole != null) {
      selectDate(whole, "datetime");
      selectTime(whole, "datetime");
    }
    Object ofDate = fields.remove("date");
    if (ofDate != null) {
      selectDate(ofDate, "date");
    }
    Object ofTime = fields.remove("time");
    if (ofTime != null) {
      selectTime(ofTime, "time");
    }
    if (kind == TemporalKind.DATETIME) {
      selectEpoch();
    }
  }

  private void selectDate(Object value, String key) {
    date = TemporalKind.date(value);
    if (date == null || !kind.hasDate()) {
      throw new TemporalException(
          "`" + key + "` cannot be taken of " + name(value) + " for " + kind.text());
    }
  }

  private void selectTime(Object value, String key) {
    time = TemporalKind.time(value);
    if (time == null || !kind.hasTime()) {
      throw new TemporalException(
          "`" + key + "` cannot be taken of " + name(value) + " for " + kind.text());
    }
    zone = TemporalKind.zone(value);
    if (zone != null && kind == TemporalKind.TIME && value instanceof ZonedDateTime zoned) {
      zone = zoned.getOffset();
    }
    keepsInstant = zone != null;
  }

  private void selectEpoch() {
    Object seconds = fields.remove("epochSeconds");
    Object milliseconds = fields.remove("epochMillis");
    if (seconds == null && milliseconds == null) {
      return;
    }
    long nanoseconds = takeOr("nanosecond", 0);
    Instant instant =
        seconds != null
            ? Instant.ofEpochSecond(integer("epochSeconds", seconds), nanoseconds)
            : Instant.ofEpochMilli(integer("epochMillis", milliseconds)).plusNanos(nanoseconds);
    Object timezone = fields.remove("timezone");
    ZoneId in = timezone == null ? defaultZone : zone(timezone);
    ZonedDateTime value = instant.atZone(in);
    date = value.toLocalDate();
    time = value.toLocalTime();
    zone = in;
  }

  // Single fields.

  private Object build() {
    Object timezone = fields.remove("timezone");
    if (timezone != null && !kind.hasZone()) {
      throw new TemporalException(kind.text() + " has no time zone");
    }
    requireKnown();
    LocalDate newDate = kind.hasDate() ? buildDate() : LocalDate.now(defaultZone);
    LocalTime newTime = kind.hasTime() ? buildTime() : LocalTime.MIDNIGHT;
    ZoneId old = zone;
    if (timezone == null) {
      return kind.of(newDate, newTime, old == null ? defaultZone : old);
    }
    ZoneId wanted = zone(timezone);
    Object value = kind.of(newDate, newTime, keepsInstant && old != null ? old : wanted);
    if (!keepsInstant) {
      return value;
    }
    return switch (value) {
      case ZonedDateTime zoned -> zoned.withZoneSameInstant(wanted);
      case OffsetTime offset ->
          offset.withOffsetSameInstant(wanted.getRules().getOffset(newDate.atTime(newTime)));
      default -> throw new AssertionError(value);
    };
  }

  private void requireKnown() {
    for (String key : fields.keySet()) {
      boolean known =
          kind.hasDate() && DATE_KEYS.contains(key) || kind.hasTime() && TIME_KEYS.contains(key);
      if (!known) {
        throw new TemporalException(kind.text() + " has no field `" + key + "`");
      }
    }
  }

  private LocalDate buildDate() {
    LocalDate base = date;
    if (fields.containsKey("week") || fields.containsKey("dayOfWeek")) {
      refuseBeside("week", "month", "day", "quarter", "dayOfQuarter", "ordinalDay");
      return byWeek(base);
    }
    LocalDate start = base == null ? null : base;
    if (start == null) {
      start = LocalDate.of(required("year"), 1, 1);
    } else if (fields.containsKey("year")) {
      start = start.withYear(take("year"));
    }
    if (fields.containsKey("ordinalDay")) {
      refuseBeside("ordinalDay", "month", "day", "quarter", "dayOfQuarter");
      return with(start, ChronoField.DAY_OF_YEAR, "ordinalDay");
    }
    if (fields.containsKey("quarter") || fields.containsKey("dayOfQuarter")) {
      refuseBeside("quarter", "month", "day");
      return byQuarter(start);
    }
    if (fields.containsKey("month")) {
      int month = take("month");
      int day = base == null || fields.containsKey("day") ? 1 : start.getDayOfMonth();
      start = LocalDate.of(start.getYear(), month, day);
    } else if (base == null && fields.containsKey("day")) {
      throw new TemporalException("`day` needs `month`");
    }
    return with(start, ChronoField.DAY_OF_MONTH, "day");
  }

  private LocalDate byWeek(@Nullable LocalDate base) {
    int year =
        base == null ? required("year") : takeOr("year", base.get(IsoFields.WEEK_BASED_YEAR));
    int week =
        base == null
            ? required("week")
            : takeOr("week", base.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
    int day = takeOr("dayOfWeek", base == null ? 1 : base.getDayOfWeek().getValue());
    return LocalDate.of(year, 1, 4)
        .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, week)
        .with(ChronoField.DAY_OF_WEEK, day);
  }

  private LocalDate byQuarter(LocalDate start) {
    LocalDate inQuarter = with(start, IsoFields.QUARTER_OF_YEAR, "quarter");
    return with(inQuarter, IsoFields.DAY_OF_QUARTER, "dayOfQuarter");
  }

  private LocalDate with(LocalDate start, TemporalField field, String key) {
    return fields.containsKey(key) ? start.with(field, take(key)) : start;
  }

  private void refuseBeside(String key, String... others) {
    for (String other : others) {
      if (fields.containsKey(other)) {
        throw new TemporalException("`" + other + "` cannot be given beside `" + key + "`");
      }
    }
  }

  private LocalTime buildTime() {
    LocalTime base = time;
    if (base == null) {
      requireOrder();
    }
    LocalTime start = base == null ? LocalTime.MIDNIGHT : base;
    return LocalTime.of(
        takeOr("hour", start.getHour()),
        takeOr("minute", start.getMinute()),
        takeOr("second", start.getSecond()),
        nanoseconds(start.getNano()));
  }

  /// Without a value to start from, a finer field needs the coarser ones.
  private void requireOrder() {
    boolean seconds =
        fields.containsKey("millisecond")
            || fields.containsKey("microsecond")
            || fields.containsKey("nanosecond");
    if (seconds && !fields.containsKey("second")) {
      throw new TemporalException("parts of a second need `second`");
    }
    if (fields.containsKey("second") && !fields.containsKey("minute")) {
      throw new TemporalException("`second` needs `minute`");
    }
    if (fields.containsKey("minute") && !fields.containsKey("hour")) {
      throw new TemporalException("`minute` needs `hour`");
    }
    if (!kind.hasDate() && !fields.containsKey("hour")) {
      throw new TemporalException(kind.text() + " needs `hour`");
    }
  }

  private int nanoseconds(int before) {
    boolean milliseconds = fields.containsKey("millisecond");
    boolean microseconds = fields.containsKey("microsecond");
    boolean nanoseconds = fields.containsKey("nanosecond");
    if (!milliseconds && !microseconds && !nanoseconds) {
      return before;
    }
    int sum = addsToNanoseconds ? before : 0;
    if (milliseconds) {
      sum += limited("millisecond", 999) * 1_000_000;
    }
    if (microseconds) {
      sum += limited("microsecond", milliseconds ? 999 : 999_999) * 1_000;
    }
    if (nanoseconds) {
      sum += limited("nanosecond", microseconds ? 999 : milliseconds ? 999_999 : 999_999_999);
    }
    return sum;
  }

  private int limited(String key, int most) {
    int value = take(key);
    if (value < 0 || value > most) {
      throw new TemporalException("`" + key + "` must lie in 0 – " + most + ", not " + value);
    }
    return value;
  }

  private int required(String key) {
    if (!fields.containsKey(key)) {
      throw new TemporalException(kind.text() + " needs `" + key + "`");
    }
    return take(key);
  }

  private int takeOr(String key, int otherwise) {
    return fields.containsKey(key) ? take(key) : otherwise;
  }

  private int take(String key) {
    return Math.toIntExact(integer(key, fields.get(key)));
  }

  private static long integer(String key, @Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new TemporalException("`" + key + "` must be an integer");
  }

  private static ZoneId zone(Object value) {
    if (value instanceof String text) {
      return TemporalText.zone(text);
    }
    throw new TemporalException("`timezone` must be a string");
  }

  static String name(Object value) {
    return switch (value) {
      case LocalDate v -> "date";
      case LocalTime v -> "local time";
      case OffsetTime v -> "time";
      case java.time.LocalDateTime v -> "local datetime";
      case ZonedDateTime v -> "datetime";
      default -> value.getClass().getSimpleName();
    };
  }
}
