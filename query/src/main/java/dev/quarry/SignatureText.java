package dev.quarry;

import dev.quarry.graph.ValueType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Signatures as text: `name(input :: TYPE, …) :: …`. Reads one from the left.
final class SignatureText {
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern NAME = Pattern.compile(WORD + "(\\." + WORD + ")*");

  private final String text;
  private String left;

  SignatureText(String text) {
    this.text = text;
    this.left = text.strip();
  }

  /// The name before the parenthesis.
  String name() {
    int end = left.indexOf('(');
    if (end < 0) {
      throw wrong("`(` after the name");
    }
    String name = left.substring(0, end).strip();
    left = left.substring(end);
    return name;
  }

  /// Names with types in parentheses.
  List<ValueType.Named> list() {
    int end = left.indexOf(')');
    if (!left.startsWith("(") || end < 0) {
      throw wrong("a list in parentheses");
    }
    String inside = left.substring(1, end).strip();
    left = left.substring(end + 1).strip();
    List<ValueType.Named> list = new ArrayList<>();
    if (!inside.isEmpty()) {
      for (String one : inside.split(",", -1)) {
        list.add(named(one));
      }
    }
    return list;
  }

  private ValueType.Named named(String one) {
    String[] parts = one.split("::", -1);
    if (parts.length != 2) {
      throw wrong("`name :: TYPE` instead of `" + one.strip() + "`");
    }
    return new ValueType.Named(parts[0].strip(), ValueType.of(parts[1]));
  }

  void expect(String symbol) {
    if (!left.startsWith(symbol)) {
      throw wrong("`" + symbol + "`");
    }
    left = left.substring(symbol.length()).strip();
  }

  void expectEnd() {
    if (!left.isEmpty()) {
      throw wrong("nothing more");
    }
  }

  /// All that is left.
  String rest() {
    return left;
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException(
        "signature `" + text + "`: expected " + expected + ", found `" + left + "`");
  }

  static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "`" + name + "` is no name of a procedure or function; write words with dots between");
    }
  }

  /// An owned list whose names are words, each there once.
  static List<ValueType.Named> distinct(List<ValueType.Named> list) {
    Set<String> names = new HashSet<>();
    for (ValueType.Named one : list) {
      if (!WORD.matcher(one.name()).matches()) {
        throw new IllegalArgumentException(
            "`" + one.name() + "` is no name of an input or output; write one word");
      }
      if (!names.add(one.name())) {
        throw new IllegalArgumentException("`" + one.name() + "` is there twice");
      }
    }
    return List.copyOf(list);
  }

  static String of(List<ValueType.Named> list) {
    return list.stream().map(ValueType.Named::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
