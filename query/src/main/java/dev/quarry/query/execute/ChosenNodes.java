package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.NodeBlock;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.memory.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The nodes of a scan for which conditions on their properties are true, block by block.
///
/// ```text
/// wanted bits ──clear──► bits ──begin──► marks ──keep──► selection ──fill──► nodes
///  live, with            which have      of the         numbers lie          one by one, where a
///  the label             the values      block          in the ranges        condition is by rows
/// ```
///
/// Where the cells of a column do not tell (strings, values of several kinds), the condition is
/// tested for rows, behind those that cells tell; so errors and answers are those of a filter.
final class ChosenNodes {
  private final Operator operator;
  private final Execution execution;
  private final Reading reading;
  private final LogicalPlan.ScanColumns plan;
  private final NodeBlock block = new NodeBlock();
  private final Selection selection = new Selection();
  private final long[] bits = new long[Selection.words(Selection.MOST)];
  private final Map<String, Property> properties = new HashMap<>();
  private final List<ColumnTest> tests = new ArrayList<>();
  private final List<Property> tested = new ArrayList<>();
  private final List<ColumnTest> byRows = new ArrayList<>();
  private final Batch candidates;
  private final long[] ids;
  private final int[] kept;
  private @Nullable NodeScan scan;
  private int next;

  /// A column of the block, loaded when it is asked for.
  final class Property {
    private final String key;
    private final ColumnBlock column = new ColumnBlock();
    private boolean loaded;

    Property(String key) {
      this.key = key;
    }

    ColumnBlock column() {
      if (!loaded) {
        block.load(reading.catalog().key(key), column);
        loaded = true;
      }
      return column;
    }
  }

  ChosenNodes(Operator operator, LogicalPlan.ScanColumns plan, int slotCount) {
    this.operator = operator;
    this.execution = operator.execution;
    this.reading = execution.reading();
    this.plan = plan;
    this.candidates = execution.newBatch(slotCount);
    this.ids = new long[execution.batchRows()];
    this.kept = new int[ids.length];
    for (var condition : plan.conditions()) {
      ColumnTest test = new ColumnTest(operator, condition);
      tests.add(test);
      tested.add(property(test.key()));
    }
  }

  /// What looks at a property of the current block.
  Property property(String key) {
    return properties.computeIfAbsent(key, Property::new);
  }

  /// Begins a scan; the label is looked up now (S9).
  void begin() {
    scan =
        plan.label() == null
            ? reading.scanAll()
            : reading.scan(reading.catalog().label(plan.label()));
  }

  /// Goes to the next block with nodes that may be chosen.
  ///
  /// @return false at the end
  boolean next() {
    NodeScan current = java.util.Objects.requireNonNull(scan);
    while (current.next(block)) {
      execution.pace().bytes(block.size());
      choose();
      if (selection.count() > 0) {
        next = 0;
        return true;
      }
    }
    return false;
  }

  private void choose() {
    properties.values().forEach(property -> property.loaded = false);
    System.arraycopy(block.wanted(), 0, bits, 0, bits.length);
    byRows.clear();
    for (int i = 0; i < tests.size(); i++) {
      ColumnBlock column = tested.get(i).column();
      if (tests.get(i).isTold(column)) {
        tests.get(i).clear(column, bits);
      } else {
        byRows.add(tests.get(i));
      }
    }
    selection.begin(bits, block.size());
    for (int i = 0; i < tests.size(); i++) {
      if (!byRows.contains(tests.get(i))) {
        tests.get(i).keep(tested.get(i).column(), selection);
      }
    }
  }

  /// Whether [#selection()] tells which nodes are chosen; else some of them are not.
  boolean isSettled() {
    return byRows.isEmpty();
  }

  /// Which slots of the block hold a node that is chosen.
  Selection selection() {
    return selection;
  }

  /// Whether a chosen node may lack a property of the block.
  boolean mayLack(ColumnBlock column) {
    for (int i = 0; column.someLacking() && i < bits.length; i++) {
      if ((column.lacking()[i] & bits[i]) != 0) {
        return true;
      }
    }
    return false;
  }

  /// Puts the next chosen nodes of the block.
  ///
  /// @return how many, 0 at its end
  int fill(Vector nodes, int to, int most) {
    while (true) {
      int found = selection.take(next, block.firstNode(), ids, Math.min(most, ids.length));
      if (found == 0) {
        return 0;
      }
      next = (int) (ids[found - 1] - block.firstNode()) + 1;
      int count = byRows.isEmpty() ? found : keep(found);
      putNodes(nodes, to, count);
      if (count > 0) {
        return count;
      }
    }
  }

  private void putNodes(Vector nodes, int to, int count) {
    Slots slots = block.arena().slots();
    for (int i = 0; i < count; i++) {
      int generation = slots.generation(Ids.slot(ids[i]));
      nodes.put(to + i, Cell.head(Cell.NODE, generation), ids[i]);
    }
  }

  /// Keeps those for which all other conditions are true.
  private int keep(int count) {
    execution.pace().steps(count);
    operator.values.reset();
    candidates.begin(count);
    putNodes(candidates.vector(plan.slot()), 0, count);
    candidates.size(count);
    byRows.forEach(test -> test.keep(candidates, kept));
    for (int i = 0; i < candidates.size(); i++) {
      ids[i] = candidates.body(plan.slot(), i);
    }
    return candidates.size();
  }
}
