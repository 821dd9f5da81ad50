package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds the index that gives the fewest records for one node or relationship of a pattern.
///
/// An index serves conditions that compare its first keys with values that are known before: an
/// equality or a list of values for each, and behind them one range or prefix. It lacks the records
/// that lack one of its keys, so every further key must be in some condition that null does not
/// fulfil.
final class SeekPlanner {
  private final PlanContext context;
  private final String name;
  private final boolean ofRelationships;
  private final List<Expression> conditions;
  private final Scope scope;
  private final Predicate<String> known;
  private final Scope all;
  private final List<Term> terms = new ArrayList<>();

  /// A comparison of a property with a value that is known.
  ///
  /// @param condition of which it is all or a part
  private record Term(Expression condition, String key, Form form, Expression value) {}

  private enum Form {
    EQUAL,
    ONE_OF,
    FROM,
    FROM_INCLUDED,
    TO,
    TO_INCLUDED,
    PREFIX
  }

  /// A look-up, and the conditions that it does away with.
  record Choice(Seek seek, List<Expression> done) {}

  /// @param name of the node or the relationship
  /// @param conditions all that must hold of the pattern and are not tested yet
  /// @param scope what is bound before
  /// @param known the names of it, and others that are taken for bound: then only the estimate of a
  ///   choice means something
  /// @param all the scope with all that will be bound
  SeekPlanner(
      PlanContext context,
      String name,
      boolean ofRelationships,
      List<Expression> conditions,
      Scope scope,
      Predicate<String> known,
      Scope all) {
    this.context = context;
    this.name = name;
    this.ofRelationships = ofRelationships;
    this.conditions = conditions;
    this.scope = scope;
    this.known = known;
    this.all = all;
    conditions.forEach(this::collect);
  }

  /// The best look-up in an index over one of the labels, or of the type; null if there is none.
  ///
  /// @param slot where the record will be
  @Nullable Choice best(List<String> labelsOrTypes, int slot) {
    Choice best = null;
    for (String labelOrType : terms.isEmpty() ? List.<String>of() : labelsOrTypes) {
      for (List<String> keys : context.statistics().indexes(ofRelationships, labelOrType)) {
        Choice choice = choice(labelOrType, keys, slot);
        if (choice != null && (best == null || choice.seek().rows() < best.seek().rows())) {
          best = choice;
        }
      }
    }
    return best;
  }

  // Terms.

  private void collect(Expression condition) {
    if (context.isVolatile(condition) || SubqueryPlanner.isNeeded(condition)) {
      return;
    }
    switch (condition) {
      case Expression.Comparison comparison -> {
        for (int i = 0; i < comparison.operators().size(); i++) {
          Operator operator = comparison.operators().get(i);
          Expression left = comparison.terms().get(i);
          Expression right = comparison.terms().get(i + 1);
          add(condition, left, form(operator, false), right);
          add(condition, right, form(operator, true), left);
        }
      }
      case Expression.In in -> add(condition, in.element(), Form.ONE_OF, in.list());
      case Expression.TextMatch match -> {
        if (match.kind() == Expression.TextMatch.Kind.STARTS_WITH) {
          add(condition, match.text(), Form.PREFIX, match.pattern());
        }
      }
      default -> {}
    }
  }

  private void add(
      Expression condition, Expression property, @Nullable Form form, Expression value) {
    String key = key(property);
    if (key != null && form != null && Trees.variables(value, all).stream().allMatch(known)) {
      terms.add(new Term(condition, key, form, value));
    }
  }

  /// The key of a property of the record; null for anything else.
  private @Nullable String key(Expression expression) {
    return expression instanceof Expression.Property property
            && property.of() instanceof Expression.Variable variable
            && variable.name().equals(name)
        ? property.key()
        : null;
  }

  /// @param flipped whether the property is on the right
  private static @Nullable Form form(Operator operator, boolean flipped) {
    return switch (operator) {
      case EQUAL -> Form.EQUAL;
      case NOT_EQUAL -> null;
      case LESS -> flipped ? Form.FROM : Form.TO;
      case LESS_OR_EQUAL -> flipped ? Form.FROM_INCLUDED : Form.TO_INCLUDED;
      case GREATER -> flipped ? Form.TO : Form.FROM;
      case GREATER_OR_EQUAL -> flipped ? Form.TO_INCLUDED : Form.FROM_INCLUDED;
    };
  }

  // Choices.

  private @Nullable Choice choice(String labelOrType, List<String> keys, int slot) {
    List<Sought> sought = new ArrayList<>();
    List<Term> used = new ArrayList<>();
    boolean goesOn = true;
    for (int i = 0; i < keys.size() && goesOn; i++) {
      Sought one = sought(keys.get(i), used, sought);
      goesOn = one instanceof Sought.Equal || one instanceof Sought.OneOf;
      if (one != null) {
        sought.add(one);
      }
    }
    List<String> others = keys.subList(sought.size(), keys.size());
    if (sought.isEmpty() || !others.stream().allMatch(this::isNeverNull)) {
      return null;
    }
    List<Expression> done = done(used);
    return new Choice(
        new Seek(labelOrType, keys, sought, recheck(done, slot), rows(labelOrType, keys, sought)),
        done);
  }

  private @Nullable Sought sought(String key, List<Term> used, List<Sought> before) {
    Term equal = take(key, used, Form.EQUAL);
    if (equal != null) {
      return new Sought.Equal(bound(equal));
    }
    if (before.stream().noneMatch(Sought.OneOf.class::isInstance)) {
      Term list = take(key, used, Form.ONE_OF);
      if (list != null) {
        return new Sought.OneOf(bound(list));
      }
    }
    Term prefix = take(key, used, Form.PREFIX);
    if (prefix != null) {
      return new Sought.Prefix(bound(prefix));
    }
    Term from = take(key, used, Form.FROM, Form.FROM_INCLUDED);
    Term to = take(key, used, Form.TO, Form.TO_INCLUDED);
    return from == null && to == null
        ? null
        : new Sought.Range(
            from == null ? null : bound(from),
            from != null && from.form() == Form.FROM_INCLUDED,
            to == null ? null : bound(to),
            to != null && to.form() == Form.TO_INCLUDED);
  }

  /// The first term of a form; it counts as used.
  private @Nullable Term take(String key, List<Term> used, Form... forms) {
    for (Term term : terms) {
      if (term.key().equals(key) && List.of(forms).contains(term.form())) {
        used.add(term);
        return term;
      }
    }
    return null;
  }

  private Bound bound(Term term) {
    return new Bound(term.value(), scope);
  }

  /// Whether some condition is not true of a record that lacks a property.
  private boolean isNeverNull(String key) {
    return conditions.stream()
        .anyMatch(
            condition ->
                switch (condition) {
                  case Expression.Comparison e ->
                      e.terms().stream().anyMatch(term -> key.equals(key(term)));
                  case Expression.In e -> key.equals(key(e.element()));
                  case Expression.TextMatch e -> key.equals(key(e.text()));
                  case Expression.IsNull e -> e.negated() && key.equals(key(e.operand()));
                  default -> false;
                });
  }

  /// The conditions of which nothing is left to test.
  private List<Expression> done(List<Term> used) {
    List<Expression> done = new ArrayList<>();
    for (Term term : used) {
      Expression condition = term.condition();
      long parts = used.stream().filter(one -> one.condition() == condition).count();
      boolean whole =
          !(condition instanceof Expression.Comparison comparison)
              || parts == comparison.operators().size();
      if (whole && done.stream().noneMatch(one -> one == condition)) {
        done.add(condition);
      }
    }
    return done;
  }

  private @Nullable Bound recheck(List<Expression> done, int slot) {
    if (done.isEmpty()) {
      return null;
    }
    Scope.Kind kind = ofRelationships ? Scope.Kind.RELATIONSHIP : Scope.Kind.NODE;
    Expression condition =
        done.size() == 1
            ? done.getFirst()
            : new Expression.Junction(
                done.getFirst().span(), Expression.Junction.Kind.AND, List.copyOf(done));
    return new Bound(condition, scope.with(name, slot, kind));
  }

  /// How many records are expected.
  private double rows(String labelOrType, List<String> keys, List<Sought> sought) {
    Statistics statistics = context.statistics();
    double rows = statistics.entries(ofRelationships, labelOrType, keys);
    double distinct = Math.max(1, statistics.distinct(ofRelationships, labelOrType, keys));
    double ofOneKey = Math.pow(distinct, 1.0 / keys.size());
    for (int i = 0; i < sought.size(); i++) {
      rows *=
          switch (sought.get(i)) {
            case Sought.Equal equal -> isNull(equal.value()) ? 0 : 1 / ofOneKey;
            case Sought.OneOf oneOf ->
                Math.min(1, Selectivity.elements(oneOf.list().expression()) / ofOneKey);
            case Sought.Prefix prefix -> Selectivity.PREFIX;
            case Sought.Range range ->
                Selectivity.range(
                    statistics.property(ofRelationships, labelOrType, keys.get(i)),
                    range.from() == null ? null : range.from().expression(),
                    range.to() == null ? null : range.to().expression());
          };
    }
    return rows;
  }

  /// Whether a value is null for sure, so that nothing equals it.
  private boolean isNull(Bound value) {
    return Selectivity.type(context, value.expression()) == ParameterType.NULL;
  }
}
