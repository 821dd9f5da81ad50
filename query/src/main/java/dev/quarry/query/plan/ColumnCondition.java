package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A condition that asks nothing but how one property of a node compares with constants, so that it
/// can be tested for many cells of a column at once.
///
/// @param predicate the condition as it was written, for records whose cells do not tell
/// @param key name of the property
public record ColumnCondition(Bound predicate, String key, Test test) {
  /// What is asked of the property.
  public sealed interface Test {}

  /// @param operator with the property at its left
  public record Comparison(Operator operator, Bound constant) {}

  /// `n.x > 1`, or `1 < n.x <= 3`: all comparisons hold.
  public record Compares(List<Comparison> comparisons) implements Test {}

  /// `n.x IN [1, 2]`
  public record OneOf(Bound list) implements Test {}

  /// `n.x IS NULL`
  public record IsNull(boolean negated) implements Test {}

  /// The conditions that a predicate consists of, all of which must be true.
  ///
  /// @param slot where rows have the node
  /// @return null if one of them is none of these
  static @Nullable List<ColumnCondition> of(Bound predicate, int slot) {
    Expression expression = predicate.expression();
    if (!(expression instanceof Expression.Junction and)
        || and.kind() != Expression.Junction.Kind.AND) {
      ColumnCondition one = one(predicate, slot);
      return one == null ? null : List.of(one);
    }
    List<ColumnCondition> conditions = new ArrayList<>();
    for (Expression term : and.terms()) {
      ColumnCondition one = one(new Bound(term, predicate.scope()), slot);
      if (one == null || one.mayFail()) {
        return null;
      }
      conditions.add(one);
    }
    return conditions;
  }

  /// Whether its list may be none: in an AND that is an error also for rows of which another term
  /// is null.
  private boolean mayFail() {
    return test instanceof OneOf of && !(of.list().expression() instanceof Expression.ListLiteral);
  }

  private static @Nullable ColumnCondition one(Bound predicate, int slot) {
    Scope scope = predicate.scope();
    return switch (predicate.expression()) {
      case Expression.Comparison e -> comparison(predicate, e, slot);
      case Expression.In e -> {
        String key = key(new Bound(e.element(), scope), slot);
        yield key != null && isConstant(e.list())
            ? new ColumnCondition(predicate, key, new OneOf(new Bound(e.list(), scope)))
            : null;
      }
      case Expression.IsNull e -> {
        String key = key(new Bound(e.operand(), scope), slot);
        yield key == null ? null : new ColumnCondition(predicate, key, new IsNull(e.negated()));
      }
      default -> null;
    };
  }

  private static @Nullable ColumnCondition comparison(
      Bound predicate, Expression.Comparison e, int slot) {
    List<Comparison> comparisons = new ArrayList<>();
    String key = null;
    for (int i = 1; i < e.terms().size(); i++) {
      Bound left = new Bound(e.terms().get(i - 1), predicate.scope());
      Bound right = new Bound(e.terms().get(i), predicate.scope());
      String leftKey = key(left, slot);
      String rightKey = key(right, slot);
      String found = leftKey == null ? rightKey : leftKey;
      Bound constant = leftKey == null ? left : right;
      if (found == null
          || key != null && !key.equals(found)
          || !isConstant(constant.expression())) {
        return null;
      }
      key = found;
      Operator operator = e.operators().get(i - 1);
      comparisons.add(new Comparison(leftKey == null ? operator.flipped() : operator, constant));
    }
    return key == null ? null : new ColumnCondition(predicate, key, new Compares(comparisons));
  }

  /// The name of the property of a node that an expression is; null if it is something else.
  ///
  /// @param slot where rows have the node
  public static @Nullable String key(Bound bound, int slot) {
    return bound.expression() instanceof Expression.Property property
            && property.of() instanceof Expression.Variable variable
            && bound.scope().slot(variable.name()) == slot
        ? property.key()
        : null;
  }

  /// Whether an expression has one value for all rows, and no error.
  private static boolean isConstant(Expression expression) {
    return switch (expression) {
      case Expression.Literal e -> true;
      case Expression.Parameter e -> true;
      case Expression.Negation e ->
          e.operand() instanceof Expression.Literal literal && literal.value() instanceof Number;
      case Expression.ListLiteral e -> e.elements().stream().allMatch(ColumnCondition::isConstant);
      default -> false;
    };
  }
}
