package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.query.evaluate.Elements;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Cell;
import java.util.List;

/// For each row and each element of a list runs a plan that writes; rows pass through.
final class ForEach extends Updating {
  private final LogicalPlan.ForEach plan;
  private final Operator body;
  private final List<Sources.Argument> arguments;
  private final Elements list;

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
    this.list = new Elements(compile(plan.list()));
  }

  @Override
  void update() {
    list.evaluate(work, 0);
    if (!list.isList() && !list.isNull()) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "FOREACH needs a list, not " + Cell.name(Cell.tag(list.head())),
          plan.list().expression().span(),
          null);
    }
    long size = list.isNull() ? 0 : list.size();
    for (long i = 0; i < size; i++) {
      execution.check();
      work.put(plan.slot(), 0, list.head(i), list.body(i));
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
