package dev.quarry.reference;

import dev.quarry.reference.Draft.Kind;
import dev.quarry.reference.Draft.Name;
import dev.quarry.reference.RandomProjection.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A random statement: valid, and with an answer that does not depend on the order of rows.
///
/// @param updates whether it changes the graph
/// @param inOrder whether the order of its rows is told by ORDER BY
/// @param canonical how its rows are compared
record RandomStatement(
    String text,
    Map<String, Object> parameters,
    boolean updates,
    boolean inOrder,
    CanonicalText canonical) {
  private static final Map<String, Object> PARAMETERS =
      Map.of("one", 1L, "text", "a", "list", List.of(1L, 2.0, "a"));

  static RandomStatement make(Random random) {
    Draft draft = new Draft(random);
    Maker maker = new Maker(draft);
    boolean updates = draft.chance(45);
    String text =
        updates || draft.chance(80)
            ? maker.body(updates)
            : draft.chance(50) ? maker.union() : maker.scan();
    Draft.Allowances allowances = draft.allowances();
    return new RandomStatement(
        text,
        PARAMETERS,
        allowances.updates,
        maker.sorted,
        new CanonicalText(allowances.listsOrdered, allowances.exactNumbers));
  }

  /// Makes the clauses of one query.
  private static final class Maker {
    private final Draft draft;
    private final RandomPatterns patterns;
    private final RandomExpressions expressions;
    private boolean sorted;

    Maker(Draft draft) {
      this.draft = draft;
      this.patterns = new RandomPatterns(draft);
      this.expressions = patterns.expressions();
    }

    String body(boolean updates) {
      List<String> clauses = new ArrayList<>();
      for (int reads = draft.upTo(3) + (updates ? 0 : 1); reads > 0; reads--) {
        clauses.add(read());
      }
      for (int writes = updates ? 1 + draft.upTo(2) : 0; writes > 0; writes--) {
        clauses.add(new RandomUpdates(draft, expressions).clause());
        if (draft.chance(35)) {
          clauses.add(draft.scope().isEmpty() ? "WITH 1 AS one" : "WITH *");
          clauses.add(read());
        }
      }
      if (!updates || draft.chance(75) || !isUpdate(clauses.getLast())) {
        RandomProjection projection = new RandomProjection(draft, expressions, Place.RETURN);
        clauses.add(projection.make());
        sorted = projection.isSorted();
      }
      return String.join(" ", clauses);
    }

    private static boolean isUpdate(String clause) {
      return clause.matches("(CREATE|SET|REMOVE|MERGE|DELETE|DETACH|FOREACH).*");
    }

    private String read() {
      int choice = draft.scope().isEmpty() && draft.chance(60) ? 0 : draft.upTo(20);
      if (choice < 9) {
        return match("MATCH ");
      }
      return switch (choice) {
        case 9, 10, 11 -> match("OPTIONAL MATCH ");
        case 12, 13, 14 -> unwind();
        case 15, 16 -> call();
        default -> new RandomProjection(draft, expressions, Place.WITH).make();
      };
    }

    private String match(String word) {
      draft.setOrdered(false);
      String parts = patterns.parts();
      String where = draft.chance(28) ? " WHERE " + expressions.condition() : "";
      return word + parts + where;
    }

    private String unwind() {
      Name list = draft.any(Kind.RELATIONSHIPS, Kind.BAG, Kind.PATH);
      if (list == null || list.kind() == Kind.BAG || draft.chance(50)) {
        String elements = expressions.list();
        String name = draft.fresh("u");
        draft.add(name, elements.startsWith("range") ? Kind.NUMBER : Kind.VALUE);
        return "UNWIND " + elements + " AS " + name;
      }
      String name = draft.fresh("u");
      boolean path = list.kind() == Kind.PATH;
      draft.add(name, path ? Kind.NODE : Kind.RELATIONSHIP);
      return "UNWIND " + (path ? "nodes(" + list.text() + ")" : list.text()) + " AS " + name;
    }

    private String call() {
      List<Name> imported = new ArrayList<>();
      for (Name name : draft.scope()) {
        boolean alive = !name.kind().name().startsWith("GONE");
        if (alive && draft.chance(60)) {
          imported.add(name);
        }
      }
      String begin =
          imported.isEmpty()
              ? ""
              : "WITH " + String.join(", ", imported.stream().map(Name::text).toList()) + " ";
      Draft inner = draft.nested(imported);
      Maker maker = new Maker(inner);
      StringBuilder text = new StringBuilder("CALL { ").append(begin);
      if (draft.chance(15)) {
        text.append(maker.unionOf(begin));
      } else {
        if (draft.chance(80)) {
          text.append(maker.match(draft.oneOf("MATCH ", "OPTIONAL MATCH "))).append(' ');
        }
        text.append(new RandomProjection(inner, maker.expressions, Place.CALL).make());
      }
      inner.scope().forEach(name -> draft.add(name.text(), name.kind()));
      draft.setOrdered(false);
      return text.append(" }").toString();
    }

    /// Conditions that compare properties of one node with constants, and aggregates of them.
    String scan() {
      String name = draft.fresh("n");
      draft.add(name, Kind.NODE);
      List<String> conditions = new ArrayList<>();
      for (int more = draft.upTo(3); more > 0; more--) {
        conditions.add(expressions.columnCondition(name));
      }
      String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
      String match = "MATCH (" + name + draft.oneOf("", ":A", ":B") + ")" + where + " ";
      if (draft.chance(30)) {
        return match + new RandomProjection(draft, expressions, Place.RETURN).make();
      }
      List<String> columns = new ArrayList<>();
      for (int more = 1 + draft.upTo(3); more > 0; more--) {
        columns.add(expressions.columnAggregate(name) + " AS c" + more);
      }
      draft.allowances().exactNumbers = false;
      return match + "RETURN " + String.join(", ", columns);
    }

    /// Two values as one column, for CALL { }.
    private String unionOf(String begin) {
      String name = draft.fresh("x");
      String second = draft.oneOf("", " ALL") + " " + begin;
      String text =
          "RETURN %s AS %s UNION%sRETURN %s AS %s"
              .formatted(expressions.plain(), name, second, expressions.plain(), name);
      draft.allowances().exactNumbers = false;
      draft.replaceScope(List.of(new Name(name, Kind.MERGED, false)));
      return text;
    }

    String union() {
      String word = draft.oneOf(" UNION ", " UNION ALL ");
      int parts = 2 + draft.upTo(2);
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        Maker maker = new Maker(draft.nested(List.of()));
        String read = maker.match("MATCH ");
        String columns = maker.value() + " AS c, " + maker.value() + " AS d";
        texts.add(read + " RETURN " + columns);
      }
      draft.allowances().exactNumbers = false;
      return String.join(word, texts);
    }

    private String value() {
      return draft.chance(30) ? expressions.entity() : expressions.plain();
    }
  }
}
