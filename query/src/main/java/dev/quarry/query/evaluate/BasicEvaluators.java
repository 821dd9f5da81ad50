package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.CellSink;
import dev.quarry.query.value.Relations;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Constants, slots, properties and labels.
final class BasicEvaluators {
  private BasicEvaluators() {}

  /// A value that is known before the first row.
  static final class Constant extends Evaluator {
    Constant(long head, long body) {
      set(head, body);
    }

    @Override
    public void evaluate(Batch batch, int row) {}
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
  }

  /// A variable of a comprehension: whoever introduces it sets it.
  static final class Local extends Evaluator {
    @Override
    public void evaluate(Batch batch, int row) {}
  }

  /// A property of a node, a relationship or a map.
  static final class Property extends Evaluator {
    private final Evaluator of;
    private final String key;
    private final EvaluationContext context;
    private final Reading reading;
    private final CellSink sink;
    private final long keyBytes;
    private final int keyLength;
    private final Span span;
    private @Nullable Catalog catalog;
    private int token;

    Property(Evaluator of, String key, EvaluationContext context, Span span) {
      this.of = of;
      this.key = key;
      this.context = context;
      this.reading = context.reading();
      this.sink = new CellSink(context.values());
      byte[] bytes = ValueCodec.utf8(key);
      this.keyLength = bytes.length;
      this.keyBytes = context.constants().allocate(keyLength);
      Memory.putBytes(bytes, 0, keyBytes, keyLength);
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      of.evaluate(batch, row);
      switch (of.tag()) {
        case Cell.NULL -> setNull();
        case Cell.NODE, Cell.RELATIONSHIP -> {
          Failures.requireExists(of, reading, span);
          EntityFunctions.property(of, token(), reading, sink);
          set(sink.head(), sink.body());
        }
        case Cell.MAP -> {
          long found = Relations.find(of.head, of.body, keyBytes, keyLength);
          if (found == 0) {
            setNull();
          } else {
            setCell(found);
          }
        }
        case Cell.POINT -> PointFunctions.read(of, key, context, span, this);
        case Cell.DATE,
            Cell.LOCAL_TIME,
            Cell.TIME,
            Cell.LOCAL_DATETIME,
            Cell.DATETIME,
            Cell.DURATION ->
            TemporalFunctions.field(of, key, context, span, this);
        default ->
            throw Failures.type(
                "only nodes, relationships, maps, points and temporal values have `." + key + "`",
                of.head,
                span);
      }
    }

    private int token() {
      Catalog now = reading.catalog();
      if (now != catalog) {
        catalog = now;
        token = now.key(key);
      }
      return token;
    }
  }

  /// Whether a node has labels, or a relationship a type.
  static final class HasLabels extends Evaluator {
    private final Evaluator of;
    private final LabelExpression labels;
    private final Reading reading;
    private final Span span;

    HasLabels(Evaluator of, LabelExpression labels, Reading reading, Span span) {
      this.of = of;
      this.labels = labels;
      this.reading = reading;
      this.span = span;
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

    private boolean node(LabelExpression expression, long node) {
      return switch (expression) {
        case LabelExpression.Name name -> {
          int token = reading.catalog().label(name.name());
          yield token >= 0 && reading.hasLabel(node, token);
        }
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
