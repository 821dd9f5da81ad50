package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Suggestion;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses expressions that cannot have a meaning: unknown names, wrong numbers of arguments,
/// aggregates where rows are not gathered.
final class ExpressionChecker {
  private final Scope scope;
  private final Procedures procedures;
  private final @Nullable String noAggregates;

  private ExpressionChecker(Scope scope, Procedures procedures, @Nullable String noAggregates) {
    this.scope = scope;
    this.procedures = procedures;
    this.noAggregates = noAggregates;
  }

  /// @param procedures holds the functions that are not part of the language
  /// @param noAggregates why aggregates are not allowed here, null if they are
  static void check(
      Expression expression, Scope scope, Procedures procedures, @Nullable String noAggregates) {
    new ExpressionChecker(scope, procedures, noAggregates).check(expression, Set.of(), false);
  }

  private void check(Expression expression, Set<String> locals, boolean inAggregate) {
    switch (expression) {
      case Expression.Variable variable -> {
        if (!locals.contains(variable.name()) && scope.find(variable.name()) == null) {
          throw undefined(variable.name(), variable.span(), scope);
        }
      }
      case Expression.CountRows e -> checkAggregate(e.span(), inAggregate);
      case Expression.Call call -> checkCall(call, locals, inAggregate);
      case Expression.ListComprehension e -> {
        check(e.list(), locals, inAggregate);
        Set<String> inner = with(locals, e.variable());
        checkOptional(e.where(), inner, inAggregate);
        checkOptional(e.projection(), inner, inAggregate);
      }
      case Expression.Quantifier e -> {
        check(e.list(), locals, inAggregate);
        check(e.where(), with(locals, e.variable()), inAggregate);
      }
      case Expression.Reduce e -> {
        check(e.start(), locals, inAggregate);
        check(e.list(), locals, inAggregate);
        check(e.step(), with(with(locals, e.variable()), e.accumulator()), inAggregate);
      }
      case Expression.Property e -> {
        check(e.of(), locals, inAggregate);
        checkHasProperties(e, locals);
      }
      default ->
          Trees.rewrite(
              expression,
              child -> {
                if (child == expression) {
                  return null;
                }
                check(child, locals, inAggregate);
                return child;
              });
    }
  }

  private void checkOptional(
      @Nullable Expression expression, Set<String> locals, boolean inAggregate) {
    if (expression != null) {
      check(expression, locals, inAggregate);
    }
  }

  private static Set<String> with(Set<String> locals, String name) {
    Set<String> more = new HashSet<>(locals);
    more.add(name);
    return more;
  }

  private void checkHasProperties(Expression.Property property, Set<String> locals) {
    if (property.of() instanceof Expression.Variable variable
        && !locals.contains(variable.name())) {
      Scope.Binding binding = scope.find(variable.name());
      if (binding != null
          && (binding.kind() == Scope.Kind.PATH || binding.kind() == Scope.Kind.RELATIONSHIPS)) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            "`" + variable.name() + "` is " + binding.kind() + ", which has no properties",
            property.span(),
            "take a node or relationship of it first");
      }
    }
  }

  private void checkCall(Expression.Call call, Set<String> locals, boolean inAggregate) {
    Function function = Function.of(call.name());
    if (function == null) {
      checkDefined(call, locals, inAggregate);
      return;
    }
    int count = call.arguments().size();
    if (count < function.least() || count > function.most()) {
      String expected =
          function.least() == function.most()
              ? "" + function.least()
              : "at least " + function.least();
      throw new SyntaxException(
          ErrorCode.INVALID_NUMBER_OF_ARGUMENTS,
          "`" + call.name() + "` takes " + expected + " arguments, not " + count,
          call.span(),
          null);
    }
    if (function.isAggregate()) {
      checkAggregate(call.span(), inAggregate);
    } else {
      refuseDistinct(call);
    }
    for (Expression argument : call.arguments()) {
      check(argument, locals, inAggregate || function.isAggregate());
    }
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
  private void checkDefined(Expression.Call call, Set<String> locals, boolean inAggregate) {
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
    for (Expression argument : call.arguments()) {
      check(argument, locals, inAggregate);
    }
  }

  private void checkAggregate(Span span, boolean inAggregate) {
    if (inAggregate) {
      throw new SyntaxException(
          ErrorCode.NESTED_AGGREGATION,
          "an aggregate cannot be computed inside of another",
          span,
          "compute the inner one in a WITH before");
    }
    if (noAggregates != null) {
      throw new SyntaxException(
          ErrorCode.INVALID_AGGREGATION,
          "an aggregate cannot be used " + noAggregates,
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
