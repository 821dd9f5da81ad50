package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.Seek;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// For each row the records that an index finds.
abstract class Seeking extends FlatMap {
  final Reading reading;
  final int slot;
  private final SoughtRecords records;
  private final @Nullable Bound condition;
  private final int[] rechecked;
  private @Nullable Scratch ofRecheck; // both made when they are needed:
  private @Nullable Evaluator recheck; // most look-ups find what they should

  /// @param rechecked slots of the input that a test of the conditions reads
  Seeking(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      int slot,
      Seek seek,
      boolean ofRelationships,
      int[] rechecked) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.slot = slot;
    this.records = new SoughtRecords(this, seek, ofRelationships);
    this.condition = seek.recheck();
    this.rechecked = rechecked;
  }

  /// Writes a record into its slot.
  abstract void put(long record, Batch into, int to);

  @Override
  void open() {
    records.close();
    super.open();
  }

  @Override
  boolean begin(Batch batch, int row) {
    return records.begin(batch, row);
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    while (records.advance()) {
      if (condition == null || !records.rechecks()) {
        put(records.record(), into, to);
        return true;
      }
      long mark = values().mark();
      put(records.record(), into, to);
      if (passes(condition, batch, row, into, to)) {
        return true;
      }
      values().release(mark);
    }
    return false;
  }

  private boolean passes(Bound bound, Batch batch, int row, Batch into, int to) {
    Scratch scratch = ofRecheck == null ? execution.newScratch() : ofRecheck;
    Evaluator test = recheck == null ? compile(bound, scratch) : recheck;
    ofRecheck = scratch;
    recheck = test;
    scratch.reset();
    into.copyRow(batch, row, to, rechecked);
    test.evaluate(into, to);
    return test.isTrue();
  }

  /// Gives nodes.
  static final class OfNodes extends Seeking {
    OfNodes(
        Execution execution,
        Operator input,
        int[] carried,
        int slotCount,
        int slot,
        Seek seek,
        int[] rechecked) {
      super(execution, input, carried, slotCount, slot, seek, false, rechecked);
    }

    @Override
    void put(long record, Batch into, int to) {
      into.put(slot, to, Cell.head(Cell.NODE, reading.generation(record)), record);
    }
  }

  /// Gives relationships.
  static final class OfRelationships extends Seeking {
    private final String type;

    OfRelationships(
        Execution execution,
        Operator input,
        int[] carried,
        int slotCount,
        int slot,
        Seek seek,
        int[] rechecked) {
      super(execution, input, carried, slotCount, slot, seek, true, rechecked);
      this.type = seek.labelOrType();
    }

    @Override
    void put(long record, Batch into, int to) {
      int token = reading.catalog().type(type);
      long ordinal = reading.origin(token, record);
      int generation = ordinal >= 0 ? 0 : reading.edgeGeneration(token, record);
      long at = values().allocate(Cell.RELATIONSHIP_BYTES);
      Cell.putRelationship(
          at,
          token,
          record,
          reading.source(token, record),
          reading.target(token, record),
          ordinal,
          generation);
      into.put(slot, to, Cell.RELATIONSHIP, at);
    }
  }
}
