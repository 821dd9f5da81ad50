package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.query.plan.ColumnCondition;
import dev.quarry.query.plan.Function;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Selection;
import dev.quarry.storage.memory.Weights;
import org.jspecify.annotations.Nullable;

/// One aggregate over the chosen nodes of blocks: of nodes, or of one of their properties.
final class BlockAggregate {
  private final Function function;
  private final ChosenNodes chosen;
  private final ChosenNodes.@Nullable Property property;
  private final Selection having = new Selection();
  private final long[] halves = new long[2];
  private @Nullable Weights havingNumbers;

  private BlockAggregate(
      Function function, ChosenNodes chosen, ChosenNodes.@Nullable Property property) {
    this.function = function;
    this.chosen = chosen;
    this.property = property;
  }

  /// @param slot where rows have the node
  static BlockAggregate of(LogicalPlan.Aggregation aggregation, int slot, ChosenNodes chosen) {
    String key =
        aggregation.argument() == null ? null : ColumnCondition.key(aggregation.argument(), slot);
    return new BlockAggregate(
        aggregation.function(), chosen, key == null ? null : chosen.property(key));
  }

  /// Whether the cells of the block tell all that is to be added, and it can be added to a state.
  boolean isTold(long state) {
    if (property == null) {
      return true;
    }
    ColumnBlock column = property.column();
    boolean numbers = column.tag() == null || column.isNumber() && takesNumbers(state);
    return !column.isMixed() && (function == Function.COUNT || numbers);
  }

  private boolean takesNumbers(long state) {
    return function == Function.MIN || function == Function.MAX || Sums.takesNumbers(state);
  }

  /// What the aggregate takes of the block, if it is the sum, the average or the count of integers
  /// that all its nodes have; else null.
  @Nullable ColumnBlock integers() {
    if (property == null || function == Function.MIN || function == Function.MAX) {
      return null;
    }
    ColumnBlock column = property.column();
    return column.isNumber() && !column.isFloat() && !column.someLacking() ? column : null;
  }

  /// Adds so many nodes, with integers whose sum is `low + 2^32 * high` if it takes any.
  void add(long state, int count, long low, long high) {
    if (property == null || function == Function.COUNT) {
      Accumulator.addCount(state, count);
    } else if (count > 0) {
      Sums.addIntegers(state, count, low, high);
    }
  }

  /// Whether it only counts nodes.
  boolean countsNodes() {
    return property == null;
  }

  /// Adds the block.
  void add(long state) {
    if (property == null) {
      Accumulator.addCount(state, chosen.selection().count());
      return;
    }
    ColumnBlock column = property.column();
    Selection selection = having(column);
    if (function == Function.COUNT) {
      Accumulator.addCount(state, selection.count());
    } else if (column.tag() != null && selection.count() > 0) {
      add(state, selection, column);
    }
  }

  /// The chosen nodes that have the property.
  private Selection having(ColumnBlock column) {
    if (!chosen.mayLack(column)) {
      return chosen.selection();
    }
    having.begin(chosen.selection());
    having.drop(column.lacking());
    return having;
  }

  /// Adds the block, each node as often as it counts.
  ///
  /// @param weights 0 for nodes that are not chosen
  void add(long state, Weights weights) {
    if (property == null) {
      Accumulator.addCount(state, weights.sum());
      return;
    }
    ColumnBlock column = property.column();
    Weights numbers = having(column, weights);
    long count = numbers.sum();
    if (function == Function.COUNT) {
      Accumulator.addCount(state, count);
    } else if (column.tag() == null || count == 0) {
      return;
    } else if (function == Function.MIN || function == Function.MAX) {
      having.begin(chosen.selection());
      having.keep(numbers);
      addExtreme(state, having, column);
    } else if (column.isFloat()) {
      double sum = numbers.addFloats(column.pages(), ColumnBlock.CELLS, Sums.floats(state));
      Sums.putFloats(state, count, sum);
    } else {
      halves[0] = 0;
      halves[1] = 0;
      numbers.addProducts(column.pages(), ColumnBlock.CELLS, halves);
      Sums.addIntegers(state, count, halves);
    }
  }

  /// The numbers of nodes that have the property.
  private Weights having(ColumnBlock column, Weights weights) {
    if (!column.someLacking()) {
      return weights;
    }
    Weights numbers = havingNumbers == null ? new Weights() : havingNumbers;
    havingNumbers = numbers;
    numbers.begin(weights, column.lacking());
    return numbers;
  }

  private void addExtreme(long state, Selection selection, ColumnBlock column) {
    boolean floats = column.isFloat();
    long[] pages = column.pages();
    int best = selection.extreme(pages, ColumnBlock.CELLS, floats, function == Function.MAX);
    long cell = pages[best / ColumnBlock.CELLS] + best % ColumnBlock.CELLS * 8L;
    int tag = floats ? Cell.FLOAT : Cell.INTEGER;
    Accumulator.addExtreme(function, state, tag, Memory.getLong(cell));
  }

  private void add(long state, Selection selection, ColumnBlock column) {
    long[] pages = column.pages();
    if (function == Function.MIN || function == Function.MAX) {
      addExtreme(state, selection, column);
    } else if (column.isFloat()) {
      double sum = selection.addFloats(pages, ColumnBlock.CELLS, Sums.floats(state));
      Sums.putFloats(state, selection.count(), sum);
    } else {
      halves[0] = 0;
      halves[1] = 0;
      selection.addIntegers(pages, ColumnBlock.CELLS, halves);
      Sums.addIntegers(state, selection.count(), halves[0], halves[1]);
    }
  }
}
