package dev.quarry.query.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The functions there are: name and number of arguments.
public enum Function {
  // Aggregates.
  COUNT("count", 1, 1),
  SUM("sum", 1, 1),
  AVG("avg", 1, 1),
  MIN("min", 1, 1),
  MAX("max", 1, 1),
  COLLECT("collect", 1, 1),
  ST_DEV("stDev", 1, 1),
  ST_DEV_P("stDevP", 1, 1),
  PERCENTILE_CONT("percentileCont", 2, 2),
  PERCENTILE_DISC("percentileDisc", 2, 2),
  // Of entities.
  ID("id", 1, 1),
  ELEMENT_ID("elementId", 1, 1),
  LABELS("labels", 1, 1),
  TYPE("type", 1, 1),
  KEYS("keys", 1, 1),
  PROPERTIES("properties", 1, 1),
  START_NODE("startNode", 1, 1),
  END_NODE("endNode", 1, 1),
  NODES("nodes", 1, 1),
  RELATIONSHIPS("relationships", 1, 1),
  LENGTH("length", 1, 1),
  // Of any value.
  COALESCE("coalesce", 1, Integer.MAX_VALUE),
  EXISTS("exists", 1, 1),
  TO_BOOLEAN("toBoolean", 1, 1),
  TO_INTEGER("toInteger", 1, 1),
  TO_FLOAT("toFloat", 1, 1),
  TO_STRING("toString", 1, 1),
  TO_BOOLEAN_OR_NULL("toBooleanOrNull", 1, 1),
  TO_INTEGER_OR_NULL("toIntegerOrNull", 1, 1),
  TO_FLOAT_OR_NULL("toFloatOrNull", 1, 1),
  TO_STRING_OR_NULL("toStringOrNull", 1, 1),
  TO_BOOLEAN_LIST("toBooleanList", 1, 1),
  TO_INTEGER_LIST("toIntegerList", 1, 1),
  TO_FLOAT_LIST("toFloatList", 1, 1),
  TO_STRING_LIST("toStringList", 1, 1),
  NULL_IF("nullIf", 2, 2),
  VALUE_TYPE("valueType", 1, 1),
  // Of lists and strings.
  SIZE("size", 1, 1),
  IS_EMPTY("isEmpty", 1, 1),
  HEAD("head", 1, 1),
  LAST("last", 1, 1),
  TAIL("tail", 1, 1),
  REVERSE("reverse", 1, 1),
  RANGE("range", 2, 3),
  // Of strings.
  TO_UPPER("toUpper", 1, 1),
  TO_LOWER("toLower", 1, 1),
  UPPER("upper", 1, 1),
  LOWER("lower", 1, 1),
  TRIM("trim", 1, 2),
  BTRIM("bTrim", 1, 2),
  LTRIM("lTrim", 1, 2),
  RTRIM("rTrim", 1, 2),
  CHAR_LENGTH("char_length", 1, 1),
  CHARACTER_LENGTH("character_length", 1, 1),
  NORMALIZE("normalize", 1, 2),
  LEFT("left", 2, 2),
  RIGHT("right", 2, 2),
  SUBSTRING("substring", 2, 3),
  REPLACE("replace", 3, 3),
  SPLIT("split", 2, 2),
  // Of numbers.
  ABS("abs", 1, 1),
  SIGN("sign", 1, 1),
  CEIL("ceil", 1, 1),
  FLOOR("floor", 1, 1),
  ROUND("round", 1, 3),
  IS_NAN("isNaN", 1, 1),
  SQRT("sqrt", 1, 1),
  EXP("exp", 1, 1),
  LOG("log", 1, 1),
  LOG10("log10", 1, 1),
  SIN("sin", 1, 1),
  COS("cos", 1, 1),
  TAN("tan", 1, 1),
  ASIN("asin", 1, 1),
  ACOS("acos", 1, 1),
  ATAN("atan", 1, 1),
  ATAN2("atan2", 2, 2),
  COT("cot", 1, 1),
  SINH("sinh", 1, 1),
  COSH("cosh", 1, 1),
  TANH("tanh", 1, 1),
  COTH("coth", 1, 1),
  HAVERSIN("haversin", 1, 1),
  DEGREES("degrees", 1, 1),
  RADIANS("radians", 1, 1),
  PI("pi", 0, 0),
  E("e", 0, 0),
  RAND("rand", 0, 0),
  RANDOM_UUID("randomUUID", 0, 0),
  TIMESTAMP("timestamp", 0, 0),
  // Of points in time and durations; their names say what they make, see
  // dev.quarry.query.temporal.
  DATE("date", 0, 1),
  DATE_TRANSACTION("date.transaction", 0, 1),
  DATE_STATEMENT("date.statement", 0, 1),
  DATE_REALTIME("date.realtime", 0, 1),
  DATE_TRUNCATE("date.truncate", 2, 3),
  LOCAL_TIME("localtime", 0, 1),
  LOCAL_TIME_TRANSACTION("localtime.transaction", 0, 1),
  LOCAL_TIME_STATEMENT("localtime.statement", 0, 1),
  LOCAL_TIME_REALTIME("localtime.realtime", 0, 1),
  LOCAL_TIME_TRUNCATE("localtime.truncate", 2, 3),
  TIME("time", 0, 1),
  TIME_TRANSACTION("time.transaction", 0, 1),
  TIME_STATEMENT("time.statement", 0, 1),
  TIME_REALTIME("time.realtime", 0, 1),
  TIME_TRUNCATE("time.truncate", 2, 3),
  LOCAL_DATETIME("localdatetime", 0, 1),
  LOCAL_DATETIME_TRANSACTION("localdatetime.transaction", 0, 1),
  LOCAL_DATETIME_STATEMENT("localdatetime.statement", 0, 1),
  LOCAL_DATETIME_REALTIME("localdatetime.realtime", 0, 1),
  LOCAL_DATETIME_TRUNCATE("localdatetime.truncate", 2, 3),
  DATETIME("datetime", 0, 1),
  DATETIME_TRANSACTION("datetime.transaction", 0, 1),
  DATETIME_STATEMENT("datetime.statement", 0, 1),
  DATETIME_REALTIME("datetime.realtime", 0, 1),
  DATETIME_TRUNCATE("datetime.truncate", 2, 3),
  DATETIME_FROM_EPOCH("datetime.fromepoch", 2, 2),
  DATETIME_FROM_EPOCH_MILLIS("datetime.fromepochmillis", 1, 1),
  DURATION("duration", 1, 1),
  DURATION_BETWEEN("duration.between", 2, 2),
  DURATION_IN_MONTHS("duration.inMonths", 2, 2),
  DURATION_IN_DAYS("duration.inDays", 2, 2),
  DURATION_IN_SECONDS("duration.inSeconds", 2, 2),
  // Of points in space.
  POINT("point", 1, 1),
  POINT_DISTANCE("point.distance", 2, 2),
  DISTANCE("distance", 2, 2),
  POINT_WITHIN_BOX("point.withinBBox", 3, 3),
  /// Whether a relationship, or all of a list, differ from all others that are given (rule S19).
  /// Nobody can write its name.
  DIFFER("\u0000differ", 2, Integer.MAX_VALUE);

  private static final Map<String, Function> BY_NAME = new TreeMap<>();

  static {
    for (Function function : values()) {
      BY_NAME.put(function.text.toLowerCase(Locale.ROOT), function);
    }
  }

  private final String text;
  private final int least;
  private final int most;

  Function(String text, int least, int most) {
    this.text = text;
    this.least = least;
    this.most = most;
  }

  /// The function of a name, in any case; null if there is none.
  public static @Nullable Function of(String name) {
    return BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  /// All names, for "did you mean".
  static Set<String> names() {
    Set<String> names = new java.util.TreeSet<>();
    for (Function function : values()) {
      names.add(function.text);
    }
    return names;
  }

  /// The name as it is written.
  public String text() {
    return text;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /// Whether it makes a point in time or a duration.
  public boolean isTemporal() {
    return ordinal() >= DATE.ordinal() && ordinal() <= DURATION_IN_SECONDS.ordinal();
  }

  /// Whether two calls in one row may give different values, so that no call may be left out, moved
  /// or shared.
  public boolean isVolatile() {
    return this == RAND || this == RANDOM_UUID || text.endsWith(".realtime");
  }

  /// Whether it takes many rows to one value.
  public boolean isAggregate() {
    return ordinal() <= PERCENTILE_DISC.ordinal();
  }
}
