package dev.quarry.query.execute;

import dev.quarry.graph.RelationshipBatch;
import dev.quarry.query.plan.LogicalPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Creates relationships of a CREATE together, where nobody can tell: they have no properties, no
/// slot of theirs is read, and nothing else is created. The clause reads the graph as it was
/// before, so they may wait until its end.
final class RelationshipInserts {
  private final Execution execution;
  private final Map<String, RelationshipBatch> batches = new HashMap<>();

  RelationshipInserts(Execution execution) {
    this.execution = execution;
  }

  /// @param handedOn slots that are read above the clause
  static boolean suits(List<LogicalPlan.NewRecord> records, int[] handedOn) {
    for (LogicalPlan.NewRecord created : records) {
      boolean bare =
          created instanceof LogicalPlan.NewRelationship relationship
              && relationship.properties() == null
              && !contains(handedOn, relationship.slot());
      if (!bare) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(int[] slots, int slot) {
    for (int one : slots) {
      if (one == slot) {
        return true;
      }
    }
    return false;
  }

  void add(String type, long start, long end) {
    batches.computeIfAbsent(type, name -> execution.writer().batch(name)).add(start, end);
    execution.counters().addRelationship(0);
  }

  /// Makes all of them seen.
  void flush() {
    batches.values().forEach(RelationshipBatch::flush);
    batches.clear();
  }
}
