package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Suggestion;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses expressions that cannot have a meaning: unknown names, wrong numbers and types of
/// arguments, aggregates where rows are not gathered, patterns that are no conditions.
final class ExpressionChecker {
  private final Scope scope;
  private final Procedures procedures;

  private ExpressionChecker(Scope scope, Procedures procedures) {
    this.scope = scope;
    this.procedures = procedures;
  }

  /// What is around an expression.
  ///
  /// @param locals variables of comprehensions
  /// @param noAggregates why aggregates are not allowed, null if they are
  /// @param isCondition whether only its truth is asked for, so that it may be a pattern
  private record Around(
      Map<String, Scope.Kind> locals,
      @Nullable String noAggregates,
      boolean inAggregate,
      boolean isCondition) {
    Around with(String name, Scope.Kind kind) {
      Map<String, Scope.Kind> more = new HashMap<>(locals);
      more.put(name, kind);
      return new Around(more, noAggregates, inAggregate, isCondition);
    }

    Around condition(boolean value) {
      return isCondition == value ? this : new Around(locals, noAggregates, inAggregate, value);
    }

    Around comprehension() {
      String why = noAggregates == null ? "for each element of a list" : noAggregates;
      return new Around(locals, why, inAggregate, isCondition);
    }

    Around aggregate() {
      return new Around(locals, noAggregates, true, false);
    }
  }

  /// @param procedures holds the functions that are not part of the language
  /// @param noAggregates why aggregates are not allowed here, null if they are
  static void check(
      Expression expression, Scope scope, Procedures procedures, @Nullable String noAggregates) {
    Around around = new Around(Map.of(), noAggregates, false, false);
    new ExpressionChecker(scope, procedures).check(expression, around);
  }

  /// The same for an expression of which only the truth matters.
  static void checkCondition(
      Expression expression, Scope scope, Procedures procedures, @Nullable String noAggregates) {
    Around around = new Around(Map.of(), noAggregates, false, true);
    ExpressionChecker checker = new ExpressionChecker(scope, procedures);
    checker.check(expression, around);
    TypeRules.requireCondition(expression, checker.kinds(around));
  }

  private Kinds kinds(Around around) {
    return new Kinds(scope, around.locals());
  }

  private void check(Expression expression, Around around) {
    Around value = around.condition(false);
    switch (expression) {
      case Expression.Variable variable -> {
        boolean known =
            around.locals().containsKey(variable.name()) || scope.find(variable.name()) != null;
        if (!known) {
          throw undefined(variable.name(), variable.span(), scope);
        }
      }
      case Expression.PatternPredicate e -> {
        if (!around.isCondition()) {
          throw new SyntaxException(
              ErrorCode.INVALID_SYNTAX,
              "a pattern is a condition and has no other value",
              e.span(),
              "write EXISTS { … }, COUNT { … } or [pattern | value]");
        }
      }
      case Expression.CountRows e -> checkAggregate(e.span(), around);
      case Expression.Call call -> checkCall(call, around);
      case Expression.ListComprehension e -> {
        check(e.list(), value);
        Around inner = value.with(e.variable(), kinds(value).ofElements(e.list())).comprehension();
        checkOptional(e.where(), inner.condition(true));
        checkOptional(e.projection(), inner);
      }
      case Expression.Quantifier e -> {
        check(e.list(), value);
        Around inner = value.with(e.variable(), kinds(value).ofElements(e.list())).comprehension();
        check(e.where(), inner.condition(true));
      }
      case Expression.Reduce e -> {
        check(e.start(), value);
        check(e.list(), value);
        Around inner = value.with(e.variable(), kinds(value).ofElements(e.list())).comprehension();
        check(e.step(), inner.with(e.accumulator(), Scope.Kind.VALUE));
      }
      case Expression.Case e -> {
        checkOptional(e.subject(), value);
        Around condition = around.condition(e.subject() == null);
        e.conditions().forEach(one -> check(one, condition));
        e.results().forEach(one -> check(one, value));
        checkOptional(e.otherwise(), value);
      }
      case Expression.Junction e -> checkChildren(e, around.condition(true));
      case Expression.Not e -> checkChildren(e, around.condition(true));
      case Expression.Comparison e -> checkChildren(e, around.condition(true));
      default -> checkChildren(expression, value);
    }
    TypeRules.check(expression, kinds(around));
  }

  private void checkChildren(Expression expression, Around around) {
    Trees.rewrite(
        expression,
        child -> {
          if (child == expression) {
            return null;
          }
          check(child, around);
          return child;
        });
  }

  private void checkOptional(@Nullable Expression expression, Around around) {
    if (expression != null) {
      check(expression, around);
    }
  }

  private void checkCall(Expression.Call call, Around around) {
    Function function = Function.of(call.name());
    if (function == null) {
      checkDefined(call, around);
      return;
    }
    int count = call.arguments().size();
    if (count < function.least() || count > function.most()) {
      throw Signatures.wrongCount(
          call.name(), function.least(), function.most(), count, call.span(), null);
    }
    if (function.isAggregate()) {
      checkAggregate(call.span(), around);
    } else {
      refuseDistinct(call);
    }
    if (function.isVolatile() && around.inAggregate()) {
      throw new SyntaxException(
          ErrorCode.NON_CONSTANT_EXPRESSION,
          "`" + call.name() + "` cannot be used inside of an aggregate",
          call.span(),
          "compute it in a WITH before");
    }
    Around inner =
        function.isAggregate() ? around.aggregate() : around.condition(function == Function.EXISTS);
    call.arguments().forEach(argument -> check(argument, inner));
  }

  private static void refuseDistinct(Expression.Call call) {
    if (call.distinct()) {
      throw new SyntaxException(
          ErrorCode.INVALID_SYNTAX,
          "DISTINCT has no meaning in `" + call.name() + "`",
          call.span(),
          "only functions over many rows, such as count, take it");
    }
  }

  /// Checks a call of a function that is not part of the language.
  private void checkDefined(Expression.Call call, Around around) {
    FunctionDefinition definition = procedures.function(call.name());
    if (definition == null) {
      Set<String> known = Function.names();
      known.addAll(procedures.functionNames());
      throw new SyntaxException(
          ErrorCode.UNKNOWN_FUNCTION,
          "there is no function `" + call.name() + "` in this release",
          call.span(),
          Suggestion.of(call.name(), known));
    }
    refuseDistinct(call);
    Signatures.requireFit(definition.name(), definition.inputs(), call.arguments(), call.span());
    call.arguments().forEach(argument -> check(argument, around.condition(false)));
  }

  private static void checkAggregate(Span span, Around around) {
    if (around.inAggregate()) {
      throw new SyntaxException(
          ErrorCode.NESTED_AGGREGATION,
          "an aggregate cannot be computed inside of another",
          span,
          "compute the inner one in a WITH before");
    }
    if (around.noAggregates() != null) {
      throw new SyntaxException(
          ErrorCode.INVALID_AGGREGATION,
          "an aggregate cannot be used " + around.noAggregates(),
          span,
          "compute it in a WITH before");
    }
  }

  static SyntaxException undefined(String name, Span span, Scope scope) {
    String hint = Suggestion.of(name, scope.written());
    if (hint == null && !scope.written().isEmpty()) {
      hint = "visible here: " + String.join(", ", scope.written());
    }
    return new SyntaxException(
        ErrorCode.UNDEFINED_VARIABLE, "variable `" + name + "` is not defined", span, hint);
  }
}
