package dev.quarry.graph;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The type of an argument or a result: a kind of value, and whether null is one of them.
///
/// As text a kind, `?` behind it where null is a value too, and what a list holds: `INTEGER`,
/// `STRING?`, `LIST? OF NODE`. An integer is a value of FLOAT and NUMBER as well; where FLOAT is
/// asked for it arrives as a float.
///
/// @param kind what kind of value
/// @param element what a list holds; null for any value, and for all that is not a list
/// @param nullable whether null is a value too
public record ValueType(Kind kind, @Nullable ValueType element, boolean nullable) {
  /// Kinds of values.
  public enum Kind {
    ANY("ANY"),
    BOOLEAN("BOOLEAN"),
    INTEGER("INTEGER"),
    FLOAT("FLOAT"),
    /// An integer or a float.
    NUMBER("NUMBER"),
    STRING("STRING"),
    DATE("DATE"),
    LOCAL_TIME("LOCALTIME"),
    TIME("TIME"),
    LOCAL_DATETIME("LOCALDATETIME"),
    DATETIME("DATETIME"),
    DURATION("DURATION"),
    POINT("POINT"),
    LIST("LIST"),
    MAP("MAP"),
    NODE("NODE"),
    RELATIONSHIP("RELATIONSHIP"),
    PATH("PATH");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// The kind as it is written in a type.
    @Override
    public String toString() {
      return text;
    }
  }

  /// A type with a name: an argument or a result.
  ///
  /// @param name of the argument or result
  /// @param type of its values
  public record Named(String name, ValueType type) {
    /// The text of a signature: `name :: TYPE`.
    @Override
    public String toString() {
      return name + " :: " + type;
    }
  }

  public ValueType {
    if (element != null && kind != Kind.LIST) {
      throw new IllegalArgumentException("only a list holds elements, not " + kind);
    }
  }

  /// Values of a kind, without null.
  public static ValueType of(Kind kind) {
    return new ValueType(kind, null, false);
  }

  /// Lists of values of a type.
  public static ValueType listOf(ValueType element) {
    return new ValueType(Kind.LIST, element, false);
  }

  /// The type that a text says, in any case.
  ///
  /// @throws IllegalArgumentException if it says none
  public static ValueType of(String text) {
    String[] parts = text.strip().split("\\s+", 3);
    boolean nullable = parts[0].endsWith("?");
    String name = nullable ? parts[0].substring(0, parts[0].length() - 1) : parts[0];
    if (parts.length == 1) {
      return new ValueType(kind(name, text), null, nullable);
    }
    if (parts.length == 2 || !parts[1].equalsIgnoreCase("OF")) {
      throw wrong(text);
    }
    return new ValueType(kind(name, text), of(parts[2]), nullable);
  }

  private static Kind kind(String name, String text) {
    for (Kind kind : Kind.values()) {
      if (kind.text.equals(name.toUpperCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "`" + text + "` is not a type; types are written as INTEGER, STRING? or LIST OF NODE");
  }

  /// The same, and null.
  public ValueType orNull() {
    return new ValueType(kind, element, true);
  }

  /// The type as text, which [#of(String)] takes.
  @Override
  public String toString() {
    return kind + (nullable ? "?" : "") + (element == null ? "" : " OF " + element);
  }
}
