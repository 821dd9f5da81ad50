package dev.quarry.reference;

import dev.quarry.reference.Draft.Kind;
import dev.quarry.reference.Draft.Name;
import dev.quarry.reference.RandomExpressions.Column;
import java.util.ArrayList;
import java.util.List;

/// A random WITH or RETURN over the names of a [Draft], whose scope is what it projects then.
///
/// Rows are cut by SKIP and LIMIT only in an order that leaves equal rows as its only ties.
final class RandomProjection {
  /// Where a projection stands.
  enum Place {
    WITH,
    RETURN,
    /// The RETURN of a CALL { }: its names must be new outside.
    CALL
  }

  private final Draft draft;
  private final RandomExpressions expressions;
  private final Place place;
  private final List<String> items = new ArrayList<>();
  private final List<Name> columns = new ArrayList<>();
  private boolean sorted;

  RandomProjection(Draft draft, RandomExpressions expressions, Place place) {
    this.draft = draft;
    this.expressions = expressions;
    this.place = place;
  }

  /// Whether ORDER BY put the rows into an order that both sides have.
  boolean isSorted() {
    return sorted;
  }

  String make() {
    boolean distinct = draft.chance(12);
    boolean aggregates = !distinct && draft.chance(28);
    boolean star = place == Place.WITH && !distinct && !aggregates && draft.chance(10);
    boolean oneRow = draft.isOrdered();
    if (star && !draft.scope().isEmpty()) {
      columns.addAll(draft.scope());
      items.add("*");
    } else {
      keep(distinct || aggregates, aggregates ? 35 : place == Place.RETURN ? 50 : 80);
      oneRow = aggregates ? items.isEmpty() : draft.isOrdered() && !distinct;
    }
    if (aggregates) {
      add(expressions.aggregate());
      if (draft.chance(40)) {
        addOf(draft.any(Kind.GONE_NODE, Kind.GONE_RELATIONSHIP), "count");
        add(expressions.aggregate());
      }
    } else {
      addMore(distinct);
    }
    if (items.isEmpty()) {
      add(new Column("1", Kind.NUMBER));
    }
    boolean risky = place == Place.RETURN && !distinct && !aggregates && draft.chance(20);
    if (risky) {
      add(new Column(expressions.risky(), Kind.VALUE));
    }
    draft.replaceScope(columns);
    draft.setOrdered(oneRow);
    String rest = risky ? "" : order() + where();
    String word = place == Place.WITH ? "WITH " : "RETURN ";
    return word + (distinct ? "DISTINCT " : "") + String.join(", ", items) + rest;
  }

  /// Names that go on, as they are or under another name.
  private void keep(boolean merges, int percent) {
    for (Name name : draft.scope()) {
      boolean orderMatters = isBag(name.kind()) || name.kind() == Kind.GONE_NODE;
      boolean lost =
          name.kind() == Kind.GONE
              || merges && (orderMatters || name.kind() == Kind.GONE_RELATIONSHIP);
      if (lost || !draft.chance(percent)) {
        continue;
      }
      Kind kind = name.kind();
      if (merges && kind.isPlain()) {
        draft.allowances().exactNumbers = false;
        kind = kind == Kind.VALUE ? Kind.MERGED : kind;
      }
      boolean renamed = place == Place.CALL || draft.chance(10);
      String text = renamed ? draft.fresh("x") : name.text();
      items.add(renamed ? name.text() + " AS " + text : text);
      columns.add(new Name(text, kind, name.unique()));
    }
  }

  private void addMore(boolean distinct) {
    for (int more = draft.oneOf(0, 1, 1, 2); more > 0; more--) {
      Column column = expressions.column();
      if (distinct && isBag(column.kind())) {
        continue;
      }
      if (distinct) {
        draft.allowances().exactNumbers = false;
        column =
            new Column(column.text(), column.kind() == Kind.NUMBER ? Kind.NUMBER : Kind.MERGED);
      }
      add(column);
    }
    if (!distinct) {
      addOf(draft.any(Kind.GONE_RELATIONSHIP), "type");
    }
  }

  private void addOf(@org.jspecify.annotations.Nullable Name gone, String function) {
    if (gone != null) {
      add(new Column(function + "(" + gone.text() + ")", Kind.VALUE));
    }
  }

  private void add(Column column) {
    boolean bare = place == Place.RETURN && draft.chance(20) && !items.contains(column.text());
    String name = bare ? column.text() : draft.fresh("x");
    items.add(bare ? name : column.text() + " AS " + name);
    columns.add(new Name(name, column.kind(), false));
  }

  private String order() {
    boolean total =
        columns.stream().allMatch(column -> column.kind().isPlain() || column.unique())
            && !items.contains("*");
    if (!total || !draft.chance(40)) {
      return total || place == Place.CALL || draft.chance(96) ? "" : " LIMIT 0";
    }
    List<String> keys = new ArrayList<>();
    for (Name column : draft.shuffled(columns)) {
      String key = column.kind().isPlain() ? column.text() : column.text() + ".uid";
      keys.add(key + draft.oneOf("", " DESC", " ASC"));
    }
    draft.allowances().exactNumbers = false;
    draft.setOrdered(true);
    sorted = true;
    String skip = draft.chance(25) ? " SKIP " + draft.upTo(3) : "";
    String limit =
        draft.chance(60) ? " LIMIT " + draft.oneOf("0", "1", "2", "3", "3", "5", "1 + 1") : "";
    columns.replaceAll(
        c -> c.kind() == Kind.VALUE ? new Name(c.text(), Kind.MERGED, c.unique()) : c);
    draft.replaceScope(columns);
    return " ORDER BY " + String.join(", ", keys) + skip + limit;
  }

  private String where() {
    return place == Place.WITH && draft.chance(25) ? " WHERE " + expressions.condition() : "";
  }

  private static boolean isBag(Kind kind) {
    return kind == Kind.BAG || kind == Kind.MAP;
  }
}
