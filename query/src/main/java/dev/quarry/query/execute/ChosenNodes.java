package dev.quarry.query.execute;

import dev.quarry.graph.record.ColumnBlock;
import dev.quarry.graph.transaction.NodeBlock;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Selection;
import java.util.ArrayList;
import java.util.List;
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
/// tested for rows, behind those that cells tell. No condition fails but an IN without a list: no
/// later one is tested before it. So errors and answers are those of a filter.
final class ChosenNodes {
  private final Operator operator;
  private final Execution execution;
  private final Reading reading;
  private final LogicalPlan.ScanColumns plan;
  private final @Nullable Morsels morsels;
  private final NodeBlock block = new NodeBlock();
  private final Selection selection = new Selection();
  private final long[] bits = new long[Selection.words(Selection.MOST)];
  private final List<Property> properties = new ArrayList<>();
  private final List<ColumnTest> tests = new ArrayList<>();
  private final List<ColumnTest> told = new ArrayList<>();
  private final List<ColumnTest> byRows = new ArrayList<>();
  private final Batch candidates;
  private final long[] ids;
  private final int[] kept;
  private @Nullable NodeScan scan;
  private int withValues;
  private boolean selected;
  private int next;

  /// A property of the current block, looked at when it is asked for.
  final class Property {
    private final String key;
    private final ColumnBlock column = new ColumnBlock();
    private boolean loaded;

    private Property(String key) {
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

  /// @param operator which is about to be opened
  /// @param morsels the pieces that are scanned, one each time; null for all nodes
  ChosenNodes(
      Operator operator, LogicalPlan.ScanColumns plan, int slotCount, @Nullable Morsels morsels) {
    this.operator = operator;
    this.execution = operator.execution;
    this.reading = execution.reading();
    this.plan = plan;
    this.morsels = morsels;
    this.candidates = execution.newBatch(slotCount);
    this.ids = new long[execution.batchRows()];
    this.kept = new int[ids.length];
    plan.conditions().forEach(one -> tests.add(new ColumnTest(operator, one, property(one.key()))));
  }

  /// What looks at a property of the current block.
  Property property(String key) {
    for (Property known : properties) {
      if (known.key.equals(key)) {
        return known;
      }
    }
    Property property = new Property(key);
    properties.add(property);
    return property;
  }

  /// Begins a scan; the label is looked up now (S9).
  void begin() {
    scan = Morsels.begin(morsels, scan, reading, plan.label());
  }

  /// Goes to the next block in which a node may be chosen.
  ///
  /// @return false at the end
  boolean next() {
    NodeScan current = java.util.Objects.requireNonNull(scan);
    while (current.next(block)) {
      execution.pace().bytes(block.size());
      clear();
      if (withValues > 0) {
        return true;
      }
    }
    return false;
  }

  /// Clears the bits of nodes that lack a value, or have one, where they must not.
  private void clear() {
    for (int i = 0; i < properties.size(); i++) {
      properties.get(i).loaded = false;
    }
    System.arraycopy(block.wanted(), 0, bits, 0, bits.length);
    told.clear();
    byRows.clear();
    boolean fails = false;
    for (int i = 0; i < tests.size(); i++) {
      ColumnTest test = tests.get(i);
      fails |= test.fails();
      if (!fails && test.isTold()) {
        test.clear(bits);
        told.add(test);
      } else {
        byRows.add(test);
      }
    }
    withValues = 0;
    for (int i = 0; i < Selection.words(block.size()); i++) {
      withValues += Long.bitCount(bits[i]);
    }
    selected = false;
    next = 0;
  }

  /// Whether [#selection()] tells which nodes are chosen; else some of them are not.
  boolean isSettled() {
    return byRows.isEmpty();
  }

  /// Which slots of the block hold a node that is chosen.
  Selection selection() {
    if (!selected) {
      selected = true;
      selection.begin(bits, block.size());
      for (int i = 0; i < told.size(); i++) {
        told.get(i).keep(selection);
      }
    }
    return selection;
  }

  /// The only condition, where each slot of the block holds a node that has the value; else null.
  @Nullable ColumnTest onlyTest() {
    return withValues == block.size() && tests.size() == 1 && told.size() == 1
        ? told.getFirst()
        : null;
  }

  /// Whether each slot of the block holds a node that is chosen.
  boolean isWhole() {
    return withValues == block.size() && tests.isEmpty();
  }

  /// The block that it is at.
  NodeBlock block() {
    return block;
  }

  /// Slots of the block.
  int size() {
    return block.size();
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
      int found = selection().take(next, block.firstNode(), ids, Math.min(most, ids.length));
      if (found == 0) {
        return 0;
      }
      next = (int) (ids[found - 1] - block.firstNode()) + 1;
      int count = byRows.isEmpty() ? found : keep(found);
      NodeRows.put(reading, nodes, to, ids, count);
      if (count > 0) {
        return count;
      }
    }
  }

  /// Keeps those for which the other conditions are true.
  private int keep(int count) {
    execution.pace().steps(count);
    operator.forgetValues();
    candidates.begin(count);
    NodeRows.put(reading, candidates.vector(plan.slot()), 0, ids, count);
    candidates.size(count);
    byRows.forEach(test -> test.keep(candidates, kept));
    for (int i = 0; i < candidates.size(); i++) {
      ids[i] = candidates.body(plan.slot(), i);
    }
    return candidates.size();
  }
}
