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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Creates nodes and relationships for each row. It takes all rows of its input before it writes
/// the first, so no clause sees its own writes (rule S1).
final class Create extends Operator {
  private final Operator input;
  private final LogicalPlan.Create plan;
  private final RowBuffer rows;
  private final RowBuffer created;
  private final Batch output;
  private final Map<Bound, Evaluator> properties = new HashMap<>();
  private boolean written;
  private long row;

  /// @param carried slots of the input that are needed, here or later
  Create(
      Execution execution, Operator input, LogicalPlan.Create plan, int[] carried, int slotCount) {
    super(execution);
    this.input = input;
    this.plan = plan;
    this.rows = new RowBuffer(execution.newScratch(), carried);
    this.created = new RowBuffer(execution.newScratch(), withCreated(plan, carried));
    this.output = new Batch(slotCount, execution.newScratch(), Batch.CAPACITY);
    for (LogicalPlan.NewNode node : plan.nodes()) {
      prepare(node.properties());
    }
    for (LogicalPlan.NewRelationship relationship : plan.relationships()) {
      prepare(relationship.properties());
    }
  }

  private static int[] withCreated(LogicalPlan.Create plan, int[] carried) {
    IntStream nodes = plan.nodes().stream().mapToInt(LogicalPlan.NewNode::slot);
    IntStream relationships =
        plan.relationships().stream().mapToInt(LogicalPlan.NewRelationship::slot);
    return IntStream.concat(IntStream.of(carried), IntStream.concat(nodes, relationships))
        .toArray();
  }

  private void prepare(@Nullable Bound bound) {
    if (bound != null) {
      properties.put(bound, compile(bound));
    }
  }

  @Override
  void open() {
    input.open();
    rows.clear();
    created.clear();
    written = false;
  }

  @Override
  @Nullable Batch next() {
    if (!written) {
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        execution.check();
        for (int i = 0; i < batch.size(); i++) {
          rows.add(batch, i);
        }
      }
      writeAll();
      written = true;
      row = created.first();
    }
    execution.check();
    int size = 0;
    while (row != 0 && size < output.capacity()) {
      created.restore(row, output, size);
      row = created.next(row);
      size++;
    }
    output.size(size);
    return size == 0 ? null : output;
  }

  private void writeAll() {
    for (long drained = rows.first(); drained != 0; drained = rows.next(drained)) {
      execution.check();
      values.reset();
      rows.restore(drained, output, 0);
      create(0);
      created.add(output, 0);
    }
    rows.clear();
  }

  private void create(int at) {
    GraphTransaction writer = execution.writer();
    for (LogicalPlan.NewNode node : plan.nodes()) {
      Map<String, Object> map = evaluate(node.properties(), at);
      Node created = writer.createNode(new HashSet<>(node.labels()), map);
      execution.counters().addNode(node.labels().size(), map.size());
      long head = Cell.head(Cell.NODE, writer.handles().generation(created));
      output.put(node.slot(), at, head, writer.handles().id(created));
    }
    for (LogicalPlan.NewRelationship relationship : plan.relationships()) {
      Map<String, Object> map = evaluate(relationship.properties(), at);
      Relationship created =
          writer.createRelationship(
              node(relationship.start(), at),
              relationship.type(),
              node(relationship.end(), at),
              map);
      execution.counters().addRelationship(map.size());
      Border.putRelationship(
          writer.handles().identity(created), output.cell(relationship.slot(), at), values, writer);
    }
  }

  private Node node(int slot, int at) {
    long head = output.head(slot, at);
    if (Cell.tag(head) != Cell.NODE) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_VALUE,
          "a relationship cannot be created at "
              + Cell.name(Cell.tag(head))
              + "; both ends must be nodes",
          null,
          "filter rows without the node, with WHERE n IS NOT NULL");
    }
    return execution.writer().handles().node(output.body(slot, at), Cell.size(head));
  }

  /// Properties as Java values, nulls left out.
  private Map<String, Object> evaluate(@Nullable Bound bound, int at) {
    Map<String, Object> result = new HashMap<>();
    if (bound == null) {
      return result;
    }
    Evaluator evaluator = java.util.Objects.requireNonNull(properties.get(bound));
    evaluator.evaluate(output, at);
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
    map.forEach(
        (key, value) -> {
          if (value != null) {
            result.put((String) key, value);
          }
        });
    return result;
  }
}
