package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.plan.Scope.Kind;
import dev.quarry.query.syntax.Expression;
import org.jspecify.annotations.Nullable;

/// Refuses operators and functions whose operands cannot fit, as far as that is known before a
/// statement runs. What is not known is left to the run.
final class TypeRules {
  private TypeRules() {}

  static void check(Expression expression, Kinds kinds) {
    switch (expression) {
      case Expression.Junction e -> e.terms().forEach(term -> requireCondition(term, kinds));
      case Expression.Not e -> requireCondition(e.operand(), kinds);
      case Expression.In e -> requireList(e.list(), kinds);
      case Expression.Property e -> requireProperties(e, kinds);
      case Expression.Arithmetic e -> arithmetic(e, kinds);
      case Expression.Negation e -> {
        Kind kind = kinds.of(e.operand());
        if (kind != Kind.VALUE && !kind.isNumber()) {
          throw wrong("`-` needs a number", kind, e.span(), null);
        }
      }
      case Expression.Call e -> call(e, kinds);
      default -> {}
    }
  }

  /// Refuses what cannot be a condition.
  static void requireCondition(Expression expression, Kinds kinds) {
    Kind kind = kinds.of(expression);
    if (kind != Kind.BOOLEAN && kind != Kind.VALUE) {
      throw wrong("a condition must be a boolean", kind, expression.span(), null);
    }
  }

  private static void requireList(Expression list, Kinds kinds) {
    Kind kind = kinds.of(list);
    if (kind != Kind.VALUE && !kind.isList()) {
      throw wrong("IN needs a list", kind, list.span(), null);
    }
  }

  private static void requireProperties(Expression.Property property, Kinds kinds) {
    Kind kind = kinds.of(property.of());
    boolean possible =
        kind == Kind.VALUE || kind == Kind.NODE || kind == Kind.RELATIONSHIP || kind == Kind.MAP;
    if (!possible) {
      boolean ofGraph = kind == Kind.PATH || kind == Kind.RELATIONSHIPS;
      throw new SyntaxException(
          ofGraph ? ErrorCode.INVALID_ARGUMENT_TYPE : ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "`." + property.key() + "` needs a node, a relationship or a map, not " + kind,
          property.span(),
          ofGraph ? "take a node or relationship of it first" : null);
    }
  }

  private static void arithmetic(Expression.Arithmetic e, Kinds kinds) {
    Kind left = kinds.of(e.terms().getFirst());
    for (int i = 1; i < e.terms().size(); i++) {
      char operator = e.operators().get(i - 1);
      Kind right = kinds.of(e.terms().get(i));
      boolean joins =
          operator == '+'
              && (left.isList() || right.isList() || left == Kind.STRING || right == Kind.STRING);
      boolean known = left != Kind.VALUE && right != Kind.VALUE;
      boolean numbers = left.isNumber() && right.isNumber();
      if (known && !joins && !numbers) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            "`" + operator + "` cannot be applied to " + left + " and " + right,
            e.span(),
            null);
      }
      boolean integer = left == Kind.INTEGER && right == Kind.INTEGER && operator != '^';
      left = !numbers ? Kind.VALUE : integer ? Kind.INTEGER : Kind.FLOAT;
    }
  }

  private static void call(Expression.Call call, Kinds kinds) {
    Function function = Function.of(call.name());
    if (function == null || call.arguments().isEmpty()) {
      return;
    }
    Kind kind = kinds.of(call.arguments().getFirst());
    boolean fits =
        kind == Kind.VALUE
            || switch (function) {
              case LABELS -> kind != Kind.PATH && kind != Kind.RELATIONSHIP;
              case TYPE -> kind != Kind.PATH && kind != Kind.NODE;
              case LENGTH -> kind == Kind.PATH;
              case SIZE -> kind.isList() || kind == Kind.STRING || kind == Kind.MAP;
              case PROPERTIES, KEYS ->
                  kind == Kind.NODE || kind == Kind.RELATIONSHIP || kind == Kind.MAP;
              case NODES, RELATIONSHIPS -> kind == Kind.PATH;
              default -> true;
            };
    if (!fits) {
      throw wrong("`" + function.text() + "` cannot be applied", kind, call.span(), null);
    }
  }

  private static SyntaxException wrong(String what, Kind kind, Span span, @Nullable String hint) {
    String message = what.endsWith("applied") ? what + " to " + kind : what + ", not " + kind;
    return new SyntaxException(ErrorCode.INVALID_ARGUMENT_TYPE, message, span, hint);
  }
}
