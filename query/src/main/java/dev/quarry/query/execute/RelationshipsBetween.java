package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.query.plan.LogicalPlan;
import java.util.List;

/// How many relationships there are between two nodes, for one pair after the other. Asks the node
/// that stayed since the pair before, as it may have marked its neighbours by now
/// ([IntersectSide]).
final class RelationshipsBetween {
  private final Execution execution;
  private final IntersectSide forth;
  private final IntersectSide back;
  private long lastTo = -1;

  /// @param types names; empty for all
  RelationshipsBetween(Execution execution, Direction direction, List<String> types) {
    this.execution = execution;
    this.forth = side(execution, direction, types);
    this.back = side(execution, direction.reverse(), types);
  }

  private static IntersectSide side(Execution execution, Direction direction, List<String> types) {
    return new IntersectSide(
        execution, new LogicalPlan.Intersect.Side(-1, -1, direction, types), -1);
  }

  /// Looks types up anew (rule S9).
  void refresh(Catalog catalog) {
    forth.refresh(catalog);
    back.refresh(catalog);
  }

  /// Forgets the nodes, since their lists may have changed.
  void forget() {
    forth.forget();
    back.forget();
    lastTo = -1;
  }

  /// How many lead from one node to another.
  long count(long from, long to) {
    boolean toStays = to == lastTo && from != forth.node();
    lastTo = to;
    IntersectSide side = toStays ? back : forth;
    if (side.turnTo(toStays ? to : from) == 0) {
      return 0;
    }
    side.prepare(1, execution.pace());
    return side.ways(toStays ? from : to);
  }
}
