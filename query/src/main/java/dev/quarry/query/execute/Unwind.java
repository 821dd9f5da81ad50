package dev.quarry.query.execute;

import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// For each row the elements of a list, one row each.
///
/// A list that is a parameter is taken element by element: it becomes cells batch by batch, so its
/// length does not matter to the memory of the query.
final class Unwind extends FlatMap {
  private final @Nullable List<?> parameter;
  private final @Nullable Evaluator list;
  private final int slot;
  private int size;
  private int at;

  Unwind(Execution execution, Operator input, int[] carried, int slotCount, Bound list, int slot) {
    super(execution, input, carried, slotCount);
    this.parameter = parameter(list, execution);
    this.list = parameter == null ? compile(list) : null;
    this.slot = slot;
  }

  private static @Nullable List<?> parameter(Bound bound, Execution execution) {
    return bound.expression() instanceof Expression.Parameter parameter
            && execution.parameter(parameter.name()) instanceof List<?> list
        ? list instanceof RandomAccess ? list : new ArrayList<>(list)
        : null;
  }

  @Override
  boolean begin(Batch batch, int row) {
    at = 0;
    Evaluator computed = list;
    if (computed == null) {
      size = parameter == null ? 0 : parameter.size();
    } else {
      computed.evaluate(batch, row);
      size =
          switch (Cell.tag(computed.head())) {
            case Cell.NULL -> 0;
            case Cell.LIST -> Cell.size(computed.head());
            default -> 1;
          };
    }
    return size > 0;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    if (at == size) {
      return false;
    }
    Evaluator computed = list;
    if (computed == null) {
      Object element = parameter == null ? null : parameter.get(at);
      Border.put(element, into.cell(slot, to), values, execution.reading());
    } else if (Cell.tag(computed.head()) == Cell.LIST) {
      long element = computed.body() + (long) at * Cell.BYTES;
      into.put(slot, to, Cell.head(element), Cell.body(element));
    } else {
      into.put(slot, to, computed.head(), computed.body());
    }
    at++;
    return true;
  }
}
