package dev.quarry.query.execute;

import dev.quarry.query.evaluate.Compiler;
import dev.quarry.query.evaluate.EvaluationContext;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.value.Batch;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step of a running query.
///
/// [#open()] begins, also again; [#next()] gives the next rows, null at the end, never an empty
/// batch.
abstract class Operator {
  final Execution execution;

  private @Nullable Scratch values; // made when they are needed
  private @Nullable EvaluationContext context; // made for the first expression

  Operator(Execution execution) {
    this.execution = execution;
  }

  abstract void open();

  abstract @Nullable Batch next();

  /// What the cells of this operator's batch point to.
  final Scratch values() {
    Scratch known = values;
    if (known == null) {
      known = execution.newScratch();
      values = known;
    }
    return known;
  }

  /// Forgets what the cells of the batch before point to.
  final void forgetValues() {
    if (values != null) {
      values.reset();
    }
  }

  final Evaluator compile(Bound bound) {
    EvaluationContext known = context == null ? execution.context(values()) : context;
    context = known;
    return new Compiler(known).compile(bound);
  }

  /// The evaluator of an expression whose values live as long as another scratch.
  final Evaluator compile(Bound bound, Scratch scratch) {
    return new Compiler(execution.context(scratch)).compile(bound);
  }

  final Evaluator[] compile(List<Bound> bounds) {
    Evaluator[] evaluators = new Evaluator[bounds.size()];
    for (int i = 0; i < evaluators.length; i++) {
      evaluators[i] = compile(bounds.get(i));
    }
    return evaluators;
  }
}
