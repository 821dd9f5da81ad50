package dev.quarry.graph.transaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The cursors of a write transaction that are not at their end.
///
/// A cursor shows what there was when it was opened, minus what died since (rule S5). So before a
/// list of relationships changes, the walks over it note the rest of what they have to give, and
/// while nodes are walked new nodes get slots behind the end of the walk.
///
/// It grows with the cursors that are open, not with what they show. Used by the writer's thread.
final class OpenCursors {
  private Map<Long, List<RelationshipWalk>> walks = Map.of(); // until there are some
  private int nodeWalks;

  void opened(RelationshipWalk walk) {
    if (walks.isEmpty()) {
      walks = new HashMap<>();
    }
    walks.computeIfAbsent(walk.node(), node -> new ArrayList<>(1)).add(walk);
  }

  void ended(RelationshipWalk walk) {
    List<RelationshipWalk> ofNode = walks.get(walk.node());
    if (ofNode != null && ofNode.remove(walk) && ofNode.isEmpty()) {
      walks.remove(walk.node());
    }
  }

  void openedNodes() {
    nodeWalks++;
  }

  void endedNodes() {
    nodeWalks--;
    assert nodeWalks >= 0 : nodeWalks;
  }

  /// Whether somebody walks nodes.
  boolean walkNodes() {
    return nodeWalks > 0;
  }

  /// The lists of two nodes are about to change.
  void beforeChange(long source, long target) {
    if (!walks.isEmpty()) {
      keep(source);
      keep(target);
    }
  }

  private void keep(long node) {
    walks.getOrDefault(node, List.of()).forEach(RelationshipWalk::keep);
  }

  /// Addresses are about to be no longer valid.
  void beforeSpill() {
    walks.values().forEach(ofNode -> ofNode.forEach(RelationshipWalk::keep));
  }

  /// Gives back what the cursors hold; the transaction is over.
  void close() {
    if (walks.isEmpty()) {
      return;
    }
    List<RelationshipWalk> left = walks.values().stream().flatMap(List::stream).toList();
    left.forEach(RelationshipWalk::close);
  }
}
