package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.CellSink;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Scratch;
import java.util.List;

/// The properties that every relationship of a walk must have, as a pattern of variable length
/// says: `-[:T* {since: n.year}]->`.
final class RelationshipConditions {
  private final Reading reading;
  private final List<String> keys;
  private final Evaluator[] wanted;
  private final Scratch ofRow;
  private final Scratch read;
  private final CellSink sink;

  /// @param values what the properties must equal, computed once for a row
  RelationshipConditions(Operator operator, List<String> keys, List<Bound> values) {
    this.reading = operator.execution.reading();
    this.keys = keys;
    this.ofRow = operator.execution.newScratch();
    this.wanted = new Evaluator[values.size()];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = operator.compile(values.get(i), ofRow);
    }
    this.read = operator.execution.newScratch();
    this.sink = new CellSink(read);
  }

  boolean isEmpty() {
    return wanted.length == 0;
  }

  /// Computes what the properties must equal for a row.
  void begin(Batch batch, int row) {
    ofRow.reset();
    for (Evaluator value : wanted) {
      value.evaluate(batch, row);
    }
  }

  /// Whether the relationship at which an expansion is has them all.
  boolean hold(Expansion at) {
    read.reset();
    for (int i = 0; i < wanted.length; i++) {
      int token = reading.catalog().key(keys.get(i));
      reading.property(at.type(), at.edgeSlot(), token, sink);
      if (Relations.equal(sink.head(), sink.body(), wanted[i].head(), wanted[i].body()) != 1) {
        return false;
      }
    }
    return true;
  }
}
