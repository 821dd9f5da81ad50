package dev.quarry.query.evaluate;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.CellSink;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists and maps: literals, subscripts, comprehensions, quantifiers, projections.
final class CollectionEvaluators {
  private CollectionEvaluators() {}

  static final class ListOf extends Evaluator {
    private final Evaluator[] elements;
    private final Scratch values;

    ListOf(Evaluator[] elements, Scratch values) {
      this.elements = elements;
      this.values = values;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      long cells = values.allocate((long) elements.length * Cell.BYTES);
      for (int i = 0; i < elements.length; i++) {
        elements[i].evaluate(batch, row);
        Cell.put(cells + (long) i * Cell.BYTES, elements[i].head, elements[i].body);
      }
      set(Cell.listHead(cells, elements.length), cells);
    }
  }

  static final class MapOf extends Evaluator {
    private final Evaluator[] keys;
    private final Evaluator[] elements;
    private final Scratch values;

    MapOf(Evaluator[] keys, Evaluator[] elements, Scratch values) {
      this.keys = keys;
      this.elements = elements;
      this.values = values;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      long cells = values.allocate(2L * elements.length * Cell.BYTES);
      for (int i = 0; i < elements.length; i++) {
        elements[i].evaluate(batch, row);
        long at = cells + 2L * i * Cell.BYTES;
        Cell.put(at, keys[i].head, keys[i].body);
        Cell.put(at + Cell.BYTES, elements[i].head, elements[i].body);
      }
      set(Cell.mapHead(cells, elements.length), cells);
    }
  }

  static final class Index extends Evaluator {
    private final Evaluator of;
    private final Evaluator index;
    private final Reading reading;
    private final CellSink sink;
    private final Span span;

    Index(Evaluator of, Evaluator index, EvaluationContext context, Span span) {
      this.of = of;
      this.index = index;
      this.reading = context.reading();
      this.sink = new CellSink(context.values());
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      of.evaluate(batch, row);
      index.evaluate(batch, row);
      if (of.isNull() || index.isNull()) {
        setNull();
        return;
      }
      switch (of.tag()) {
        case Cell.LIST -> element();
        case Cell.MAP -> {
          requireString(ErrorCode.MAP_ELEMENT_ACCESS_BY_NON_STRING, "a map");
          long found = Relations.find(of.head, of.body, index.body, Cell.size(index.head));
          if (found == 0) {
            setNull();
          } else {
            setCell(found);
          }
        }
        case Cell.NODE, Cell.RELATIONSHIP -> {
          requireString(ErrorCode.PROPERTY_ACCESS_BY_NON_STRING, "a node or relationship");
          int token = reading.catalog().key(Border.text(index.head, index.body));
          Failures.requireExists(of, reading, span);
          EntityFunctions.property(of, token, reading, sink);
          set(sink.head(), sink.body());
        }
        default ->
            throw Failures.type(
                "`[…]` needs a list, a map, a node or a relationship", of.head, span);
      }
    }

    private void element() {
      if (index.tag() != Cell.INTEGER) {
        throw new EvaluationException(
            ErrorCode.LIST_ELEMENT_ACCESS_BY_NON_INTEGER,
            "a list has integer indexes, not " + Cell.name(index.tag()),
            span,
            null);
      }
      long size = Cell.size(of.head);
      long i = index.body < 0 ? index.body + size : index.body;
      if (i < 0 || i >= size) {
        setNull();
      } else {
        setCell(of.body + i * Cell.BYTES);
      }
    }

    private void requireString(ErrorCode code, String what) {
      if (index.tag() != Cell.STRING) {
        throw new EvaluationException(
            code,
            "the keys of " + what + " are strings, not " + Cell.name(index.tag()),
            span,
            null);
      }
    }
  }

  static final class Slice extends Evaluator {
    private final Evaluator of;
    private final @Nullable Evaluator from;
    private final @Nullable Evaluator to;
    private final Span span;

    Slice(Evaluator of, @Nullable Evaluator from, @Nullable Evaluator to, Span span) {
      this.of = of;
      this.from = from;
      this.to = to;
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      of.evaluate(batch, row);
      if (of.isNull()) {
        setNull();
        return;
      }
      if (of.tag() != Cell.LIST) {
        throw Failures.type("a slice needs a list", of.head, span);
      }
      long size = Cell.size(of.head);
      long first = bound(from, batch, row, 0, size);
      long end = bound(to, batch, row, size, size);
      if (first < 0 || end < 0) {
        setNull();
        return;
      }
      long count = Math.max(0, end - first);
      long cells = of.body + (count == 0 ? 0 : first * Cell.BYTES);
      set(Cell.partHead(of.head, cells, count), cells);
    }

    /// -1 for null.
    private long bound(
        @Nullable Evaluator evaluator, Batch batch, int row, long otherwise, long size) {
      if (evaluator == null) {
        return otherwise;
      }
      evaluator.evaluate(batch, row);
      if (evaluator.isNull()) {
        return -1;
      }
      if (evaluator.tag() != Cell.INTEGER) {
        throw Failures.type("the bounds of a slice are integers", evaluator.head, span);
      }
      long value = evaluator.body < 0 ? evaluator.body + size : evaluator.body;
      return Math.clamp(value, 0, size);
    }
  }

  static final class Comprehension extends Evaluator {
    /// Cells of the result, where a condition chooses among elements that take no memory: how many
    /// it will have is not known.
    private static final int FIRST_ROOM = 64;

    private final BasicEvaluators.Local variable;
    private final Elements list;
    private final @Nullable Evaluator where;
    private final @Nullable Evaluator projection;
    private final Scratch values;
    private final Pace pace;
    private final Span span;

    Comprehension(
        BasicEvaluators.Local variable,
        Evaluator list,
        @Nullable Evaluator where,
        @Nullable Evaluator projection,
        EvaluationContext context,
        Span span) {
      this.variable = variable;
      this.list = new Elements(list);
      this.where = where;
      this.projection = projection;
      this.values = context.values();
      this.pace = context.pace();
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      list.evaluate(batch, row);
      if (list.isNull()) {
        setNull();
        return;
      }
      requireList(list, span);
      int size = list.size();
      long room = where != null && list.areComputed() ? Math.min(size, FIRST_ROOM) : size;
      long cells = values.allocate(room * Cell.BYTES);
      long count = 0;
      for (long i = 0; i < size; i++) {
        pace.step();
        variable.set(list.head(i), list.body(i));
        if (where != null) {
          long mark = values.mark();
          where.evaluate(batch, row);
          values.release(mark);
          if (!where.isTrue()) {
            continue;
          }
        }
        Evaluator result = variable;
        if (projection != null) {
          projection.evaluate(batch, row);
          result = projection;
        }
        if (count == room) {
          room = Math.min(size, 2 * room);
          cells = copied(cells, count, room);
        }
        Cell.put(cells + count++ * Cell.BYTES, result.head, result.body);
      }
      set(Cell.listHead(cells, count), cells);
    }

    private long copied(long cells, long count, long room) {
      long copy = values.allocate(room * Cell.BYTES);
      Memory.copy(cells, copy, count * Cell.BYTES);
      return copy;
    }
  }

  /// What the condition makes for one element is gone before the next one.
  static final class Quantifier extends Evaluator {
    private final Expression.Quantifier.Kind kind;
    private final BasicEvaluators.Local variable;
    private final Elements list;
    private final Evaluator where;
    private final Scratch values;
    private final Pace pace;
    private final Span span;

    Quantifier(
        Expression.Quantifier.Kind kind,
        BasicEvaluators.Local variable,
        Evaluator list,
        Evaluator where,
        EvaluationContext context,
        Span span) {
      this.kind = kind;
      this.variable = variable;
      this.list = new Elements(list);
      this.where = where;
      this.values = context.values();
      this.pace = context.pace();
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      list.evaluate(batch, row);
      if (list.isNull()) {
        setNull();
        return;
      }
      requireList(list, span);
      int size = list.size();
      int yes = 0;
      int unknown = 0;
      for (long i = 0; i < size; i++) {
        pace.step();
        variable.set(list.head(i), list.body(i));
        long mark = values.mark();
        where.evaluate(batch, row);
        values.release(mark);
        yes += where.isTrue() ? 1 : 0;
        unknown += where.isNull() ? 1 : 0;
      }
      int no = size - yes - unknown;
      int maybe = unknown > 0 ? Relations.UNKNOWN : 0;
      setTernary(
          switch (kind) {
            case ALL -> no > 0 ? 0 : unknown > 0 ? Relations.UNKNOWN : 1;
            case ANY -> yes > 0 ? 1 : maybe;
            case NONE -> yes > 0 ? 0 : unknown > 0 ? Relations.UNKNOWN : 1;
            case SINGLE -> yes > 1 ? 0 : unknown > 0 ? Relations.UNKNOWN : yes;
          });
    }
  }

  static final class Reduce extends Evaluator {
    private final BasicEvaluators.Local accumulator;
    private final Evaluator start;
    private final BasicEvaluators.Local variable;
    private final Elements list;
    private final Evaluator step;
    private final Scratch values;
    private final Pace pace;
    private final Span span;

    Reduce(
        BasicEvaluators.Local accumulator,
        Evaluator start,
        BasicEvaluators.Local variable,
        Evaluator list,
        Evaluator step,
        EvaluationContext context,
        Span span) {
      this.accumulator = accumulator;
      this.start = start;
      this.variable = variable;
      this.list = new Elements(list);
      this.step = step;
      this.values = context.values();
      this.pace = context.pace();
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      start.evaluate(batch, row);
      list.evaluate(batch, row);
      if (list.isNull()) {
        setNull();
        return;
      }
      requireList(list, span);
      accumulator.setFrom(start);
      int size = list.size();
      for (long i = 0; i < size; i++) {
        pace.step();
        variable.set(list.head(i), list.body(i));
        long mark = values.mark();
        step.evaluate(batch, row);
        accumulator.setFrom(step);
        if (accumulator.tag() <= Cell.FLOAT) { // it points to nothing that the step has made
          values.release(mark);
        }
      }
      setFrom(accumulator);
    }
  }

  /// `n {.name, .*, total: 3}`
  static final class MapProjection extends Evaluator {
    private final Evaluator of;
    private final List<Expression.MapProjection.Item> items;
    private final @Nullable Evaluator[] elements;
    private final Reading reading;
    private final Scratch values;
    private final Span span;

    MapProjection(
        Evaluator of,
        List<Expression.MapProjection.Item> items,
        @Nullable Evaluator[] elements,
        EvaluationContext context,
        Span span) {
      this.of = of;
      this.items = items;
      this.elements = elements;
      this.reading = context.reading();
      this.values = context.values();
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      of.evaluate(batch, row);
      if (of.isNull()) {
        setNull();
        return;
      }
      Failures.requireExists(of, reading, span);
      int most = items.size();
      for (Expression.MapProjection.Item item : items) {
        most += item.key() == null ? EntityFunctions.propertyCount(of, reading) : 0;
      }
      long cells = values.allocate(2L * most * Cell.BYTES);
      long count = 0;
      for (int i = 0; i < items.size(); i++) {
        String key = items.get(i).key();
        if (key == null) {
          count +=
              EntityFunctions.putProperties(of, reading, values, cells + count * 2 * Cell.BYTES);
          continue;
        }
        long at = cells + count++ * 2 * Cell.BYTES;
        Border.put(key, at, values);
        Evaluator element = java.util.Objects.requireNonNull(elements[i]);
        element.evaluate(batch, row);
        Cell.put(at + Cell.BYTES, element.head, element.body);
      }
      set(Cell.mapHead(cells, count), cells);
    }
  }

  private static void requireList(Elements list, Span span) {
    if (!list.isList()) {
      throw Failures.type("a list is needed", list.head(), span);
    }
  }
}
