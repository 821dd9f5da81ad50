package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.Function;
import dev.quarry.query.plan.Scope;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Suggestion;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Makes evaluators of bound expressions, for one operator.
public final class Compiler {
  /// Larger expressions are computed row by row: each part would have a vector of its own.
  private static final int MOST_PARTS = 64;

  private final EvaluationContext context;
  private int parts;
  private Scope scope = Scope.EMPTY;
  private Map<String, BasicEvaluators.Local> locals = Map.of(); // until there are some

  public Compiler(EvaluationContext context) {
    this.context = context;
  }

  /// The evaluator of an expression.
  ///
  /// @throws EvaluationException if a parameter is missing
  public Evaluator compile(Bound bound) {
    scope = bound.scope();
    parts = 0;
    Evaluator evaluator = compile(bound.expression());
    if (parts > MOST_PARTS) {
      evaluator.goRowByRow();
    }
    return evaluator;
  }

  /// What most expressions of short statements are is asked for first: a switch over all kinds
  /// takes longer.
  private Evaluator compile(Expression expression) {
    parts++;
    if (expression instanceof Expression.Variable variable) {
      return variable(variable.name());
    }
    return expression instanceof Expression.Parameter parameter
        ? parameter(parameter)
        : compileOther(expression);
  }

  private Evaluator compileOther(Expression expression) {
    Span span = expression.span();
    return switch (expression) {
      case Expression.Variable e -> throw new AssertionError(e);
      case Expression.Parameter e -> throw new AssertionError(e);
      case Expression.Literal e -> constant(e.value());
      case Expression.Property e -> new PropertyEvaluator(compile(e.of()), e.key(), context, span);
      case Expression.Index e ->
          new CollectionEvaluators.Index(compile(e.of()), compile(e.index()), context, span);
      case Expression.Slice e ->
          new CollectionEvaluators.Slice(
              compile(e.of()), optional(e.from()), optional(e.to()), span);
      case Expression.ListLiteral e ->
          new CollectionEvaluators.ListOf(all(e.elements()), context.values());
      case Expression.MapLiteral e -> map(e);
      case Expression.Junction e ->
          new LogicEvaluators.Junction(
              e.kind(),
              all(e.terms()),
              e.terms().stream().map(Expression::span).toArray(Span[]::new),
              context);
      case Expression.Not e ->
          new LogicEvaluators.Not(compile(e.operand()), e.operand().span(), context);
      case Expression.Comparison e ->
          new ComparisonEvaluator(all(e.terms()), e.operators(), context);
      case Expression.Arithmetic e ->
          new ArithmeticEvaluators.Chain(all(e.terms()), e.operators(), context, span);
      case Expression.Negation e -> new ArithmeticEvaluators.Negation(compile(e.operand()), span);
      case Expression.TextMatch e ->
          new LogicEvaluators.TextMatch(
              e.kind(), compile(e.text()), compile(e.pattern()), context.pace(), span);
      case Expression.In e ->
          new LogicEvaluators.In(compile(e.element()), compile(e.list()), context.pace(), span);
      case Expression.IsNull e ->
          new LogicEvaluators.IsNull(compile(e.operand()), e.negated(), context);
      case Expression.HasLabels e ->
          new BasicEvaluators.HasLabels(compile(e.of()), e.labels(), context, span);
      case Expression.Call e -> call(e);
      case Expression.Case e ->
          new LogicEvaluators.Case(
              optional(e.subject()),
              all(e.conditions()),
              all(e.results()),
              optional(e.otherwise()));
      case Expression.ListComprehension e -> comprehension(e);
      case Expression.Quantifier e -> quantifier(e);
      case Expression.Reduce e -> reduce(e);
      case Expression.MapProjection e -> projection(e);
      case Expression.CountRows e -> throw new AssertionError(e);
      case Expression.PatternPredicate e -> throw new AssertionError(e);
      case Expression.PatternComprehension e -> throw new AssertionError(e);
      case Expression.ShortestPath e -> throw new AssertionError(e);
      case Expression.Subquery e -> throw new AssertionError(e);
    };
  }

  /// Whole numbers, as most keys are, need no memory.
  private Evaluator constant(@Nullable Object value) {
    if (value instanceof Long || value instanceof Integer) {
      long number = ((Number) value).longValue();
      return new BasicEvaluators.Constant(Cell.INTEGER, number, context.constants());
    }
    long at = context.constants().allocate(Cell.BYTES);
    Border.put(value, at, context.constants(), context.reading());
    return new BasicEvaluators.Constant(Cell.head(at), Cell.body(at), context.constants());
  }

  private Evaluator parameter(Expression.Parameter parameter) {
    Object value = context.parameters().get(parameter.name());
    if (value == null && !context.parameters().containsKey(parameter.name())) {
      TreeSet<String> known = new TreeSet<>(context.parameters().keySet());
      String near = Suggestion.of(parameter.name(), known);
      String given = known.isEmpty() ? "none was given" : "given: " + String.join(", ", known);
      throw new EvaluationException(
          ErrorCode.MISSING_PARAMETER,
          "parameter `$" + parameter.name() + "` is missing",
          parameter.span(),
          near == null ? given : near);
    }
    return constant(value);
  }

  private Evaluator variable(String name) {
    BasicEvaluators.Local local = locals.get(name);
    return local != null ? local : new BasicEvaluators.Slot(scope.slot(name));
  }

  private Evaluator map(Expression.MapLiteral map) {
    Evaluator[] keys = new Evaluator[map.keys().size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = constant(map.keys().get(i));
    }
    return new CollectionEvaluators.MapOf(keys, all(map.values()), context.values());
  }

  private Evaluator call(Expression.Call call) {
    Function function = Function.of(call.name());
    Evaluator[] arguments = all(call.arguments());
    if (function == null) {
      FunctionDefinition definition = context.procedures().function(call.name());
      assert definition != null : call;
      Span[] spans = call.arguments().stream().map(Expression::span).toArray(Span[]::new);
      return new DefinedFunction(definition, arguments, spans, context, call.span());
    }
    assert !function.isAggregate() : call;
    return switch (function) {
      case DIFFER -> new LogicEvaluators.Differ(arguments);
      case RANGE -> new Range(arguments, context, call.span());
      default -> new FunctionEvaluator(function, arguments, context, call.span());
    };
  }

  private Evaluator comprehension(Expression.ListComprehension e) {
    Evaluator list = compile(e.list());
    Map<String, BasicEvaluators.Local> outer = locals;
    BasicEvaluators.Local variable = local(e.variable());
    Evaluator result =
        new CollectionEvaluators.Comprehension(
            variable, list, optional(e.where()), optional(e.projection()), context, e.span());
    locals = outer;
    return result;
  }

  private Evaluator quantifier(Expression.Quantifier e) {
    Evaluator list = compile(e.list());
    Map<String, BasicEvaluators.Local> outer = locals;
    BasicEvaluators.Local variable = local(e.variable());
    Evaluator result =
        new CollectionEvaluators.Quantifier(
            e.kind(), variable, list, compile(e.where()), context, e.span());
    locals = outer;
    return result;
  }

  private Evaluator reduce(Expression.Reduce e) {
    Evaluator start = compile(e.start());
    Evaluator list = compile(e.list());
    Map<String, BasicEvaluators.Local> outer = locals;
    BasicEvaluators.Local accumulator = local(e.accumulator());
    BasicEvaluators.Local variable = local(e.variable());
    Evaluator result =
        new CollectionEvaluators.Reduce(
            accumulator, start, variable, list, compile(e.step()), context, e.span());
    locals = outer;
    return result;
  }

  private BasicEvaluators.Local local(String name) {
    locals = new HashMap<>(locals);
    BasicEvaluators.Local local = new BasicEvaluators.Local();
    locals.put(name, local);
    return local;
  }

  private Evaluator projection(Expression.MapProjection e) {
    @Nullable Evaluator[] elements = new Evaluator[e.items().size()];
    for (int i = 0; i < elements.length; i++) {
      Expression.MapProjection.Item item = e.items().get(i);
      if (item.value() != null) {
        elements[i] = compile(item.value());
      } else if (item.key() != null) {
        elements[i] = compile(new Expression.Property(e.span(), e.of(), item.key()));
      }
    }
    return new CollectionEvaluators.MapProjection(
        compile(e.of()), e.items(), elements, context, e.span());
  }

  private Evaluator[] all(List<Expression> expressions) {
    Evaluator[] evaluators = new Evaluator[expressions.size()];
    for (int i = 0; i < evaluators.length; i++) {
      evaluators[i] = compile(expressions.get(i));
    }
    return evaluators;
  }

  private @Nullable Evaluator optional(@Nullable Expression expression) {
    return expression == null ? null : compile(expression);
  }
}
