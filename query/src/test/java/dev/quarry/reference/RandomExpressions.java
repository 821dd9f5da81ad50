package dev.quarry.reference;

import dev.quarry.reference.Draft.Kind;
import dev.quarry.reference.Draft.Name;

/// Random expressions over the names of a [Draft]. None of them fails but those of [#risky()]:
/// where a condition fails depends on which of several is tested first.
final class RandomExpressions {
  private final Draft draft;
  private final RandomPatterns patterns;

  RandomExpressions(Draft draft, RandomPatterns patterns) {
    this.draft = draft;
    this.patterns = patterns;
  }

  /// A literal or a parameter.
  String literal() {
    return draft.oneOf(
        "0", "1", "2", "-1", "1.0", "2.5", "'a'", "'b'", "'ab'", "true", "null", "$one", "$text");
  }

  /// A node or relationship that exists, or null.
  String entity() {
    Name name = draft.any(Kind.NODE, Kind.RELATIONSHIP);
    return name == null ? "null" : name.text();
  }

  /// A plain value.
  String plain() {
    if (draft.scope().isEmpty()) {
      return literal();
    }
    Name known = draft.any(Kind.NUMBER, Kind.VALUE, Kind.MERGED);
    if (known != null && draft.chance(35)) {
      return known.text();
    }
    Name relationship = draft.any(Kind.RELATIONSHIP);
    Name path = draft.any(Kind.PATH);
    Name list = draft.any(Kind.RELATIONSHIPS, Kind.BAG);
    return switch (draft.upTo(12)) {
      case 0, 1, 2, 3 -> entity() + ".k";
      case 4, 5 -> number();
      case 6 -> relationship == null ? literal() : "type(" + relationship.text() + ")";
      case 7 -> path == null ? literal() : "length(" + path.text() + ")";
      case 8 -> list == null ? literal() : "size(" + list.text() + ")";
      case 9 -> "coalesce(" + entity() + ".k, " + literal() + ")";
      case 10 -> "CASE WHEN " + simple() + " THEN " + entity() + ".k ELSE " + literal() + " END";
      default -> literal();
    };
  }

  /// A number, or null.
  String number() {
    if (draft.scope().isEmpty()) {
      return draft.oneOf("0", "1", "2", "1.0", "null", "reduce(s = 0, i IN range(1, 3) | s + i)");
    }
    Name known = draft.any(Kind.NUMBER);
    String value = known != null && draft.chance(40) ? known.text() : entity() + ".v";
    Name node = draft.any(Kind.NODE);
    return switch (draft.upTo(8)) {
      case 0 -> value + " + 1";
      case 1 -> value + " * 2";
      case 2 -> "coalesce(" + value + ", 0)";
      case 3 -> node == null ? value : "size(labels(" + node.text() + "))";
      case 4 -> "reduce(s = 0, i IN range(1, 3) | s + i)";
      case 5 -> node == null ? value : patterns.count(node);
      case 6 -> "abs(" + value + ")";
      default -> value;
    };
  }

  /// An expression that may fail, for the last clause only.
  String risky() {
    String value = draft.chance(70) ? entity() + ".k" : entity() + ".v";
    return draft.oneOf(
        value + " + 1",
        value + " * 2",
        "1 / " + value,
        value + " % 2",
        "toInteger(" + value + ")",
        "toFloat(" + value + ")",
        "toString(" + value + ")",
        "toUpper(" + value + ")",
        "substring(" + value + ", 1)",
        "size(" + value + ")",
        "abs(" + value + ")",
        "-" + value,
        "[1, 2, 3][" + value + "]",
        "'a' + " + value,
        value + " + [1]",
        "[0, 1, 2, 3][" + entity() + ".v..2]",
        "left(" + value + ", 1)",
        "sign(" + value + ")",
        "range(0, coalesce(" + value + ", 1) % 100)",
        "head(" + entity() + ".l)");
  }

  /// A list of plain values in an order that is known.
  String list() {
    Name node = draft.any(Kind.NODE);
    return switch (draft.upTo(6)) {
      case 0 -> "[" + literal() + ", " + literal() + ", " + plain() + "]";
      case 1 -> "range(0, 2)";
      case 2 -> "$list";
      case 3 -> "[x IN [0, 1, 2, null] WHERE x <> " + plain() + " | x]";
      case 4 -> node == null ? "[]" : "coalesce(" + node.text() + ".l, [])";
      default -> "[0, 1, 2, 3][1..3]";
    };
  }

  /// A condition.
  String condition() {
    return switch (draft.upTo(9)) {
      case 0 -> condition() + " AND " + simple();
      case 1, 8 -> "(" + condition() + " OR " + simple() + ")";
      case 2 -> "NOT (" + condition() + ")";
      case 3 -> "(" + simple() + " XOR " + simple() + ")";
      default -> simple();
    };
  }

  /// A condition that compares a property of a node with constants.
  String columnCondition(String node) {
    String property = node + draft.oneOf(".k", ".v", ".uid", ".l", ".nobody");
    String comparison = " " + draft.oneOf("=", "<>", "<=", ">=", "<", ">") + " ";
    return switch (draft.upTo(5)) {
      case 0 -> property + " IS " + draft.oneOf("", "NOT ") + "NULL";
      case 1 -> property + " IN [" + literal() + ", " + literal() + "]";
      case 2 -> literal() + draft.oneOf(" < ", " <= ") + property + " <= " + literal();
      case 3 -> literal() + comparison + property;
      default -> property + comparison + literal();
    };
  }

  /// An aggregate of a property of a node; sums and averages are of numbers only.
  String columnAggregate(String node) {
    return switch (draft.upTo(4)) {
      case 0 -> draft.oneOf("count(*)", "count(" + node + ")", "count(" + node + ".k)");
      case 1 -> draft.oneOf("sum(", "avg(") + node + draft.oneOf(".v)", ".uid)", ".nobody)");
      default -> draft.oneOf("min(", "max(") + node + draft.oneOf(".v)", ".uid)", ".k)");
    };
  }

  private String simple() {
    Name node = draft.any(Kind.NODE);
    Name other = draft.any(Kind.NODE);
    String comparison = " " + draft.oneOf("=", "<>", "<>", "<=", ">=", "<", ">") + " ";
    return switch (draft.upTo(12)) {
      case 0, 1 -> plain() + comparison + plain();
      case 2 -> number() + comparison + draft.upTo(3);
      case 3 -> plain() + " IS " + draft.oneOf("", "NOT ", "NOT ") + "NULL";
      case 4 -> plain() + " IN " + list();
      case 5 -> plain() + draft.oneOf(" STARTS WITH ", " ENDS WITH ", " CONTAINS ") + "'a'";
      case 6 ->
          node == null ? "true" : node.text() + ":" + draft.oneOf("A", "B", "A|C", "!A", "A:B");
      case 7 ->
          node == null || other == null
              ? "true"
              : node.text() + draft.oneOf(" = ", " <> ") + other.text();
      case 8 -> node == null ? "null" : patterns.predicate(node);
      case 9 -> node == null ? "false" : patterns.exists(node);
      case 10 -> quantifier();
      default -> "exists(" + entity() + ".k)";
    };
  }

  private String quantifier() {
    String kind = draft.oneOf("all", "any", "none", "single");
    Name relationships = draft.any(Kind.RELATIONSHIPS);
    Name path = draft.any(Kind.PATH);
    if (relationships != null && draft.chance(50)) {
      return kind + "(q IN " + relationships.text() + " WHERE q.v > 0)";
    }
    if (path != null && draft.chance(50)) {
      return kind + "(q IN nodes(" + path.text() + ") WHERE q.v > 0)";
    }
    return kind + "(q IN " + list() + " WHERE q = " + plain() + ")";
  }

  /// Anything that may be a column, and what kind it has then.
  Column column() {
    Name node = draft.any(Kind.NODE);
    if (node != null && draft.chance(15)) {
      draft.allowances().listsOrdered = false;
      String bag =
          draft.oneOf(
              "labels(" + node.text() + ")",
              "keys(" + node.text() + ")",
              patterns.comprehension(node),
              patterns.collect(node));
      return new Column(bag, Kind.BAG);
    }
    return switch (draft.upTo(6)) {
      case 0 -> new Column(number(), Kind.NUMBER);
      case 1 -> new Column("NOT (" + condition() + ")", Kind.VALUE);
      case 2 -> node == null ? plainColumn() : new Column(projection(node), Kind.MAP);
      default -> plainColumn();
    };
  }

  private Column plainColumn() {
    String plain = plain();
    boolean merged = draft.all(Kind.MERGED).stream().anyMatch(name -> plain.contains(name.text()));
    return new Column(plain, merged ? Kind.MERGED : Kind.VALUE);
  }

  private String projection(Name node) {
    return node.text() + " {" + draft.oneOf(".k", ".*", ".v, x: " + plain(), ".uid, .l") + "}";
  }

  /// Something over many rows.
  Column aggregate() {
    String distinct = draft.chance(25) ? "DISTINCT " : "";
    String any = draft.chance(30) ? entity() : plain();
    return switch (draft.upTo(8)) {
      case 0, 1 -> new Column("count(*)", Kind.NUMBER);
      case 2, 3 -> new Column("count(" + distinct + any + ")", Kind.NUMBER);
      case 4 -> {
        draft.allowances().exactNumbers &= distinct.isEmpty();
        yield new Column("sum(" + distinct + number() + ")", Kind.NUMBER);
      }
      case 5 -> new Column("avg(" + distinct + number() + ")", Kind.NUMBER);
      case 6 -> {
        draft.allowances().exactNumbers = false;
        yield new Column(draft.oneOf("min(", "max(") + plain() + ")", Kind.MERGED);
      }
      default -> {
        draft.allowances().listsOrdered = false;
        draft.allowances().exactNumbers &= distinct.isEmpty();
        yield new Column("collect(" + distinct + any + ")", Kind.BAG);
      }
    };
  }

  /// An expression and what it gives.
  record Column(String text, Kind kind) {}
}
