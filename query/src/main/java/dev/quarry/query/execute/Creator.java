package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Creates the nodes and relationships of a pattern for a row.
final class Creator {
  private final Execution execution;
  private final List<LogicalPlan.NewRecord> records;
  private final boolean merges;
  private final Scratch values;
  private final Map<Bound, Evaluator> properties = new HashMap<>();
  private @Nullable RelationshipInserts inserts;

  /// @param operator whose evaluators are used
  /// @param merges whether a property that is null is an error (rule S3), else it is left out
  Creator(Operator operator, List<LogicalPlan.NewRecord> records, boolean merges) {
    this.execution = operator.execution;
    this.records = records;
    this.merges = merges;
    this.values = operator.values();
    records.forEach(created -> prepare(operator, created.properties()));
  }

  /// Lets relationships wait for each other.
  void together(RelationshipInserts relationships) {
    inserts = relationships;
  }

  /// Enters what waits.
  void finish() {
    if (inserts != null) {
      inserts.flush();
    }
  }

  private void prepare(Operator operator, @Nullable Bound bound) {
    if (bound != null) {
      properties.put(bound, operator.compile(bound));
    }
  }

  /// Creates all, and puts it into its slots of a row.
  void create(Batch row) {
    for (LogicalPlan.NewRecord created : records) {
      Map<String, Object> map = evaluate(created.properties(), row);
      switch (created) {
        case LogicalPlan.NewNode node -> create(node, map, row);
        case LogicalPlan.NewRelationship relationship -> create(relationship, map, row);
      }
    }
  }

  private void create(LogicalPlan.NewNode node, Map<String, Object> map, Batch row) {
    GraphTransaction writer = execution.writer();
    Node created = writer.createNode(new HashSet<>(node.labels()), map);
    execution.counters().addNode(new HashSet<>(node.labels()).size(), map.size());
    long head = Cell.head(Cell.NODE, writer.handles().generation(created));
    row.put(node.slot(), 0, head, writer.handles().id(created));
  }

  private void create(
      LogicalPlan.NewRelationship relationship, Map<String, Object> map, Batch row) {
    GraphTransaction writer = execution.writer();
    Node start = node(relationship.start(), row);
    Node end = node(relationship.end(), row);
    if (inserts != null) {
      inserts.add(
          relationship.type(), row.body(relationship.start(), 0), row.body(relationship.end(), 0));
      return;
    }
    Relationship created = writer.createRelationship(start, relationship.type(), end, map);
    execution.counters().addRelationship(map.size());
    long cell = values.allocate(Cell.BYTES);
    Border.putRelationship(writer.handles().identity(created), cell, values, writer);
    row.putCell(relationship.slot(), 0, cell);
  }

  private Node node(int slot, Batch row) {
    long head = row.head(slot, 0);
    if (Cell.tag(head) != Cell.NODE) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_VALUE,
          "a relationship cannot be created at "
              + Cell.name(Cell.tag(head))
              + "; both ends must be nodes",
          null,
          "filter rows without the node, with WHERE n IS NOT NULL");
    }
    long id = row.body(slot, 0);
    if (!execution.reading().exists(id, Cell.size(head))) {
      throw new EvaluationException(
          ErrorCode.DELETED_ENTITY_ACCESS,
          "a relationship cannot be created at a node that this transaction deleted",
          null,
          null);
    }
    return execution.writer().handles().node(id, Cell.size(head));
  }

  /// Properties as Java values, nulls left out.
  Map<String, Object> evaluate(@Nullable Bound bound, Batch row) {
    Map<String, Object> result = new HashMap<>();
    if (bound == null) {
      return result;
    }
    Evaluator evaluator = java.util.Objects.requireNonNull(properties.get(bound));
    evaluator.evaluate(row, 0);
    int tag = Cell.tag(evaluator.head());
    if (tag == Cell.NULL) {
      return result;
    }
    if (tag != Cell.MAP) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "properties are given as a map, not as " + Cell.name(tag),
          bound.expression().span(),
          null);
    }
    Map<?, ?> map = (Map<?, ?>) Border.get(evaluator.head(), evaluator.body(), execution.reading());
    assert map != null;
    map.forEach((key, value) -> keep(result, (String) key, value, bound));
    return result;
  }

  private void keep(Map<String, Object> result, String key, @Nullable Object value, Bound bound) {
    if (value != null) {
      result.put(key, value);
    } else if (merges) {
      throw new EvaluationException(
          ErrorCode.MERGE_READ_OWN_WRITES,
          "MERGE cannot look for null: `" + key + "` has no value",
          bound.expression().span(),
          "filter such rows before, with WHERE … IS NOT NULL");
    }
  }
}
