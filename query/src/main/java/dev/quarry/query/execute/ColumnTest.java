package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.graph.record.StringTest;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.ColumnCondition;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Selection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A condition on a column, ready to be tested: for a whole block where its cells are numbers or
/// strings, else row by row.
///
/// Of a block, first the records go that lack the property, as bits; then those whose number is in
/// none of the ranges where the condition is true, or for whose string it is not.
final class ColumnTest {
  /// A longer list is looked through row by row, as each element costs a pass over the block.
  private static final int MOST_ELEMENTS = 16;

  private final ColumnCondition condition;
  private final ChosenNodes.Property property;
  private final Evaluator predicate;
  private final List<long[]> ofIntegers = new ArrayList<>();
  private final List<long[]> ofFloats = new ArrayList<>();
  private final TextCondition ofTexts;
  private final StringTest texts;
  private final boolean byRows;
  private boolean fails;

  /// @param operator which is about to open: constants are computed now
  ColumnTest(Operator operator, ColumnCondition condition, ChosenNodes.Property property) {
    this.condition = condition;
    this.property = property;
    this.predicate = operator.compile(condition.predicate());
    boolean any = condition.test() instanceof ColumnCondition.OneOf;
    this.ofTexts = new TextCondition(operator.execution.newScratch(), any);
    this.texts = new StringTest(ofTexts);
    this.byRows =
        switch (condition.test()) {
          case ColumnCondition.Compares test -> {
            test.comparisons().forEach(one -> add(operator, one));
            yield false;
          }
          case ColumnCondition.OneOf test -> !addElements(operator, test.list());
          case ColumnCondition.IsNull test -> false;
        };
  }

  private void add(Operator operator, ColumnCondition.Comparison comparison) {
    Evaluator constant = constant(operator, comparison.constant());
    var of = comparison.operator();
    ofIntegers.add(NumberRanges.of(of, false, constant.head(), constant.body()));
    ofFloats.add(NumberRanges.of(of, true, constant.head(), constant.body()));
    ofTexts.add(of, constant.head(), constant.body());
  }

  /// Whether the list of an IN is short, and a list at all.
  private boolean addElements(Operator operator, Bound bound) {
    Evaluator list = constant(operator, bound);
    int tag = Cell.tag(list.head());
    fails = tag != Cell.LIST && tag != Cell.NULL;
    boolean fits = tag == Cell.LIST && Cell.size(list.head()) <= MOST_ELEMENTS;
    if (!fits && tag != Cell.NULL) {
      return false;
    }
    long[] integers = {};
    long[] floats = {};
    for (int i = 0; fits && i < Cell.size(list.head()); i++) {
      long head = Cell.head(list.body() + (long) i * Cell.BYTES);
      long body = Cell.body(list.body() + (long) i * Cell.BYTES);
      var equal = Expression.Comparison.Operator.EQUAL;
      integers = NumberRanges.join(integers, NumberRanges.of(equal, false, head, body));
      floats = NumberRanges.join(floats, NumberRanges.of(equal, true, head, body));
      ofTexts.add(equal, head, body);
    }
    ofIntegers.add(integers);
    ofFloats.add(floats);
    return true;
  }

  private static Evaluator constant(Operator operator, Bound bound) {
    Evaluator evaluator = operator.compile(bound);
    evaluator.evaluate(new Batch(0, operator.values(), 1), 0);
    return evaluator;
  }

  /// Whether it raises an error for every record.
  boolean fails() {
    return fails;
  }

  /// Whether cells and bits of the block tell for which of its records the condition is true.
  boolean isTold() {
    ColumnBlock column = property.column();
    boolean tells = column.tag() == null || column.isNumber() || column.isString();
    return !byRows && !column.isMixed() && (asksForNull() || tells);
  }

  private boolean asksForNull() {
    return condition.test() instanceof ColumnCondition.IsNull;
  }

  /// Clears the bits of records that are out because they lack the property, or have it.
  void clear(long[] bits) {
    ColumnBlock column = property.column();
    boolean forLacking = condition.test() instanceof ColumnCondition.IsNull test && !test.negated();
    if (!forLacking && !column.someLacking()) {
      return;
    }
    long turn = forLacking ? 0 : -1;
    for (int i = 0; i < bits.length; i++) {
      bits[i] &= column.lacking()[i] ^ turn;
    }
  }

  /// Keeps those of the chosen records whose number is in the ranges, or for whose string the
  /// condition is true. All of them have one.
  void keep(Selection selection) {
    ColumnBlock column = property.column();
    if (column.isString() && !asksForNull() && selection.count() > 0) {
      column.keep(selection, texts);
    }
    for (int i = 0; column.isNumber() && i < ofIntegers.size(); i++) {
      if (selection.count() > 0) {
        selection.keepIn(column.pages(), ColumnBlock.CELLS, ranges(i));
      }
    }
  }

  private long[] ranges(int comparison) {
    return (property.column().isFloat() ? ofFloats : ofIntegers).get(comparison);
  }

  /// The one range in which the numbers of the block must lie, low and high; null if it takes more
  /// to tell.
  long @Nullable [] onlyRange() {
    boolean one = property.column().isNumber() && ofIntegers.size() == 1;
    return one && ranges(0).length == 2 ? ranges(0) : null;
  }

  /// The column of the block that is tested.
  ColumnBlock column() {
    return property.column();
  }

  /// Keeps the rows for which the condition is true.
  ///
  /// @param kept room for a number of each row
  void keep(Batch batch, int[] kept) {
    Vector truths = predicate.evaluateAll(batch);
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      if (truths == null) {
        predicate.evaluate(batch, row);
      }
      boolean holds = truths == null ? predicate.isTrue() : truths.body(row) != 0;
      kept[count] = row;
      count += holds ? 1 : 0;
    }
    batch.select(kept, count);
  }
}
