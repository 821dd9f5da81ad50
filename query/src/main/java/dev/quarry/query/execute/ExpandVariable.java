package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;

/// For each row the walks from a node, depth first (rule S20): memory follows the depth, and no
/// relationship is used twice in a walk (rule S19).
final class ExpandVariable extends FlatMap {
  private final Reading reading;
  private final LogicalPlan.ExpandVariable plan;
  private final boolean needsList;
  private final RelationshipConditions conditions;
  private final Scratch walk;
  private final List<Expansion> levels = new ArrayList<>();
  private long[] records = new long[16];
  private long[] marks = new long[16];
  private int depth;
  private long start;
  private boolean emitStart;

  ExpandVariable(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.ExpandVariable plan,
      boolean needsList) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.plan = plan;
    this.needsList = needsList;
    this.conditions = new RelationshipConditions(this, plan.keys(), plan.values());
    this.walk = execution.newScratch();
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (Cell.tag(batch.head(plan.from(), row)) != Cell.NODE
        || plan.into() && Cell.tag(batch.head(plan.to(), row)) != Cell.NODE) {
      return false;
    }
    conditions.begin(batch, row);
    walk.reset();
    start = batch.body(plan.from(), row);
    depth = 0;
    emitStart = plan.least() == 0;
    descend(start);
    return true;
  }

  /// Opens the relationships of the node that the walk has reached.
  private void descend(long node) {
    if (plan.most() >= 0 && depth >= plan.most()) {
      return;
    }
    if (levels.size() == depth) {
      int[] tokens = Expand.tokens(plan.types(), reading.catalog());
      Direction direction = plan.direction();
      levels.add(execution.newExpansion(direction, tokens));
    }
    if (records.length == depth) {
      records = java.util.Arrays.copyOf(records, depth * 2);
      marks = java.util.Arrays.copyOf(marks, depth * 2);
    }
    levels.get(depth).open(node);
    depth++;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    if (emitStart) {
      emitStart = false;
      if (ends(batch, row, start)) {
        write(batch, row, into, to, start, 0);
        return true;
      }
    }
    while (depth > 0) {
      Expansion level = levels.get(depth - 1);
      if (records[depth - 1] != 0) {
        walk.release(marks[depth - 1]);
        records[depth - 1] = 0;
      }
      if (!level.next()) {
        depth--;
        continue;
      }
      execution.pace().bytes(depth);
      if (!take(level)) {
        continue;
      }
      int length = depth;
      long node = level.neighbour();
      descend(node);
      if (length >= plan.least() && ends(batch, row, node)) {
        write(batch, row, into, to, node, length);
        return true;
      }
    }
    return false;
  }

  /// Makes the relationship at which a level stands part of the walk, if it may be.
  private boolean take(Expansion level) {
    marks[depth - 1] = walk.mark();
    long record = Expand.record(level, reading, walk);
    for (int i = 0; i < depth - 1; i++) {
      if (Cell.sameRelationship(records[i], record)) {
        walk.release(marks[depth - 1]);
        return false;
      }
    }
    if (!conditions.hold(level)) {
      walk.release(marks[depth - 1]);
      return false;
    }
    records[depth - 1] = record;
    return true;
  }

  private boolean ends(Batch batch, int row, long node) {
    return !plan.into() || batch.body(plan.to(), row) == node;
  }

  private void write(Batch batch, int row, Batch into, int to, long node, int length) {
    into.put(plan.to(), to, Cell.head(Cell.NODE, reading.generation(node)), node);
    if (needsList) {
      execution.pace().bytes((long) length * Cell.RELATIONSHIP_BYTES);
      long cells = values().allocate((long) length * Cell.BYTES);
      for (int i = 0; i < length; i++) {
        long copy = values().allocate(Cell.RELATIONSHIP_BYTES);
        Memory.copy(records[i], copy, Cell.RELATIONSHIP_BYTES);
        long place = plan.reversed() ? length - 1 - i : i;
        Cell.put(cells + place * Cell.BYTES, Cell.RELATIONSHIP, copy);
      }
      into.put(plan.relationships(), to, Cell.listHead(cells, length), cells);
    }
  }
}
