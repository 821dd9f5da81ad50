package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;

/// For each row the ends of a relationship that is bound, or of a chain of them; two rows where it
/// lies in the pattern both ways.
final class RelationshipEnds extends FlatMap {
  private final Reading reading;
  private final LogicalPlan.RelationshipEnds plan;
  private long left;
  private long right;
  private int turn;

  RelationshipEnds(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.RelationshipEnds plan) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.plan = plan;
  }

  @Override
  boolean begin(Batch batch, int row) {
    turn = 0;
    int tag = Cell.tag(batch.head(plan.relationship(), row));
    boolean fits = tag == (plan.length() == null ? Cell.RELATIONSHIP : Cell.LIST);
    return fits && hasLength(batch.head(plan.relationship(), row));
  }

  private boolean hasLength(long head) {
    var length = plan.length();
    return length == null
        || Cell.size(head) >= length.least()
            && (length.most() < 0 || Cell.size(head) <= length.most());
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    while (turn < 2) {
      boolean fromSource = turn++ == 0;
      boolean fits = plan.direction() == (fromSource ? Direction.OUTGOING : Direction.INCOMING);
      if ((fits || plan.direction() == Direction.BOTH) && walk(batch, row, fromSource)) {
        if (plan.direction() == Direction.BOTH && left == right && plan.length() == null) {
          turn = 2; // a loop lies in the pattern once
        }
        put(into, to, plan.left(), left);
        put(into, to, plan.right(), right);
        return true;
      }
    }
    return false;
  }

  /// Finds both ends; false if the relationships are no such chain, or end elsewhere.
  private boolean walk(Batch batch, int row, boolean fromSource) {
    long head = batch.head(plan.relationship(), row);
    long body = batch.body(plan.relationship(), row);
    if (Cell.tag(head) == Cell.RELATIONSHIP) {
      begin(body, fromSource);
      if (!step(body)) {
        return false;
      }
    } else if (Cell.size(head) == 0) {
      if (!plan.leftBound() || !fromSource) {
        return false;
      }
      left = batch.body(plan.left(), row);
      right = left;
    } else {
      begin(Cell.body(body), fromSource);
      for (long i = 0; i < Cell.size(head); i++) {
        execution.pace().step();
        long cell = body + i * Cell.BYTES;
        if (Cell.tag(Cell.head(cell)) != Cell.RELATIONSHIP || !step(Cell.body(cell))) {
          return false;
        }
      }
    }
    return (!plan.leftBound() || isNode(batch, row, plan.left(), left))
        && (!plan.rightBound() || isNode(batch, row, plan.right(), right))
        && (plan.left() != plan.right() || left == right);
  }

  private void begin(long relationship, boolean fromSource) {
    left =
        fromSource ? Cell.relationshipSource(relationship) : Cell.relationshipTarget(relationship);
    right = left;
  }

  /// Goes on over a relationship; false if it does not lead on in the direction that is asked for.
  private boolean step(long relationship) {
    if (!hasType(relationship)) {
      return false;
    }
    long source = Cell.relationshipSource(relationship);
    long target = Cell.relationshipTarget(relationship);
    if (right == source && plan.direction() != Direction.INCOMING) {
      right = target;
      return true;
    }
    if (right == target && plan.direction() != Direction.OUTGOING) {
      right = source;
      return true;
    }
    return false;
  }

  private boolean hasType(long relationship) {
    return plan.types().isEmpty()
        || plan.types()
            .contains(reading.catalog().types().get(Cell.relationshipType(relationship)));
  }

  private static boolean isNode(Batch batch, int row, int slot, long node) {
    return Cell.tag(batch.head(slot, row)) == Cell.NODE && batch.body(slot, row) == node;
  }

  private void put(Batch into, int to, int slot, long node) {
    into.put(slot, to, Cell.head(Cell.NODE, reading.generation(node)), node);
  }
}
