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
  TRIM("trim", 1, 1),
  LTRIM("lTrim", 1, 1),
  RTRIM("rTrim", 1, 1),
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
  ROUND("round", 1, 2),
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
  DEGREES("degrees", 1, 1),
  RADIANS("radians", 1, 1),
  PI("pi", 0, 0),
  E("e", 0, 0),
  RAND("rand", 0, 0),
  TIMESTAMP("timestamp", 0, 0),
  // Of ISO texts.
  DATE("date", 1, 1),
  LOCAL_TIME("localtime", 1, 1),
  TIME("time", 1, 1),
  LOCAL_DATETIME("localdatetime", 1, 1),
  DATETIME("datetime", 1, 1),
  DURATION("duration", 1, 1),
  POINT("point", 1, 1),
  /// Whether a relationship differs from another, or from all of a list (rule S19). Nobody can
  /// write its name.
  DIFFER("\u0000differ", 2, 2);

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

  /// Whether it takes many rows to one value.
  public boolean isAggregate() {
    return ordinal() <= COLLECT.ordinal();
  }
}
