package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.ValueType;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.procedure.TypedValues;
import dev.quarry.query.value.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The arguments of a call with a signature: computed for a row, compared with their types, and
/// handed over as border values.
public final class TypedArguments {
  private final String name;
  private final List<ValueType.Named> inputs;
  private final Evaluator[] evaluators;
  private final Span[] spans;
  private final Reading reading;
  private final boolean handles;

  /// @param name of what is called
  /// @param spans of the arguments
  /// @param handles whether nodes and relationships become handles, else they are copied
  public TypedArguments(
      String name,
      List<ValueType.Named> inputs,
      Evaluator[] evaluators,
      Span[] spans,
      Reading reading,
      boolean handles) {
    this.name = name;
    this.inputs = inputs;
    this.evaluators = evaluators;
    this.spans = spans;
    this.reading = reading;
    this.handles = handles;
  }

  /// The arguments for a row.
  ///
  /// @throws dev.quarry.error.EvaluationException if one is not of its type
  public List<? extends @Nullable Object> of(Batch batch, int row) {
    List<@Nullable Object> arguments = new ArrayList<>(evaluators.length);
    for (int i = 0; i < evaluators.length; i++) {
      ValueType type = inputs.get(i).type();
      Evaluator value = evaluators[i];
      value.evaluate(batch, row);
      if (!TypedValues.fits(type, value.head, value.body)) {
        throw Failures.type(
            "`" + inputs.get(i).name() + "` of `" + name + "` is " + type, value.head, spans[i]);
      }
      arguments.add(TypedValues.get(type, value.head, value.body, reading, handles));
    }
    return Collections.unmodifiableList(arguments);
  }
}
