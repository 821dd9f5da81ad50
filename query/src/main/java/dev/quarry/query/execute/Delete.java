package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;

/// Deletes the entities of all rows together: first all targets are computed, then relationships
/// go, then nodes; so their order does not matter (rule S6).
final class Delete extends Updating {
  private final LogicalPlan.Delete plan;
  private final Evaluator[] targets;
  private final RowBuffer found;
  private final Batch one;

  Delete(
      Execution execution,
      Operator input,
      LogicalPlan.Delete plan,
      int[] carried,
      int[] handedOn,
      int slotCount) {
    super(execution, input, carried, handedOn, slotCount, false);
    this.plan = plan;
    this.targets = compile(plan.targets());
    this.found = execution.newRowBuffer(new int[] {0});
    this.one = execution.newBatch(1, 1);
  }

  @Override
  void begin(long count) {
    found.clear();
  }

  @Override
  void update() {
    for (int i = 0; i < targets.length; i++) {
      targets[i].evaluate(work, 0);
      collect(targets[i].head(), targets[i].body(), plan.targets().get(i).expression().span());
    }
    handOn();
  }

  private void collect(long head, long body, dev.quarry.error.Span span) {
    switch (Cell.tag(head)) {
      case Cell.NULL -> {}
      case Cell.NODE, Cell.RELATIONSHIP -> {
        one.put(0, 0, head, body);
        found.add(one, 0);
      }
      case Cell.PATH -> {
        for (long i = 0; i < Cell.size(head); i++) {
          execution.pace().step();
          long cell = body + i * Cell.BYTES;
          collect(Cell.head(cell), Cell.body(cell), span);
        }
      }
      default ->
          throw new EvaluationException(
              ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
              "only nodes, relationships and paths can be deleted, not "
                  + Cell.name(Cell.tag(head)),
              span,
              null);
    }
  }

  @Override
  void finish() {
    found.rewind();
    while (found.read(one)) {
      if (Cell.tag(one.head(0, 0)) == Cell.RELATIONSHIP) {
        execution.check();
        relationship(one.body(0, 0));
      }
    }
    found.rewind();
    while (found.read(one)) {
      if (Cell.tag(one.head(0, 0)) == Cell.NODE) {
        execution.check();
        node(one.head(0, 0), one.body(0, 0));
      }
    }
    found.clear();
  }

  private void relationship(long record) {
    GraphTransaction writer = execution.writer();
    Relationship relationship = Border.handle(record, writer);
    if (writer.exists(relationship)) {
      writer.delete(relationship);
      execution.counters().addDeletedRelationships(1);
    }
  }

  private void node(long head, long body) {
    GraphTransaction writer = execution.writer();
    boolean exists = writer.exists(body, Cell.size(head));
    if (!exists && !plan.detach()) {
      return;
    }
    Node node = writer.handles().node(body, Cell.size(head));
    if (plan.detach()) {
      long deleted = writer.detach(node, execution.pace()::step);
      execution.counters().addDeletedRelationships(deleted);
    } else {
      writer.deleteByEndOfStatement(node);
    }
    if (exists) {
      execution.counters().addDeletedNode();
    }
  }
}
