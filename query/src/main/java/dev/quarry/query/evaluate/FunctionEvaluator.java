package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.query.plan.Function;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;

/// A call of a function that takes one row to one value.
final class FunctionEvaluator extends Evaluator {
  private final Function function;
  private final Evaluator[] arguments;
  private final EvaluationContext context;
  private final Span span;

  FunctionEvaluator(
      Function function, Evaluator[] arguments, EvaluationContext context, Span span) {
    this.function = function;
    this.arguments = arguments;
    this.context = context;
    this.span = span;
  }

  @Override
  public void evaluate(Batch batch, int row) {
    if (function == Function.COALESCE) {
      coalesce(batch, row);
      return;
    }
    for (Evaluator argument : arguments) {
      argument.evaluate(batch, row);
      context.pace().bytes(argument.tag() == Cell.STRING ? Cell.size(argument.head) : 0);
    }
    if (function.isTemporal()) {
      TemporalFunctions.apply(function, arguments, context, span, this);
      return;
    }
    switch (function) {
      case EXISTS -> setBoolean(!arguments[0].isNull());
      case ID,
          ELEMENT_ID,
          LABELS,
          TYPE,
          KEYS,
          PROPERTIES,
          START_NODE,
          END_NODE,
          NODES,
          RELATIONSHIPS,
          LENGTH ->
          EntityFunctions.apply(function, arguments[0], context, span, this);
      case SIZE, IS_EMPTY, HEAD, LAST, TAIL, REVERSE ->
          ListFunctions.apply(function, arguments[0], context, span, this);
      case TO_UPPER,
          UPPER,
          TO_LOWER,
          LOWER,
          TRIM,
          BTRIM,
          LTRIM,
          RTRIM,
          CHAR_LENGTH,
          CHARACTER_LENGTH,
          NORMALIZE,
          LEFT,
          RIGHT,
          SUBSTRING,
          REPLACE,
          SPLIT ->
          TextFunctions.apply(function, arguments, context, span, this);
      case TO_BOOLEAN,
          TO_INTEGER,
          TO_FLOAT,
          TO_STRING,
          TO_BOOLEAN_OR_NULL,
          TO_INTEGER_OR_NULL,
          TO_FLOAT_OR_NULL,
          TO_STRING_OR_NULL,
          TO_BOOLEAN_LIST,
          TO_INTEGER_LIST,
          TO_FLOAT_LIST,
          TO_STRING_LIST ->
          ConversionFunctions.apply(function, arguments[0], context, span, this);
      case NULL_IF -> nullIf();
      case VALUE_TYPE ->
          BasicEvaluators.setText(
              this, ValueTypes.of(arguments[0].head, arguments[0].body), context.values());
      case POINT -> PointFunctions.make(arguments[0], context, span, this);
      case POINT_WITHIN_BOX -> PointFunctions.within(arguments, span, this);
      case POINT_DISTANCE, DISTANCE ->
          PointFunctions.distance(arguments[0], arguments[1], span, this);
      case RANDOM_UUID ->
          BasicEvaluators.setText(this, java.util.UUID.randomUUID().toString(), context.values());
      default ->
          NumberFunctions.apply(
              function, arguments, context.clock().now().toEpochMilli(), span, this);
    }
  }

  private void nullIf() {
    Evaluator value = arguments[0];
    Evaluator other = arguments[1];
    if (Relations.equal(value.head, value.body, other.head, other.body) == 1) {
      setNull();
    } else {
      setFrom(value);
    }
  }

  private void coalesce(Batch batch, int row) {
    for (Evaluator argument : arguments) {
      argument.evaluate(batch, row);
      if (!argument.isNull()) {
        setFrom(argument);
        return;
      }
    }
    setNull();
  }
}
