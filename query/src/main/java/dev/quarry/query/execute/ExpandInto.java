package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row the relationships between two nodes that are both bound.
///
/// The neighbours of one node are kept as a hash set as long as rows go on with it, which they do
/// below an expansion; so most pairs that are not joined cost one probe.
final class ExpandInto extends FlatMap {
  private static final int SCAN_DEGREE = 8;

  private final Reading reading;
  private final int from;
  private final int relationship;
  private final int to;
  private final Direction direction;
  private final List<String> types;
  private final Scratch set;
  private @Nullable Catalog catalog;
  private @Nullable Expansion expansion;
  private @Nullable Expansion reversed;
  private @Nullable Expansion current;
  private long known = -1;
  private boolean knownIsTo;
  private long knownSteps;
  private long table;
  private long mask;

  ExpandInto(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      int from,
      int relationship,
      int to,
      Direction direction,
      List<String> types) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.from = from;
    this.relationship = relationship;
    this.to = to;
    this.direction = direction;
    this.types = types;
    this.set = execution.newScratch();
  }

  @Override
  void open() {
    super.open();
    known = -1;
  }

  @Override
  boolean begin(Batch batch, int row) {
    boolean nodes =
        Cell.tag(batch.head(from, row)) == Cell.NODE && Cell.tag(batch.head(to, row)) == Cell.NODE;
    if (!nodes) {
      return false;
    }
    refresh();
    long source = batch.body(from, row);
    long target = batch.body(to, row);
    boolean fromKnown = known == source && !knownIsTo;
    boolean toKnown = known == target && knownIsTo;
    if (!fromKnown && !toKnown) {
      if (walksShort(source, target)) {
        return true;
      }
      learn(source, target);
      toKnown = knownIsTo;
    }
    long other = toKnown ? source : target;
    if (table != 0 && !contains(other)) {
      return false;
    }
    walkTheShorter(toKnown, other);
    return true;
  }

  /// Where one of the nodes has few relationships, they are looked at, and nothing is learned: a
  /// row that comes alone, as in MERGE, must not walk the lists of a hub.
  private boolean walksShort(long source, long target) {
    Expansion forth = java.util.Objects.requireNonNull(expansion);
    Expansion back = java.util.Objects.requireNonNull(reversed);
    boolean fromSource = forth.mostSteps(source) <= SCAN_DEGREE;
    if (!fromSource && back.mostSteps(target) > SCAN_DEGREE) {
      return false;
    }
    lastSource = source;
    lastTarget = target;
    current = fromSource ? forth : back;
    current().open(fromSource ? source : target, fromSource ? target : source);
    return true;
  }

  /// The relationship stands in the lists of both nodes; those of one may be much shorter.
  private void walkTheShorter(boolean toKnown, long other) {
    Expansion fromOther = toKnown ? expansion : reversed;
    assert fromOther != null;
    if (fromOther.mostSteps(other) < knownSteps) {
      current = fromOther;
      fromOther.open(other, known);
    } else {
      current = toKnown ? reversed : expansion;
      current().open(known, other);
    }
  }

  private Expansion current() {
    return java.util.Objects.requireNonNull(current);
  }

  private void refresh() {
    if (catalog != reading.catalog() || expansion == null) {
      catalog = reading.catalog();
      int[] tokens = Expand.tokens(types, catalog);
      expansion = execution.newExpansion(direction, tokens);
      reversed = execution.newExpansion(direction.reverse(), tokens);
      known = -1;
    }
  }

  /// Turns to another node: the end that did not change since the last row, as it will stay.
  private void learn(long source, long target) {
    knownIsTo = target == lastTarget && source != lastSource;
    lastSource = source;
    lastTarget = target;
    known = knownIsTo ? target : source;
    Expansion walk = java.util.Objects.requireNonNull(knownIsTo ? reversed : expansion);
    long count = 0;
    walk.open(known);
    while (walk.next()) {
      execution.pace().step();
      count++;
    }
    table = 0;
    knownSteps = count;
    if (count > SCAN_DEGREE) {
      set.reset();
      long slots = Long.highestOneBit(count * 2) * 2;
      mask = slots - 1;
      table = set.allocateZeroed(slots * 8);
      walk.open(known);
      while (walk.next()) {
        execution.pace().step();
        add(walk.neighbour());
      }
    }
  }

  private long lastSource = -1;
  private long lastTarget = -1;

  private void add(long node) {
    long at = Memory.mix(node) & mask;
    while (true) {
      long found = Memory.getLong(table + at * 8);
      if (found == node + 1) {
        return;
      }
      if (found == 0) {
        Memory.putLong(table + at * 8, node + 1);
        return;
      }
      at = at + 1 & mask;
    }
  }

  private boolean contains(long node) {
    long at = Memory.mix(node) & mask;
    while (true) {
      long found = Memory.getLong(table + at * 8);
      if (found == node + 1) {
        return true;
      }
      if (found == 0) {
        return false;
      }
      at = at + 1 & mask;
    }
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    Expansion walk = current();
    execution.pace().step();
    if (!walk.next()) {
      return false;
    }
    into.put(to, toRow, batch.head(to, row), batch.body(to, row));
    if (relationship >= 0) {
      into.put(relationship, toRow, Cell.RELATIONSHIP, Expand.record(walk, reading, values()));
    }
    return true;
  }
}
