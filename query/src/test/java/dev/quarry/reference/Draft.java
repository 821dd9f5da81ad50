package dev.quarry.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A random statement in the making: which names there are, and what is known of the rows.
final class Draft {
  /// What a name stands for.
  enum Kind {
    NODE,
    RELATIONSHIP,
    /// A list of relationships.
    RELATIONSHIPS,
    PATH,
    /// A number, or null.
    NUMBER,
    /// Any plain value, or null.
    VALUE,
    /// A plain value that stands for all that are equivalent to it: 1 may be 1.0.
    MERGED,
    /// A list whose order nobody knows.
    BAG,
    /// A map, which has no size.
    MAP,
    /// A node that may be deleted.
    GONE_NODE,
    /// A relationship that may be deleted.
    GONE_RELATIONSHIP,
    /// Something that may hold deleted entities.
    GONE;

    boolean isPlain() {
      return this == NUMBER || this == VALUE || this == MERGED;
    }
  }

  /// @param unique whether its `uid` tells it from all others
  record Name(String text, Kind kind, boolean unique) {}

  /// What has to be allowed for when the rows of both sides are compared.
  static final class Allowances {
    boolean listsOrdered = true;
    boolean exactNumbers = true;
    boolean updates;
    boolean creates;
    int names;
  }

  private final Random random;
  private final Allowances allowances;
  private List<Name> scope = new ArrayList<>();
  private boolean ordered = true;

  Draft(Random random) {
    this(random, new Allowances());
  }

  private Draft(Random random, Allowances allowances) {
    this.random = random;
    this.allowances = allowances;
  }

  /// A query inside of this one, which sees some of the names.
  Draft nested(List<Name> visible) {
    Draft nested = new Draft(random, allowances);
    nested.scope.addAll(visible);
    return nested;
  }

  // Chance.

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  int upTo(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  final <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  <T> List<T> shuffled(List<T> list) {
    List<T> copy = new ArrayList<>(list);
    java.util.Collections.shuffle(copy, random);
    return copy;
  }

  // Names.

  List<Name> scope() {
    return List.copyOf(scope);
  }

  /// What later clauses see, instead of what was.
  void replaceScope(List<Name> names) {
    scope = new ArrayList<>(names);
  }

  /// A name that nothing has yet.
  String fresh(String begin) {
    return begin + allowances.names++;
  }

  Name add(String text, Kind kind) {
    boolean entity = kind == Kind.NODE || kind == Kind.RELATIONSHIP;
    Name name = new Name(text, kind, entity && !allowances.creates);
    scope.add(name);
    return name;
  }

  void remove(Name name) {
    scope.remove(name);
  }

  List<Name> all(Kind... kinds) {
    List<Kind> wanted = List.of(kinds);
    return scope.stream().filter(name -> wanted.contains(name.kind())).toList();
  }

  /// One of the names of these kinds, or null.
  @Nullable Name any(Kind... kinds) {
    List<Name> names = all(kinds);
    return names.isEmpty() ? null : oneOf(names);
  }

  // Rows.

  /// Whether both sides have the rows in the same order here.
  boolean isOrdered() {
    return ordered;
  }

  void setOrdered(boolean ordered) {
    this.ordered = ordered;
  }

  Allowances allowances() {
    return allowances;
  }
}
