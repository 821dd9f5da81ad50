package dev.quarry.reference;

import dev.quarry.reference.Draft.Kind;
import dev.quarry.reference.Draft.Name;
import java.util.ArrayList;
import java.util.List;

/// Random patterns over the names of a [Draft], and what is made of patterns in expressions.
final class RandomPatterns {
  private final Draft draft;
  private final RandomExpressions expressions;

  RandomPatterns(Draft draft) {
    this.draft = draft;
    this.expressions = new RandomExpressions(draft, this);
  }

  RandomExpressions expressions() {
    return expressions;
  }

  /// Parts of a MATCH; their names come into the scope.
  String parts() {
    List<Name> bound = draft.scope();
    List<Name> added = new ArrayList<>();
    String parts = part(bound, added);
    if (draft.chance(20)) {
      parts += ", " + part(bound, added);
    }
    return parts;
  }

  private String part(List<Name> bound, List<Name> added) {
    String path = draft.chance(12) ? draft.fresh("p") : null;
    int length = draft.oneOf(0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3);
    StringBuilder text = new StringBuilder(node(bound));
    for (int i = 0; i < length; i++) {
      text.append(relationship(bound, added)).append(node(bound));
    }
    if (path == null) {
      return text.toString();
    }
    draft.add(path, Kind.PATH);
    return path + " = " + text;
  }

  private String node(List<Name> bound) {
    Name known = draft.any(Kind.NODE);
    if (known != null && draft.chance(bound.contains(known) ? 40 : 10)) {
      return draft.chance(15) ? "(" + known.text() + ":A)" : "(" + known.text() + ")";
    }
    return newNode(bound);
  }

  private String newNode(List<Name> bound) {
    String labels = draft.chance(20) ? ":" + labels() : "";
    String properties = draft.chance(8) ? " " + properties(bound) : "";
    String name = draft.chance(70) ? draft.fresh("n") : "";
    if (!name.isEmpty()) {
      draft.add(name, Kind.NODE);
    }
    return "(" + name + labels + properties + ")";
  }

  String labels() {
    return draft.oneOf("A", "B", "C", "A", "B", "A|B", "A:B", "A|C", "!A", "A&!B", "%", "Nobody");
  }

  /// Properties that name nothing of the pattern itself.
  private String properties(List<Name> bound) {
    RandomPatterns outside = new RandomPatterns(draft.nested(bound));
    return draft.oneOf(
        "{k: " + outside.expressions.plain() + "}", "{v: " + outside.expressions.number() + "}");
  }

  private String relationship(List<Name> bound, List<Name> added) {
    Name known =
        draft.all(Kind.RELATIONSHIP).stream()
            .filter(name -> bound.contains(name) && !added.contains(name))
            .findFirst()
            .orElse(null);
    if (known != null && draft.chance(8)) {
      added.add(known);
      return arrow("[" + known.text() + "]");
    }
    String type = draft.oneOf("", "", "", "", ":T", ":T", ":U", ":T|U");
    if (draft.chance(20)) {
      String length = draft.oneOf("*", "*0..1", "*1..2", "*2", "*0..2", "*..2", "*2..3", "*0");
      // without a bound only in one direction: the number of trails explodes
      String name = draft.chance(40) ? draft.fresh("q") : "";
      if (!name.isEmpty()) {
        draft.add(name, Kind.RELATIONSHIPS);
      }
      String properties = draft.chance(10) ? " {v: 1}" : "";
      String inside = "[" + name + type + length + properties + "]";
      return length.equals("*") ? "-" + inside + "->" : arrow(inside);
    }
    String name = draft.chance(50) ? draft.fresh("r") : "";
    if (!name.isEmpty()) {
      draft.add(name, Kind.RELATIONSHIP);
    }
    String properties = draft.chance(6) ? " " + properties(bound) : "";
    String inside = name + type + properties;
    return arrow(inside.isEmpty() ? "" : "[" + inside + "]");
  }

  private String arrow(String inside) {
    return draft.oneOf("-" + inside + "->", "<-" + inside + "-", "-" + inside + "-");
  }

  // In expressions.

  /// A pattern from a node on, of no names.
  private String from(Name node) {
    String middle = draft.oneOf("", "[:T]", "[:U]", "[*1..2]", "[:T*0..1]", "[{v: 1}]");
    Name other = draft.any(Kind.NODE);
    String end =
        other != null && draft.chance(25)
            ? "(" + other.text() + ")"
            : draft.oneOf("()", "(:A)", "(:B)", "({k: 1})", "()-->()");
    return "(" + node.text() + ")" + arrow(middle) + end;
  }

  String predicate(Name node) {
    return from(node);
  }

  String exists(Name node) {
    Draft inner = draft.nested(draft.scope());
    RandomPatterns patterns = new RandomPatterns(inner);
    inner.add("e", Kind.NODE);
    String where = " WHERE " + new RandomExpressions(inner, patterns).plain() + " = e.k";
    return draft.oneOf(
        "EXISTS { " + from(node) + " }",
        "EXISTS { MATCH (" + node.text() + ")" + arrow("") + "(e)" + where + " }",
        "EXISTS { MATCH (" + node.text() + ")" + arrow("") + "(e) RETURN e LIMIT 1 }",
        "exists(" + from(node) + ")");
  }

  String count(Name node) {
    return "COUNT { " + from(node) + " }";
  }

  String comprehension(Name node) {
    return "[(" + node.text() + ")" + arrow("[c]") + "(d) WHERE d.k <> 1 | " + collected() + "]";
  }

  /// The engine leaves out nulls.
  private String collected() {
    return draft.oneOf("d.v", "d.k", "d");
  }

  String collect(Name node) {
    return "COLLECT { MATCH (" + node.text() + ")" + arrow("") + "(d) RETURN " + collected() + " }";
  }
}
