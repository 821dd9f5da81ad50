package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row the relationships of a node, one row each. The lists of many rows are looked up
/// together; where nobody needs the relationships, other ends are taken from them as they lie.
final class Expand extends FlatMap {
  private final Reading reading;
  private final int from;
  private final int relationship;
  private final int to;
  private final Direction direction;
  private final List<String> types;
  private @Nullable Catalog catalog;
  private @Nullable Expansion expansion;
  private final long[] nodes = new long[Expansion.PREPARED];
  private final int batchRows;
  private long[] neighbours = new long[0];
  private int preparedFrom;
  private int preparedEnd;

  /// @param relationship slot, -1 if nobody needs it
  Expand(
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
    this.batchRows = execution.batchRows();
  }

  static int @Nullable [] tokens(List<String> types, Catalog catalog) {
    return types.isEmpty() ? null : types.stream().mapToInt(catalog::type).toArray();
  }

  @Override
  void beginBatch() {
    preparedEnd = 0;
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (Cell.tag(batch.head(from, row)) != Cell.NODE) {
      return false;
    }
    refresh();
    if (row >= preparedEnd) {
      prepare(batch, row);
    }
    expansion().openPrepared(row - preparedFrom);
    return true;
  }

  /// Types are looked up anew where the catalog has changed (rule S9).
  private void refresh() {
    if (expansion == null || catalog != reading.catalog()) {
      catalog = reading.catalog();
      expansion = execution.newExpansion(direction, tokens(types, catalog));
      preparedEnd = 0;
    }
  }

  private Expansion expansion() {
    return java.util.Objects.requireNonNull(expansion);
  }

  /// Looks up the lists of the nodes of this row and those after it together, as long as they lie
  /// in one arena.
  private void prepare(Batch batch, int row) {
    int count = 0;
    int most = Math.min(nodes.length, batch.size() - row);
    long arena = batch.body(from, row) & ~Ids.SLOT_MASK;
    while (count < most && Cell.tag(batch.head(from, row + count)) == Cell.NODE) {
      nodes[count] = batch.body(from, row + count);
      if ((nodes[count] & ~Ids.SLOT_MASK) != arena) {
        break;
      }
      count++;
    }
    expansion().prepare(nodes, 0, count);
    preparedFrom = row;
    preparedEnd = row + count;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int toRow) {
    return produceSome(batch, row, into, toRow, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int toRow, int most) {
    int some = Math.min(most, batchRows);
    if (neighbours.length < some) {
      neighbours = new long[some]; // few rows, as most queries have, need little
    }
    if (relationship >= 0) {
      return produceWithRelationships(into, toRow, some);
    }
    int count = expansion().fill(neighbours, some);
    NodeRows.put(reading, into.vector(to), toRow, neighbours, count);
    return count;
  }

  private int produceWithRelationships(Batch into, int toRow, int most) {
    Expansion current = expansion();
    int count = 0;
    while (count < most && current.next()) {
      neighbours[count] = current.neighbour();
      into.put(relationship, toRow + count, Cell.RELATIONSHIP, record(current, reading, values));
      count++;
    }
    NodeRows.put(reading, into.vector(to), toRow, neighbours, count);
    return count;
  }

  /// Writes what stands for the relationship at which an expansion is.
  static long record(Expansion expansion, Reading reading, Scratch values) {
    long at = values.allocate(Cell.RELATIONSHIP_BYTES);
    long slot = expansion.edgeSlot();
    int type = expansion.type();
    long ordinal = slot < 0 ? expansion.ordinal() : reading.origin(type, slot);
    int generation = ordinal >= 0 ? 0 : reading.edgeGeneration(type, slot);
    Cell.putRelationship(
        at, type, slot, expansion.source(), expansion.target(), ordinal, generation);
    return at;
  }
}
