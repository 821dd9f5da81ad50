package dev.quarry.query.execute;

import dev.quarry.query.evaluate.Elements;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/// For each row the elements of a list, one row each.
///
/// A list that is a parameter is taken element by element: it becomes cells batch by batch, so its
/// length does not matter to the memory of the query. So are the numbers of a call of `range`.
final class Unwind extends FlatMap {
  private final @Nullable List<?> parameter;
  private final @Nullable Elements list;
  private final Scratch ofRow;
  private final int slot;
  private boolean isOfRow;
  private int size;
  private int at;

  Unwind(Execution execution, Operator input, int[] carried, int slotCount, Bound list, int slot) {
    super(execution, input, carried, slotCount);
    this.parameter = parameter(list, execution);
    this.ofRow = execution.newScratch();
    this.list = parameter == null ? new Elements(compile(list, ofRow)) : null;
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
    Elements computed = list;
    if (computed == null) {
      size = parameter == null ? 0 : parameter.size();
    } else {
      ofRow.reset();
      computed.evaluate(batch, row);
      isOfRow = ofRow.usedBytes() > 0;
      size =
          switch (Cell.tag(computed.head())) {
            case Cell.NULL -> 0;
            case Cell.LIST -> computed.size();
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
    Elements computed = list;
    if (computed == null) {
      Object element = parameter == null ? null : parameter.get(at);
      long cell = values().allocate(Cell.BYTES);
      Border.put(element, cell, values(), execution.reading());
      into.putCell(slot, to, cell);
    } else if (computed.isList()) {
      put(computed.head(at), computed.body(at), into, to);
    } else {
      put(computed.head(), computed.body(), into, to);
    }
    at++;
    return true;
  }

  /// Rows of this batch may outlive what was computed for an input row.
  private void put(long head, long body, Batch into, int to) {
    into.put(slot, to, head, isOfRow ? Cell.retained(head, body, values()) : body);
  }
}
