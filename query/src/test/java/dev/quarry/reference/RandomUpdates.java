package dev.quarry.reference;

import dev.quarry.reference.Draft.Kind;
import dev.quarry.reference.Draft.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Random updating clauses whose outcome does not depend on the order of rows: what a row changes
/// is a function of what it changes only, or adds up, or the rows are in an order that is known.
final class RandomUpdates {
  private final Draft draft;
  private final RandomExpressions expressions;
  private final List<String> paths = new ArrayList<>();
  private RandomExpressions readable;

  RandomUpdates(Draft draft, RandomExpressions expressions) {
    this.draft = draft;
    this.expressions = expressions;
    this.readable = expressions;
  }

  String clause() {
    draft.allowances().updates = true;
    int choice = draft.upTo(20);
    Name node = draft.any(Kind.NODE);
    Name target = draft.chance(25) ? draft.any(Kind.RELATIONSHIP) : node;
    if (choice < 5 || target == null || node == null) {
      return choice < 3 ? mergeNode() : create();
    }
    return switch (choice) {
      case 5, 6, 7, 8, 9 -> set(target);
      case 10, 11 -> remove(target);
      case 12 -> mergeNode();
      case 13, 14 -> mergeRelationship(node);
      case 15, 16 -> delete();
      case 17 -> forEach(node);
      case 18 -> call(node);
      default -> create();
    };
  }

  // CREATE.

  private String create() {
    List<Name> bound = draft.all(Kind.NODE);
    // properties may name what the same clause creates, but seldom do
    Draft before = draft.chance(10) ? draft : draft.nested(draft.scope());
    readable = new RandomPatterns(before).expressions();
    String text = "CREATE " + created(bound);
    if (draft.chance(20)) {
      text += ", " + created(bound);
    }
    paths.forEach(path -> draft.add(path, Kind.PATH)); // not for the clause itself
    paths.clear();
    draft.allowances().creates = true;
    return text;
  }

  private String created(List<Name> bound) {
    List<Kind> kinds = new ArrayList<>();
    List<String> names = new ArrayList<>();
    String text =
        switch (draft.upTo(4)) {
          case 0 -> newNode(names, kinds);
          case 1 -> newNode(names, kinds) + newArrow(names, kinds) + newNode(names, kinds);
          case 2 -> known(bound, names, kinds) + newArrow(names, kinds) + newNode(names, kinds);
          default ->
              known(bound, names, kinds) + newArrow(names, kinds) + known(bound, names, kinds);
        };
    draft.allowances().creates = true;
    for (int i = 0; i < names.size(); i++) {
      draft.add(names.get(i), kinds.get(i));
    }
    if (draft.chance(10)) {
      String path = draft.fresh("p");
      paths.add(path);
      return path + " = " + text;
    }
    return text;
  }

  private String known(List<Name> bound, List<String> names, List<Kind> kinds) {
    return bound.isEmpty() ? newNode(names, kinds) : "(" + draft.oneOf(bound).text() + ")";
  }

  private String newNode(List<String> names, List<Kind> kinds) {
    String name = draft.fresh("n");
    names.add(name);
    kinds.add(Kind.NODE);
    String labels = draft.oneOf(":A", ":B", ":C", ":A:B", "");
    return "(" + name + labels + draft.oneOf("", " {k: " + readable.plain() + "}") + ")";
  }

  private String newArrow(List<String> names, List<Kind> kinds) {
    String name = draft.fresh("r");
    names.add(name);
    kinds.add(Kind.RELATIONSHIP);
    String inside = "[" + name + draft.oneOf(":T", ":U");
    inside += draft.oneOf("", " {v: " + readable.number() + "}") + "]";
    return draft.oneOf("-" + inside + "->", "<-" + inside + "-");
  }

  // SET and REMOVE.

  private String set(Name target) {
    if (draft.isOrdered()) {
      Name other = draft.any(Kind.NODE, Kind.RELATIONSHIP);
      String second = other == null ? "" : ", " + other.text() + ".k = " + expressions.plain();
      return "SET " + target.text() + ".v = " + expressions.number() + second;
    }
    Name number = draft.any(Kind.NUMBER);
    if (number != null && draft.chance(30)) {
      String v = target.text() + ".v";
      return "SET " + v + " = coalesce(" + v + ", 0) + coalesce(" + number.text() + ", 0)";
    }
    String text = "SET " + item(target);
    return draft.chance(40) ? text + ", " + item(target) : text;
  }

  /// An item that reads nothing but what it changes.
  private String item(Name target) {
    String name = target.text();
    String k = draft.oneOf(expressions.literal(), name + ".v", name + ".k", "1");
    String v = draft.oneOf("1", "coalesce(" + name + ".v, 0) + 1", name + ".v * 2", "null");
    boolean node = target.kind() == Kind.NODE;
    return switch (draft.upTo(8)) {
      case 0, 1 -> name + ".k = " + k;
      case 2, 3 -> name + ".v = " + v;
      case 4 -> name + " += {k: " + k + ", v: " + v + "}";
      case 5 -> name + " = {k: " + k + ", uid: " + name + ".uid}";
      case 6 -> name + ".l = " + draft.oneOf("[1, 2]", "[]", "[1.5]", "['a', 'b']");
      default -> node ? name + draft.oneOf(":A", ":B", ":B:C", ":D") : name + ".v = " + v;
    };
  }

  private String remove(Name target) {
    boolean node = target.kind() == Kind.NODE;
    String what =
        node ? draft.oneOf(".k", ".v", ":A", ":B", ":A:B", ".l") : draft.oneOf(".k", ".v");
    return "REMOVE " + target.text() + what;
  }

  // MERGE.

  private String mergeNode() {
    String name = draft.fresh("n");
    Name value = draft.any(Kind.NUMBER, Kind.VALUE, Kind.MERGED);
    String k = value != null && draft.chance(60) ? value.text() : draft.oneOf("1", "2", "'a'", "9");
    draft.allowances().exactNumbers = false;
    String text = "MERGE (" + name + draft.oneOf(":A", ":C", ":A:B", ":D") + " {k: " + k + "})";
    String second = "";
    if (draft.isOrdered() && draft.chance(40)) {
      second = draft.oneOf("-[:T]->", "<-[:T]-", "-[:U]-") + "(:C {k: " + k + "})";
      text += second;
    }
    return merged(text, name, Kind.NODE);
  }

  private String mergeRelationship(Name node) {
    String name = draft.fresh("r");
    String inside = "[" + name + draft.oneOf(":T", ":U") + draft.oneOf("", " {v: 1}") + "]";
    String arrow =
        draft.isOrdered() && draft.chance(50)
            ? "-" + inside + "-"
            : draft.oneOf("-" + inside + "->", "<-" + inside + "-");
    Name other = draft.any(Kind.NODE);
    String end = other != null && draft.chance(70) ? other.text() : ":C {k: " + draft.upTo(3) + "}";
    return merged("MERGE (" + node.text() + ")" + arrow + "(" + end + ")", name, Kind.RELATIONSHIP);
  }

  private String merged(String text, String name, Kind kind) {
    draft.allowances().creates = true;
    draft.add(name, kind);
    draft.setOrdered(false);
    String made = " ON CREATE SET " + name + ".v = " + draft.upTo(3);
    String found = " ON MATCH SET " + name + ".v = coalesce(" + name + ".v, 0) + 1";
    // a pattern on v must not be changed by its own rows
    boolean onV = text.contains("{v:");
    return text + (onV ? "" : draft.oneOf("", made, found, made + found));
  }

  // DELETE.

  private String delete() {
    List<Name> names = draft.shuffled(draft.all(Kind.NODE, Kind.RELATIONSHIP, Kind.PATH));
    List<Name> chosen = names.subList(0, Math.min(names.size(), 1 + draft.upTo(2)));
    String targets = String.join(", ", chosen.stream().map(Name::text).toList());
    forgetEntities();
    return (draft.chance(65) ? "DETACH DELETE " : "DELETE ") + targets;
  }

  /// Any name may stand for something deleted now.
  private void forgetEntities() {
    List<Name> names = new ArrayList<>();
    for (Name name : draft.scope()) {
      Kind kind =
          switch (name.kind()) {
            case NODE -> Kind.GONE_NODE;
            case RELATIONSHIP -> Kind.GONE_RELATIONSHIP;
            case RELATIONSHIPS, PATH, BAG, MAP -> Kind.GONE;
            default -> name.kind();
          };
      names.add(new Name(name.text(), kind, false));
    }
    draft.replaceScope(names);
  }

  // FOREACH and CALL.

  private String forEach(Name node) {
    String f = draft.fresh("f");
    Name path = draft.any(Kind.PATH);
    Name relationships = draft.any(Kind.RELATIONSHIPS);
    @Nullable Name entities = draft.chance(50) ? path : relationships;
    if (entities != null) {
      String list =
          entities.kind() == Kind.PATH ? "nodes(" + entities.text() + ")" : entities.text();
      if (entities.kind() == Kind.RELATIONSHIPS && draft.chance(30)) {
        forgetEntities();
        return "FOREACH (" + f + " IN " + list + " | DELETE " + f + ")";
      }
      Name element = new Name(f, Kind.RELATIONSHIP, false);
      return "FOREACH (" + f + " IN " + list + " | SET " + item(element) + ")";
    }
    draft.allowances().creates = true;
    draft.allowances().exactNumbers = false;
    String v = node.text() + ".v";
    String list =
        draft.oneOf(
            "[1, 2]",
            "range(0, 2)",
            "[]",
            "null",
            "CASE WHEN " + node.text() + ".k = 1 THEN [7] ELSE [] END");
    String body =
        draft.oneOf(
            "SET " + v + " = coalesce(" + v + ", 0) + " + f,
            "CREATE (:C {k: " + f + "})",
            "MERGE (:C {k: " + f + "})",
            "CREATE (" + node.text() + ")-[:T {v: " + f + "}]->(:B)",
            "CREATE (z:D {v: " + f + "}) SET z.k = z.v + 1",
            "FOREACH (g IN [1, 2] | CREATE (:D {k: g + " + f + "}))");
    return "FOREACH (" + f + " IN " + list + " | " + body + ")";
  }

  private String call(Name node) {
    String a = node.text();
    String name = draft.fresh("n");
    draft.allowances().creates = true;
    if (draft.chance(40)) {
      String v = a + ".v";
      return "CALL { WITH "
          + a
          + draft.oneOf(
              " SET " + v + " = coalesce(" + v + ", 0) + 1",
              " REMOVE " + a + ":A",
              " CREATE (" + a + ")-[:U]->(:D)",
              " MERGE (" + a + ")-[:U]->(:C {k: 1})")
          + " }";
    }
    draft.setOrdered(false);
    draft.add(name, Kind.NODE);
    return "CALL { WITH "
        + a
        + draft.oneOf(
            " CREATE (y:C) RETURN y AS " + name,
            " UNWIND [1, 2] AS i CREATE (" + a + ")-[:T {v: i}]->(y:C {k: i}) RETURN y AS " + name,
            " MERGE (" + a + ")-[:U]->(y:C {k: 1}) RETURN y AS " + name,
            " SET " + a + ":D RETURN " + a + " AS " + name)
        + " }";
  }
}
