package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Cell;
import java.util.List;

/// For each row and each element of a list runs a plan that writes; rows pass through.
final class ForEach extends Updating {
  private final LogicalPlan.ForEach plan;
  private final Operator body;
  private final List<Sources.Argument> arguments;
  private final Evaluator list;

  ForEach(
      Execution execution,
      Operator input,
      Operator body,
      List<Sources.Argument> arguments,
      LogicalPlan.ForEach plan,
      int[] carried,
      int[] handedOn,
      int slotCount) {
    super(execution, input, carried, handedOn, slotCount, false);
    this.plan = plan;
    this.body = body;
    this.arguments = arguments;
    this.list = compile(plan.list());
  }

  @Override
  void update() {
    list.evaluate(work, 0);
    int tag = Cell.tag(list.head());
    if (tag != Cell.LIST && tag != Cell.NULL) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "FOREACH needs a list, not " + Cell.name(tag),
          plan.list().expression().span(),
          null);
    }
    long size = tag == Cell.NULL ? 0 : Cell.size(list.head());
    long cells = list.body();
    for (long i = 0; i < size; i++) {
      execution.check();
      long cell = cells + i * Cell.BYTES;
      work.put(plan.slot(), 0, Cell.head(cell), Cell.body(cell));
      for (Sources.Argument argument : arguments) {
        argument.bind(work, 0, 1);
      }
      body.open();
      while (body.next() != null) {
        execution.check();
      }
    }
    handOn();
  }
}
