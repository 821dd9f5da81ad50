package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Constants, slots and labels.
final class BasicEvaluators {
  private BasicEvaluators() {}

  /// A value that is known before the first row.
  static final class Constant extends Evaluator {
    private final Scratch scratch;
    private @Nullable Vector copies; // made when many rows are asked for at once
    private int count;

    Constant(long head, long body, Scratch scratch) {
      set(head, body);
      this.scratch = scratch;
    }

    @Override
    public void evaluate(Batch batch, int row) {}

    @Override
    Vector vector(Batch batch) {
      Vector vector = copies == null ? new Vector(scratch) : copies;
      copies = vector;
      if (count < batch.size()) {
        count = 0;
        vector.begin(batch.capacity());
        for (int row = 0; row < batch.capacity(); row++) {
          vector.put(row, head, body);
        }
        count = batch.capacity();
      }
      return vector;
    }
  }

  /// A column.
  static final class Slot extends Evaluator {
    private final int slot;

    Slot(int slot) {
      this.slot = slot;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      set(batch.head(slot, row), batch.body(slot, row));
    }

    @Override
    Vector vector(Batch batch) {
      return batch.vector(slot);
    }
  }

  /// A variable of a comprehension: whoever introduces it sets it.
  static final class Local extends Evaluator {
    @Override
    public void evaluate(Batch batch, int row) {}
  }

  /// Whether a node has labels, or a relationship a type.
  static final class HasLabels extends Evaluator {
    private final Evaluator of;
    private final LabelExpression labels;
    private final Reading reading;
    private final Span span;
    private final Vector truths;

    HasLabels(Evaluator of, LabelExpression labels, EvaluationContext context, Span span) {
      this.of = of;
      this.labels = labels;
      this.reading = context.reading();
      this.span = span;
      this.truths = new Vector(context.constants());
    }

    @Override
    public void evaluate(Batch batch, int row) {
      of.evaluate(batch, row);
      switch (of.tag()) {
        case Cell.NULL -> setNull();
        case Cell.NODE -> {
          Failures.requireExists(of, reading, span);
          setBoolean(node(labels, of.body));
        }
        case Cell.RELATIONSHIP ->
            setBoolean(type(labels, reading.catalog().types().get(Cell.relationshipType(of.body))));
        default -> throw Failures.type("only nodes and relationships have labels", of.head, span);
      }
    }

    @Override
    @Nullable Vector vector(Batch batch) {
      Vector nodes = of.evaluateAll(batch);
      if (nodes == null || nodes.tag() != Cell.NODE || reading.mayHaveDeleted()) {
        return null;
      }
      int rows = batch.size();
      truths.begin(rows, Cell.BOOLEAN);
      for (int from = 0; from < rows; ) {
        int to = ArenaRuns.end(nodes, from, rows);
        if (nodes.isNull(from)) {
          for (int row = from; row < to; row++) {
            truths.putNull(row);
          }
        } else {
          testAll(nodes, from, to);
        }
        from = to;
      }
      return truths;
    }

    /// Tests nodes of one arena: all of a pure one have the same labels.
    private void testAll(Vector nodes, int from, int to) {
      boolean pure = reading.catalog().isPure(Ids.arena(nodes.body(from)));
      long bodies = truths.bodies();
      boolean has = node(labels, nodes.body(from));
      for (int row = from; row < to; row++) {
        has = pure ? has : node(labels, nodes.body(row));
        Memory.putLong(bodies + row * 8L, has ? 1 : 0);
      }
    }

    private boolean node(LabelExpression expression, long node) {
      return switch (expression) {
        case LabelExpression.Name name ->
            reading.hasLabel(node, reading.catalog().label(name.name()));
        case LabelExpression.And and -> and.terms().stream().allMatch(term -> node(term, node));
        case LabelExpression.Or or -> or.terms().stream().anyMatch(term -> node(term, node));
        case LabelExpression.Not not -> !node(not.operand(), node);
        case LabelExpression.Any any -> {
          for (int label = 0; label < reading.catalog().labels().size(); label++) {
            if (reading.hasLabel(node, label)) {
              yield true;
            }
          }
          yield false;
        }
      };
    }

    private static boolean type(LabelExpression expression, String type) {
      return switch (expression) {
        case LabelExpression.Name name -> name.name().equals(type);
        case LabelExpression.And and -> and.terms().stream().allMatch(term -> type(term, type));
        case LabelExpression.Or or -> or.terms().stream().anyMatch(term -> type(term, type));
        case LabelExpression.Not not -> !type(not.operand(), type);
        case LabelExpression.Any any -> true;
      };
    }
  }

  /// Writes a Java string as a string value.
  static void setText(Evaluator target, String text, Scratch scratch) {
    byte[] bytes = ValueCodec.utf8(text);
    long copy = scratch.allocate(bytes.length);
    Memory.putBytes(bytes, 0, copy, bytes.length);
    target.set(Cell.head(Cell.STRING, bytes.length), copy);
  }
}
