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
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Does the items of a SET or REMOVE for a row, from left to right, each seeing the one before
/// (rule S2).
final class Changer {
  private final Execution execution;
  private final List<LogicalPlan.Change> changes;
  private final Evaluator[] targets;
  private final @Nullable Evaluator[] values;
  private final List<@Nullable Nested> nested;

  /// @param operator whose evaluators are used
  /// @param nested for each change what computes the patterns and subqueries of its value
  Changer(Operator operator, List<LogicalPlan.Change> changes, List<@Nullable Nested> nested) {
    this.execution = operator.execution;
    this.changes = changes;
    this.nested = nested;
    this.targets = new Evaluator[changes.size()];
    this.values = new Evaluator[targets.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = operator.compile(changes.get(i).target());
      var value = changes.get(i).value();
      values[i] = value == null ? null : operator.compile(value);
    }
  }

  void change(Batch row) {
    for (int i = 0; i < targets.length; i++) {
      Evaluator target = targets[i];
      target.evaluate(row, 0);
      Evaluator value = values[i];
      if (value != null) {
        Nested computed = nested.get(i);
        value.evaluate(computed == null ? row : computed.ofRow(row), 0);
      }
      change(changes.get(i), target, value);
    }
  }

  private void change(LogicalPlan.Change change, Evaluator target, @Nullable Evaluator value) {
    switch (Cell.tag(target.head())) {
      case Cell.NULL -> {}
      case Cell.NODE -> {
        requireExists(target, change, "changed");
        Node node = execution.writer().handles().node(target.body(), Cell.size(target.head()));
        change(change, new OfNode(node), value);
      }
      case Cell.RELATIONSHIP -> {
        requireExists(target, change, "changed");
        change(
            change, new OfRelationship(Border.handle(target.body(), execution.reading())), value);
      }
      default ->
          throw new EvaluationException(
              ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
              "only nodes and relationships can be changed, not "
                  + Cell.name(Cell.tag(target.head())),
              change.target().expression().span(),
              null);
    }
  }

  private void requireExists(Evaluator entity, LogicalPlan.Change change, String participle) {
    if (!Cell.exists(entity.head(), entity.body(), execution.reading())) {
      throw new EvaluationException(
          ErrorCode.DELETED_ENTITY_ACCESS,
          "what this transaction deleted cannot be " + participle,
          change.target().expression().span(),
          null);
    }
  }

  private void change(LogicalPlan.Change change, Target target, @Nullable Evaluator value) {
    switch (change.kind()) {
      case PROPERTY -> {
        @Nullable Object property =
            value == null ? null : Border.get(value.head(), value.body(), execution.reading());
        set(target, java.util.Objects.requireNonNull(change.key()), property);
      }
      case REPLACE_ALL -> {
        Map<?, ?> map = map(change, value);
        for (String key : target.keys()) {
          if (map.get(key) == null) {
            set(target, key, null);
          }
        }
        map.forEach((key, property) -> set(target, (String) key, property));
      }
      case ADD_ALL ->
          map(change, value).forEach((key, property) -> set(target, (String) key, property));
      case ADD_LABELS, REMOVE_LABELS -> {
        boolean adds = change.kind() == LogicalPlan.Change.Kind.ADD_LABELS;
        change.labels().forEach(label -> label(change, target, label, adds));
      }
    }
  }

  private void set(Target target, String key, @Nullable Object value) {
    if (value != null || target.get(key) != null) {
      target.set(key, value);
      execution.counters().addProperties(1);
    }
  }

  private void label(LogicalPlan.Change change, Target target, String label, boolean adds) {
    if (!(target instanceof OfNode node)) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          "only nodes have labels that can change; a relationship keeps its type",
          change.target().expression().span(),
          null);
    }
    GraphTransaction writer = execution.writer();
    if (writer.labels(node.node).contains(label) == adds) {
      return;
    }
    if (adds) {
      writer.addLabel(node.node, label);
    } else {
      writer.removeLabel(node.node, label);
    }
    execution.counters().addLabels(adds);
  }

  private Map<?, ?> map(LogicalPlan.Change change, @Nullable Evaluator value) {
    assert value != null : change;
    return switch (Cell.tag(value.head())) {
      case Cell.NULL -> Map.of();
      case Cell.MAP ->
          java.util.Objects.requireNonNull(
              (Map<?, ?>) Border.get(value.head(), value.body(), execution.reading()));
      case Cell.NODE, Cell.RELATIONSHIP -> {
        requireExists(value, change, "copied");
        yield properties(value);
      }
      default ->
          throw new EvaluationException(
              ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
              "properties are given as a map, a node or a relationship, not as "
                  + Cell.name(Cell.tag(value.head())),
              change.target().expression().span(),
              null);
    };
  }

  private Map<?, ?> properties(Evaluator of) {
    GraphTransaction writer = execution.writer();
    return Cell.tag(of.head()) == Cell.NODE
        ? writer.copy(writer.handles().node(of.body(), Cell.size(of.head()))).properties()
        : writer.copy(Border.handle(of.body(), writer)).properties();
  }

  /// What is changed.
  private interface Target {
    Set<String> keys();

    @Nullable Object get(String key);

    void set(String key, @Nullable Object value);
  }

  private final class OfNode implements Target {
    private final Node node;

    OfNode(Node node) {
      this.node = node;
    }

    @Override
    public Set<String> keys() {
      return execution.writer().copy(node).properties().keySet();
    }

    @Override
    public @Nullable Object get(String key) {
      return execution.writer().property(node, key);
    }

    @Override
    public void set(String key, @Nullable Object value) {
      execution.writer().setProperty(node, key, value);
    }
  }

  private final class OfRelationship implements Target {
    private final Relationship relationship;

    OfRelationship(Relationship relationship) {
      this.relationship = relationship;
    }

    @Override
    public Set<String> keys() {
      return execution.writer().copy(relationship).properties().keySet();
    }

    @Override
    public @Nullable Object get(String key) {
      return execution.writer().property(relationship, key);
    }

    @Override
    public void set(String key, @Nullable Object value) {
      execution.writer().setProperty(relationship, key, value);
    }
  }
}
