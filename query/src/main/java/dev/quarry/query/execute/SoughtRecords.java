package dev.quarry.query.execute;

import dev.quarry.error.EvaluationException;
import dev.quarry.error.ProcedureException;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.Lookup;
import dev.quarry.graph.transaction.IndexSeek;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.graph.transaction.RowScan;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.Seek;
import dev.quarry.query.plan.Sought;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The records that a look-up gives for a row: from the index, or if that cannot be, from a scan of
/// all that have the label or the type.
///
/// The index is looked up by what it is over when a row begins (rule S9). It is passed over where
/// it is gone, or where a value cannot be computed: then the error comes from the test of the first
/// record, and only if there is one, as without an index. What is given has to be tested after a
/// scan, and after a look-up between lists. Used by one thread at a time.
final class SoughtRecords {
  private static final int FIRST_RECORDS = 4;
  private static final int GROWTH = 8;
  private static final @Nullable Evaluator[] NONE = {};

  private final Execution execution;
  private final Reading reading;
  private final Seek plan;
  private final boolean ofRelationships;
  private final boolean single;
  private final Scratch ofRow;
  private final @Nullable Evaluator[] values;
  private @Nullable Evaluator[] uppers = NONE; // of ranges
  private long[] records;
  private @Nullable Catalog catalog;
  private @Nullable IndexDefinition index;
  private @Nullable IndexSeek seek;
  private @Nullable NodeScan nodes;
  private @Nullable RowScan rows;
  private boolean rechecks;
  private int count;
  private int at;
  private int listAt;
  private long list;
  private int elements;
  private int element;
  private @Nullable GroupTable met;

  /// @param operator whose evaluators are used
  SoughtRecords(Operator operator, Seek plan, boolean ofRelationships) {
    this.execution = operator.execution;
    this.reading = execution.reading();
    this.plan = plan;
    this.ofRelationships = ofRelationships;
    this.ofRow = execution.newScratch();
    this.records = new long[Math.min(FIRST_RECORDS, execution.batchRows())];
    this.values = new Evaluator[plan.sought().size()];
    this.single = values.length == 1 && plan.sought().getFirst() instanceof Sought.Equal;
    for (int i = 0; i < values.length; i++) {
      switch (plan.sought().get(i)) {
        case Sought.Equal one -> values[i] = operator.compile(one.value(), ofRow);
        case Sought.OneOf one -> values[i] = operator.compile(one.list(), ofRow);
        case Sought.Prefix one -> values[i] = operator.compile(one.text(), ofRow);
        case Sought.Range one -> {
          uppers = uppers == NONE ? new Evaluator[values.length] : uppers;
          values[i] = optional(operator, one.from());
          uppers[i] = optional(operator, one.to());
        }
      }
    }
    execution.endWith(this::close);
  }

  private @Nullable Evaluator optional(Operator operator, @Nullable Bound bound) {
    return bound == null ? null : operator.compile(bound, ofRow);
  }

  /// Begins with a row; false if nothing can be found for it.
  boolean begin(Batch batch, int row) {
    close();
    ofRow.reset();
    rechecks = false;
    findIndex();
    if (index == null) {
      return scan();
    }
    try {
      evaluate(batch, row, values);
      evaluate(batch, row, uppers);
    } catch (EvaluationException | ProcedureException e) {
      return scan();
    }
    return beginLists();
  }

  private static void evaluate(Batch batch, int row, @Nullable Evaluator[] evaluators) {
    for (Evaluator evaluator : evaluators) {
      if (evaluator != null) {
        evaluator.evaluate(batch, row);
      }
    }
  }

  private void findIndex() {
    Catalog now = reading.catalog();
    if (now != catalog) {
      catalog = now;
      index = now.index(ofRelationships, plan.labelOrType(), plan.keys());
    }
  }

  /// Ends what is going on.
  void close() {
    IndexSeek open = seek;
    if (open != null) {
      open.close();
    }
    seek = null;
    nodes = null;
    rows = null;
    count = 0;
    at = 0;
    elements = 0;
    element = 0;
  }

  /// Goes to the next record; false if there is none.
  boolean advance() {
    while (at == count) {
      at = 0;
      makeRoom();
      count = fill();
      if (count == 0 && !nextElement()) {
        return false;
      }
    }
    at++;
    return true;
  }

  /// The id of the node, or the edge slot.
  long record() {
    return records[at - 1];
  }

  /// Whether the conditions have to be tested.
  boolean rechecks() {
    return rechecks;
  }

  /// Makes more room once it was filled: most look-ups find few.
  private void makeRoom() {
    if (count == records.length && count < execution.batchRows()) {
      records = new long[Math.min(GROWTH * records.length, execution.batchRows())];
    }
  }

  private int fill() {
    execution.check();
    IndexSeek fromIndex = seek;
    if (fromIndex != null) {
      return fromIndex.fill(records, records.length);
    }
    NodeScan fromNodes = nodes;
    if (fromNodes != null) {
      return fromNodes.fill(records, records.length);
    }
    RowScan fromRows = rows;
    return fromRows == null ? 0 : fromRows.fill(records, records.length);
  }

  // Without the index.

  private boolean scan() {
    rechecks = true;
    Catalog now = reading.catalog();
    if (!ofRelationships) {
      nodes = reading.scan(now.label(plan.labelOrType()));
      return true;
    }
    int type = now.type(plan.labelOrType());
    rows = type < 0 ? null : reading.scanRows(type);
    return type >= 0;
  }

  // With the index: one look-up, or one for each element of a list that differs from those before.

  private boolean beginLists() {
    Evaluator only = single ? values[0] : null;
    if (only != null && Cell.tag(only.head()) == Cell.INTEGER) { // as most look-ups ask
      seek = reading.seek(Objects.requireNonNull(index), Lookup.equal(only.body()));
      return true;
    }
    listAt = -1;
    for (int i = 0; i < values.length; i++) {
      if (plan.sought().get(i) instanceof Sought.OneOf) {
        Evaluator value = Objects.requireNonNull(values[i]);
        switch (Cell.tag(value.head())) {
          case Cell.NULL -> {
            return false;
          }
          case Cell.LIST -> {
            listAt = i;
            list = value.body();
            elements = Cell.size(value.head());
          }
          default -> {
            return scan();
          }
        }
      }
    }
    if (listAt < 0) {
      return open(0);
    }
    met = elements > 1 ? new GroupTable(ofRow, 1, 8) : null;
    return nextElement();
  }

  /// Opens the look-up of the next element for which there can be records.
  private boolean nextElement() {
    while (element < elements) {
      long cell = list + (long) element++ * Cell.BYTES;
      if ((element & 0xFF) == 0) {
        execution.check();
      }
      if (isNew(cell) && open(cell)) {
        return true;
      }
    }
    return false;
  }

  private boolean isNew(long cell) {
    GroupTable table = met;
    if (table == null) {
      return true;
    }
    table.find(cell);
    return table.added();
  }

  /// Opens a look-up; false if it can find nothing.
  ///
  /// @param cell the element of the list that is asked for, if there is a list
  private boolean open(long cell) {
    List<Object> equal = new ArrayList<>(values.length);
    Lookup lookup = null;
    for (int i = 0; i < values.length; i++) {
      switch (plan.sought().get(i)) {
        case Sought.Equal one -> {
          Evaluator value = Objects.requireNonNull(values[i]);
          Object wanted = storable(value.head(), value.body());
          if (wanted == null) {
            return false;
          }
          equal.add(wanted);
        }
        case Sought.OneOf one -> {
          Object wanted = storable(Cell.head(cell), Cell.body(cell));
          if (wanted == null) {
            return false;
          }
          equal.add(wanted);
        }
        case Sought.Prefix one -> {
          Evaluator text = Objects.requireNonNull(values[i]);
          if (Cell.tag(text.head()) != Cell.STRING) {
            return false;
          }
          lookup = Lookup.equal(equal).andPrefix(Border.text(text.head(), text.body()));
        }
        case Sought.Range range -> {
          lookup = range(equal, range, values[i], uppers[i]);
          if (lookup == null) {
            return false;
          }
        }
      }
    }
    IndexDefinition current = Objects.requireNonNull(index);
    seek = reading.seek(current, lookup == null ? Lookup.equal(equal) : lookup);
    return true;
  }

  /// The look-up of a range; null if nothing lies in it. Between lists, all that is equal in the
  /// keys before is given, to be tested.
  private @Nullable Lookup range(
      List<Object> equal,
      Sought.Range range,
      @Nullable Evaluator lower,
      @Nullable Evaluator upper) {
    if (isList(lower) || isList(upper)) {
      rechecks = true;
      return isVain(lower) || isVain(upper) ? null : Lookup.equal(equal);
    }
    Object from = lower == null ? null : storable(lower.head(), lower.body());
    Object to = upper == null ? null : storable(upper.head(), upper.body());
    if (lower != null && from == null || upper != null && to == null) {
      return null;
    }
    return Lookup.equal(equal).andRange(from, range.fromIncluded(), to, range.toIncluded());
  }

  private static boolean isList(@Nullable Evaluator bound) {
    return bound != null && Cell.tag(bound.head()) == Cell.LIST;
  }

  /// Whether a bound compares with no list.
  private static boolean isVain(@Nullable Evaluator bound) {
    return bound != null && Cell.tag(bound.head()) != Cell.LIST;
  }

  /// A value as it may be stored; null for what nothing that is stored can equal.
  private @Nullable Object storable(long head, long body) {
    return isStorable(head, body) ? Border.get(head, body, reading) : null;
  }

  private static boolean isStorable(long head, long body) {
    int tag = Cell.tag(head);
    if (tag != Cell.LIST) {
      return isScalar(tag);
    }
    for (long i = 0; i < Cell.size(head); i++) {
      if (!isScalar(Cell.tag(Memory.getLong(body + i * Cell.BYTES)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isScalar(int tag) {
    return tag >= Cell.BOOLEAN && tag <= Cell.POINT;
  }
}
