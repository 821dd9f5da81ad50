package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.procedure.CallFailure;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.procedure.TypedValues;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// A call of a function that is not part of the language.
final class DefinedFunction extends Evaluator {
  private final FunctionDefinition function;
  private final TypedArguments arguments;
  private final EvaluationContext context;
  private final Span span;

  DefinedFunction(
      FunctionDefinition function,
      Evaluator[] evaluators,
      Span[] spans,
      EvaluationContext context,
      Span span) {
    this.function = function;
    this.arguments =
        new TypedArguments(
            function.name(), function.inputs(), evaluators, spans, context.reading(), false);
    this.context = context;
    this.span = span;
  }

  @Override
  public void evaluate(Batch batch, int row) {
    var given = arguments.of(batch, row);
    @Nullable Object value;
    try {
      value = function.body().call(given);
    } catch (Throwable thrown) {
      throw CallFailure.of("function", function.name(), thrown, span);
    }
    long at = context.values().allocate(Cell.BYTES);
    if (!TypedValues.put(function.output(), value, at, context.values(), context.reading())) {
      throw CallFailure.result("function", function.name(), null, function.output(), value, span);
    }
    setCell(at);
  }
}
