package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.CellSink;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The nodes that a MERGE of one node can find, by the values of the pattern's keys: made by one
/// scan and kept up to date with what the clause creates.
///
/// ```text
/// state of a group   first entry · last entry
/// entry              next · head · body of the node's cell
/// ```
final class MergeTable {
  private static final int SCANNED = 1024;

  private final Execution execution;
  private final Reading reading;
  private final LogicalPlan.NewNode node;
  private final List<String> keys;
  private final Evaluator[] wanted;
  private final Scratch kept;
  private final Scratch read;
  private final CellSink sink;
  private @Nullable GroupTable groups;
  private long keyCells;

  private MergeTable(Operator operator, LogicalPlan.NewNode node) {
    this.execution = operator.execution;
    this.reading = execution.reading();
    this.node = node;
    Bound properties = Objects.requireNonNull(node.properties());
    Expression.MapLiteral map = (Expression.MapLiteral) properties.expression();
    this.keys = map.keys();
    this.wanted =
        operator.compile(
            map.values().stream().map(value -> new Bound(value, properties.scope())).toList());
    this.kept = execution.newScratch();
    this.read = execution.newScratch();
    this.sink = new CellSink(read);
  }

  /// The table of a pattern that is one node with a label and keys that nothing in the clause
  /// changes; null for any other.
  static @Nullable MergeTable of(Operator operator, LogicalPlan.Merge plan) {
    boolean fits =
        plan.records().size() == 1
            && plan.records().getFirst() instanceof LogicalPlan.NewNode node
            && !node.labels().isEmpty()
            && node.properties() != null
            && node.properties().expression() instanceof Expression.MapLiteral map
            && !map.keys().isEmpty()
            && keeps(plan.onCreate(), map.keys(), node.labels())
            && keeps(plan.onMatch(), map.keys(), node.labels());
    return fits ? new MergeTable(operator, (LogicalPlan.NewNode) plan.records().getFirst()) : null;
  }

  private static boolean keeps(
      List<LogicalPlan.Change> changes, List<String> keys, List<String> labels) {
    return changes.stream()
        .allMatch(
            change ->
                switch (change.kind()) {
                  case PROPERTY -> !keys.contains(change.key());
                  case REPLACE_ALL, ADD_ALL -> false;
                  case ADD_LABELS, REMOVE_LABELS ->
                      change.labels().stream().noneMatch(labels::contains);
                });
  }

  /// Takes all nodes that the pattern may match now.
  void scan() {
    kept.reset();
    groups = new GroupTable(kept, keys.size(), 16);
    keyCells = kept.allocate((long) keys.size() * Cell.BYTES);
    int[] labels = node.labels().stream().mapToInt(reading.catalog()::label).toArray();
    int[] tokens = keys.stream().mapToInt(reading.catalog()::key).toArray();
    NodeScan scan = reading.scan(labels[0]);
    long[] ids = new long[SCANNED];
    for (int count = scan.fill(ids, SCANNED); count > 0; count = scan.fill(ids, SCANNED)) {
      execution.check();
      for (int i = 0; i < count; i++) {
        add(ids[i], labels, tokens);
      }
    }
  }

  private void add(long id, int[] labels, int[] tokens) {
    for (int label : labels) {
      if (!reading.hasLabel(id, label)) {
        return;
      }
    }
    read.reset();
    for (int i = 0; i < tokens.length; i++) {
      reading.property(id, tokens[i], sink);
      if (sink.head() == Cell.NULL) {
        return;
      }
      Cell.put(keyCells + (long) i * Cell.BYTES, sink.head(), sink.body());
    }
    enter(Cell.head(Cell.NODE, reading.generation(id)), id);
  }

  /// Takes the node that was created for a row.
  void add(Batch row) {
    evaluate(row);
    enter(row.head(node.slot(), 0), row.body(node.slot(), 0));
  }

  private void enter(long head, long body) {
    long state = table().find(keyCells);
    long entry = kept.allocate(8 + Cell.BYTES);
    Memory.putLong(entry, 0);
    Cell.put(entry + 8, head, body);
    long last = Memory.getLong(state + 8);
    Memory.putLong(last == 0 ? state : last, entry);
    Memory.putLong(state + 8, entry);
  }

  /// The first entry that matches a row, 0 if there is none.
  long first(Batch row) {
    evaluate(row);
    for (int i = 0; i < wanted.length; i++) {
      long head = wanted[i].head();
      long body = wanted[i].body();
      if (Relations.equal(head, body, head, body) != 1) {
        return 0; // NaN equals nothing
      }
    }
    return Memory.getLong(table().find(keyCells));
  }

  long next(long entry) {
    return Memory.getLong(entry);
  }

  /// Puts the node of an entry into its slot.
  void put(long entry, Batch row) {
    row.putCell(node.slot(), 0, entry + 8);
  }

  private void evaluate(Batch row) {
    for (int i = 0; i < wanted.length; i++) {
      wanted[i].evaluate(row, 0);
      Cell.put(keyCells + (long) i * Cell.BYTES, wanted[i].head(), wanted[i].body());
    }
  }

  private GroupTable table() {
    return Objects.requireNonNull(groups);
  }
}
